"""Quick impact projects, which are plans, at any point of their life."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.joint_plans.models import Funding, Instalment, JointPlan, MonitoringVisit, Project
from apps.joint_plans.projects import services
from apps.joint_plans.projects.rules import criteria_of
from tests.factories.canary import canary
from tests.factories.plans import answer, now, plan_file, take, today
from tests.factories.staff import Staff

#: Post that answers -> as what its organisation takes part; the CMCoord officer checks for duplication.
TAKE_PART = {"req": "contributor", "unit": "contributor", "cmc": "informed"}


def project_file(
    staff: Staff,
    *,
    built: str = "school",
    asked: str = "40000",
    opens_to: str = "all",
    answers: bool = True,
    **changes: Any,
) -> JointPlan:
    """A draft of a project that is complete enough to circulate and, once it is checked, to be put forward."""
    values: dict[str, Any] = {
        "kind": "qip", "parts": TAKE_PART, "starts_on": today() + timedelta(days=10),
        "ends_on": today() + timedelta(days=60), "sector": staff.sector,
    }  # fmt: skip
    plan = plan_file(staff, **values | changes)
    with staff.acting("cim") as actor:
        Project.objects.create(
            plan=plan, dual_use=built, works_type=canary("works"), place=canary("place"), beneficiaries=900,
            do_no_harm=canary("harm"), sustainability=canary("keeps"),
        )  # fmt: skip
        Funding.objects.create(
            plan=plan, amount_asked=Decimal(asked), opens_to=opens_to, partner=staff.organisations["other_ngo"],
            partner_name=canary("partner"),
        )  # fmt: skip
        for number, amount in ((1, "20000"), (2, "20000")):
            Instalment.objects.create(
                plan=plan, number=number, amount=Decimal(amount), condition=canary("condition")
            )
        if answers:
            said = {each.pk: ("yes", canary("why")) for each in criteria_of(plan)}
            services.criteria_answer(actor, plan=plan, said=said)
        return now(plan)


def consulted(staff: Staff, **changes: Any) -> JointPlan:
    """One with which all concur, not checked for duplication."""
    plan = take(staff, project_file(staff, **changes), "cim", "circulate")
    for post in ("req", "unit"):
        answer(staff, plan, post)
    with staff.acting("cim"):
        return now(plan)


def check(staff: Staff, plan: JointPlan, by: str = "cmc", result: str = "none") -> JointPlan:
    """Somebody says whether others do the same."""
    return take(staff, plan, by, "check_duplication", result=result, looked_at=canary("looked"))


def before_committee(staff: Staff, *, result: str = "none", **changes: Any) -> JointPlan:
    """One that the review committee decides on."""
    return take(staff, check(staff, consulted(staff, **changes), result=result), "cim", "put_forward")


def approved(staff: Staff, *, amount: str = "40000", **changes: Any) -> JointPlan:
    """One that is endorsed."""
    return take(staff, before_committee(staff, **changes), "dec", "endorse", amount_approved=Decimal(amount))


def running(staff: Staff, **changes: Any) -> JointPlan:
    """One that is carried out."""
    return take(staff, approved(staff, **changes), "cim", "activate")


def pay(staff: Staff, plan: JointPlan, number: int, on: date | None = None) -> None:
    """Note a payment as whoever keeps the plan."""
    with staff.acting("cim") as actor:
        row = Instalment.objects.select_related("plan__mission").get(plan=plan, number=number)
        services.instalment_pay(actor, instalment=row, on=on or today(), reference=canary("receipt"))


def visit(staff: Staff, plan: JointPlan, by: str = "unit", on: date | None = None) -> MonitoringVisit:
    """Somebody was there."""
    with staff.acting(by) as actor:
        row = MonitoringVisit(plan=now(plan), on=on or today(), percent=40, finding=canary("finding"))
        return services.visit_add(actor, visit=row)
