"""Assumptions that trip: a record that ends otherwise, a day that passes, a review that is due. The clock reopens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.action_points.models import ActionPoint
from apps.joint_plans import parts, rules
from apps.joint_plans.models import Activity, Assumption, JointPlan
from apps.joint_plans.watching import broken_in
from apps.need_to_know.acting import acting_as_clock
from apps.notifications.models import Notification
from apps.notifications.relay import relay_drain
from apps.records.errors import Incomplete, NotPermitted
from apps.records.models import Event, Record
from apps.records.services import record_file
from apps.records.transitions import refusals, transition
from tests.factories.canary import canary
from tests.factories.plans import answer, assumption_make, endorsed, now, plan_file, take, today
from tests.factories.staff import Staff


def clock_takes(plan: JointPlan) -> JointPlan:
    """Let the portal's clock take the step that is due on the plan; the plan as the clock reads it."""
    with acting_as_clock(plan.pk) as actor:
        found = now(plan)
        assert found.auto_at is not None
        assert found.auto_step
        transition(actor, record=found, name=found.auto_step)
        return now(plan)


def point_open(staff: Staff, by: str = "cim") -> ActionPoint:
    """An action point of `by`, open."""
    with staff.acting(by) as actor:
        point: ActionPoint = record_file(
            actor,
            record=ActionPoint(
                title=canary("point"), owner=staff.positions["unit"], verifier=staff.positions["joc"], priority=2,
                needed_by=plan_due(), scope="organisation",
            ),
        )  # fmt: skip
        transition(actor, record=point, name="open")
        return point


def plan_due() -> Any:
    """A moment ahead."""
    from django.utils import timezone

    return timezone.now() + timedelta(days=5)


def ended(staff: Staff, point: ActionPoint, by: str = "cim") -> None:
    """It ends otherwise than was meant."""
    with staff.acting(by) as actor:
        transition(actor, record=ActionPoint.objects.get(pk=point.pk), name="cancel", note="It is not needed")


def resting_on(staff: Staff, point: ActionPoint, **more: Any) -> JointPlan:
    """An endorsed plan of which an assumption rests on the action point."""
    plan = plan_file(staff)
    with staff.acting("cim"):
        record = Record.objects.get(pk=point.pk)
        assumption_make(
            staff, plan, watched=record.uuid, watch="fails", breaks_in=broken_in(record, "fails"), **more
        )
    plan = take(staff, plan, "cim", "circulate")
    for post in ("req", "unit"):
        answer(staff, plan, post)
    plan = take(staff, plan, "cim", "put_forward")
    return take(staff, plan, "dec", "endorse")


def test_a_record_that_ends_otherwise_reopens_the_plan(staff: Staff) -> None:
    point = point_open(staff)
    plan = resting_on(staff, point)
    assert plan.auto_step == "begin"
    ended(staff, point)
    with staff.acting("cim"):
        assert now(plan).auto_step == "trip"
    plan = clock_takes(plan)
    assert plan.state == "under_review"
    relay_drain()
    for post in ("req", "unit", "cim"):
        with staff.acting(post):
            assert Notification.objects.filter(record_id=plan.pk, event__verb="joint_plan.trip").exists(), (
                post
            )
    with staff.acting("cim"):
        assert [p.assumption.assumed for p in rules.tripped(plan)] == ["tripped"]


def test_what_ends_well_trips_nothing(staff: Staff) -> None:
    point = point_open(staff)
    plan = resting_on(staff, point)
    for by, name in (("unit", "claim"), ("joc", "verify")):
        with staff.acting(by) as actor:
            transition(actor, record=ActionPoint.objects.get(pk=point.pk), name=name, note="Done")
    with staff.acting("cim"):
        assert now(plan).auto_step == "begin"
        assert Assumption.objects.get(plan=plan).assumed == "holds"


def test_whoever_moved_the_record_learns_nothing_of_the_plan(staff: Staff) -> None:
    """The plan is hidden from them; what they can read is the same with it and without it."""
    point = point_open(staff, by="cmc")
    with staff.acting("cmc") as actor:
        from apps.need_to_know.grants import grant_give

        grant_give(
            actor, record=Record.objects.get(pk=point.pk), to=staff.positions["cim"], reason="They plan on it"
        )
    plan = resting_on(staff, point)
    with staff.acting("cmc"):
        before = Record.objects.count(), Event.objects.count()
        assert not Record.objects.filter(pk=plan.pk).exists()
    ended(staff, point, by="cmc")
    with staff.acting("cmc"):
        assert Record.objects.count() == before[0]
        assert not Event.objects.filter(record_id=plan.pk).exists()
    assert clock_takes(plan).state == "under_review"


def test_a_tripped_part_that_is_not_theirs_is_not_named_to_a_contributor(staff: Staff) -> None:
    point = point_open(staff)
    plan = resting_on(staff, point, opens_to="planners")
    ended(staff, point)
    clock_takes(plan)
    with staff.acting("req"):
        assert rules.tripped(now(plan)) == []
        assert not Assumption.objects.filter(plan=plan).exists()


def test_a_day_that_passes_reopens_the_plan(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_file(staff, starts_on=today() - timedelta(days=3))
    with staff.acting("cim"):
        assumption_make(staff, plan, holds_until=today() - timedelta(days=1))
    plan = take(staff, plan, "cim", "circulate")
    for post in ("req", "unit"):
        answer(staff, plan, post)
    take(staff, plan, "cim", "put_forward")
    plan = take(staff, plan, "dec", "endorse")
    plan = clock_takes(plan)
    if plan.state == "active":
        plan = clock_takes(plan)
    assert plan.state == "under_review"
    with staff.acting("cim"):
        assert len(rules.tripped(plan)) == 1


def test_a_review_ends_when_every_assumption_is_settled(staff: Staff) -> None:
    point = point_open(staff)
    plan = resting_on(staff, point)
    ended(staff, point)
    clock_takes(plan)
    for name in ("keep", "revise"):
        with pytest.raises(Incomplete):
            take(staff, plan, "cim", name, note="It holds all the same")
    with staff.acting("cim") as actor:
        part: Any = Assumption.objects.get(plan=plan)
        parts.part_change(
            actor, part=part, base=parts.values_of(part, ["assumed"]), mine={"assumed": "dropped"}
        )
        assert not rules.pending(now(plan)), "what becomes of an assumption is no change of the plan"
    plan = take(
        staff, plan, "cim", "keep", note="The other road is open", review_on=today() + timedelta(days=30)
    )
    assert (plan.state, plan.auto_step) == ("active", "trip")


def test_a_revised_plan_asks_again(staff: Staff) -> None:
    plan = take(staff, endorsed(staff), "cim", "review", note="The river has risen")
    with staff.acting("cim"):
        part = Activity.objects.get(plan=plan)
        part.needs = "Boats"
        part.save()
    plan = take(staff, plan, "cim", "revise", changes="By boat")
    assert (plan.state, plan.edition) == ("consultation", 2)
    with staff.acting("cim"):
        assert len(rules.awaited(plan)) == 2


def test_nobody_says_by_hand_in_the_database_that_it_holds_once_agreed(staff: Staff) -> None:
    point = point_open(staff)
    plan = resting_on(staff, point)
    with staff.acting("cim"), pytest.raises(NotPermitted), refusals():
        Assumption.objects.filter(of_plan=plan).update(assumed="dropped")
