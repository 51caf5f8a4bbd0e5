"""Joint plans at any point of their life, with parts and contributors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from apps.joint_plans.models import (
    Activity,
    Assumption,
    Contributor,
    DecisionPoint,
    Indicator,
    JointPlan,
    Part,
    Risk,
)
from apps.joint_plans.vocabulary import PartKind
from apps.records.services import record_file
from apps.records.transitions import transition
from tests.factories.canary import canary
from tests.factories.staff import Staff

#: Post that answers -> as what its organisation takes part.
TAKE_PART: Mapping[str, str] = {"req": "contributor", "unit": "contributor", "clu": "informed"}


def today() -> date:
    """The day it is."""
    return timezone.now().date()


def plan_file(
    staff: Staff, *, by: str = "cim", parts: Mapping[str, str] = TAKE_PART, **changes: Any
) -> JointPlan:
    """A draft that is complete enough to circulate: an objective, an activity, contributors."""
    values: dict[str, Any] = {
        "title": canary("plan"), "kind": "return", "purpose": canary("purpose"), "scope": "organisation",
        "starts_on": today() + timedelta(days=10), "ends_on": today() + timedelta(days=100), "area": staff.area,
    }  # fmt: skip
    with staff.acting(by) as actor:
        plan: JointPlan = record_file(actor, record=JointPlan(**values | changes))
        for post, standing in parts.items():
            Contributor.objects.create(
                plan=plan, organisation=staff.positions[post].organisation, position=staff.positions[post],
                standing=standing,
            )  # fmt: skip
        part_make(staff, plan, PartKind.OBJECTIVE)
        activity_make(staff, plan)
        return now(plan)


def part_make(staff: Staff, plan: JointPlan, kind: str, **values: Any) -> Part:
    """A part without details of its own; call it while acting."""
    said = {"title": canary(kind), "details": canary("details")} | values
    return Part.objects.create(plan=plan, kind=kind, **said)


def activity_make(staff: Staff, plan: JointPlan, **values: Any) -> Activity:
    """An activity that the contingent leads; call it while acting."""
    said: dict[str, Any] = {
        "title": canary("activity"), "details": canary("details"), "lead": staff.organisations["contingent"],
        "area": staff.area, "sector": staff.sector, "starts_on": plan.starts_on, "ends_on": plan.ends_on,
        "needs": canary("needs"),
    }  # fmt: skip
    return Activity.objects.create(plan=plan, of_plan=plan, kind=PartKind.ACTIVITY, **said | values)


def assumption_make(staff: Staff, plan: JointPlan, **values: Any) -> Assumption:
    """An assumption; call it while acting."""
    said: dict[str, Any] = {"title": canary("assumption"), "then": canary("then")}
    return Assumption.objects.create(plan=plan, of_plan=plan, kind=PartKind.ASSUMPTION, **said | values)


def of_every_kind(staff: Staff, plan: JointPlan) -> dict[str, Part]:
    """A part of each kind, with details; they rest on another plan and on an objective."""
    other = plan_file(staff, title="Another plan")
    with staff.acting("cim"):
        objective = Part.objects.filter(plan=plan, kind=PartKind.OBJECTIVE)[0]
        found: dict[str, Part] = {"objective": objective}
        for kind in (PartKind.INSTRUCTION, PartKind.ANNEX):
            found[kind.value] = part_make(staff, plan, kind)
        found["activity"] = activity_make(
            staff, plan, objective=objective, supports=[staff.organisations["ngo"].pk]
        )
        found["assumption"] = assumption_make(
            staff, plan, watched=other.uuid, watch="ends", breaks_in=["archived"],
            holds_until=today() + timedelta(days=50),
        )  # fmt: skip
        found["decision_point"] = DecisionPoint.objects.create(
            plan=plan, of_plan=plan, kind="decision_point", title="Go on", decider=staff.positions["dec"]
        )
        found["risk"] = Risk.objects.create(
            plan=plan, of_plan=plan, kind="risk", title="Rain", likelihood=4, impact=3,
            owner=staff.positions["cim"],
        )  # fmt: skip
        found["indicator"] = Indicator.objects.create(
            plan=plan, of_plan=plan, kind="indicator", title="Families back", objective=objective, unit="families",
            baseline=0, target=300,
        )  # fmt: skip
    return found


def now(plan: JointPlan) -> JointPlan:
    """The plan as the database has it; call it while acting."""
    return JointPlan.objects.get(pk=plan.pk)


def take(staff: Staff, plan: JointPlan, by: str, name: str, note: str = "", **data: Any) -> JointPlan:
    """Take a step as the holder of a post."""
    with staff.acting(by) as actor:
        transition(actor, record=now(plan), name=name, data={"note": note, **data}, note=note)
        return now(plan)


def circulated(staff: Staff, **changes: Any) -> JointPlan:
    """One whose contributors are asked about version 1."""
    return take(staff, plan_file(staff, **changes), "cim", "circulate")


def answer(staff: Staff, plan: JointPlan, by: str, said: str = "concur", comment: str = "") -> JointPlan:
    """Say for a post's organisation whether it concurs with the version that circulates."""
    with staff.acting(by):
        row = Contributor.objects.get(plan=plan, position=staff.positions[by])
        number = now(plan).edition
    return take(
        staff, plan, by, "answer", contributor=str(row.uuid), number=number, answer=said,
        comment=comment or ("" if said == "concur" else canary("comment")),
    )  # fmt: skip


def agreed(staff: Staff, **changes: Any) -> JointPlan:
    """One with which all concur."""
    plan = circulated(staff, **changes)
    for post in ("req", "unit"):
        answer(staff, plan, post)
    with staff.acting("cim"):
        return now(plan)


def endorsed(staff: Staff, **changes: Any) -> JointPlan:
    """One that was endorsed, and begins in ten days."""
    plan = take(staff, agreed(staff, **changes), "cim", "put_forward")
    return take(staff, plan, "dec", "endorse")


def active(staff: Staff, **changes: Any) -> JointPlan:
    """One that is carried out."""
    return take(staff, endorsed(staff, **changes), "cim", "activate")


def completed(staff: Staff, **changes: Any) -> JointPlan:
    """One that was carried out; its after-action review is awaited."""
    return take(staff, active(staff, **changes), "cim", "complete", note="Reached")
