"""Reminders, overdue, and up the chain of command: by the due moment, for whoever owns it now, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.action_points.models import ActionPoint
from apps.mission.models import Position
from apps.need_to_know.checking import content_differences
from apps.notifications import herald
from apps.notifications.relay import relay_drain
from apps.notifications.vocabulary import Reason
from tests.cast.rows import door
from tests.factories.action_points import opened, take
from tests.factories.staff import Staff, staff_make
from tests.unit.notifications.conftest import messages, told

Passing = Callable[[ActionPoint, timedelta], None]
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def staff(committed_db_module: str) -> Staff:
    """A mission in a database of its own, where the past can be written; two stand above the unit."""
    made = staff_make("acting")
    chief, head = made.post("chief", "contingent"), made.post("head", "force")
    for name in ("unit", "unit_other"):
        Position.objects.filter(pk=made.positions[name].pk).update(reports_to=chief)
    Position.objects.filter(pk=chief.pk).update(reports_to=head)
    return made


@pytest.fixture
def let_pass(committed_db_module: str, database_url: Callable[..., str]) -> Passing:
    """Let time pass on its clocks: their moments move back."""

    def move(point: ActionPoint, by: timedelta) -> None:
        with door(database_url(committed_db_module, "")) as cursor:
            cursor.execute(
                "UPDATE notifications_waits SET moments = ARRAY(SELECT m - %(by)s FROM unnest(moments) m),"
                " next_at = next_at - %(by)s WHERE record_id = %(pk)s",
                {"by": by, "pk": point.pk},
            )

    return move


def ring() -> int:
    """Let the clocks ring and tell it; how many rang."""
    rung = herald.tick()
    relay_drain()
    return rung


def verbs(staff: Staff, name: str, point: ActionPoint, *, reason: Reason | None = None) -> list[str]:
    """What the holder of a post was told of it, by its step or clock."""
    found = told(staff, name, record_id=point.pk, **({} if reason is None else {"reason": reason}))
    with staff.acting(name):
        return [each.event.verb.partition(".")[2] for each in found if each.event]


def given(staff: Staff, **changes: object) -> ActionPoint:
    """One that is due in four days, read by the whole mission; its owner has been told."""
    point = opened(staff, scope="mission", **changes)  # type: ignore[arg-type]
    relay_drain()
    return point


def test_its_owner_is_reminded_then_late_then_those_above_level_by_level(
    staff: Staff, let_pass: Passing
) -> None:
    point = given(staff)
    assert verbs(staff, "unit", point, reason=Reason.NEEDS_ME) == ["open"]
    assert ring() == 0
    let_pass(point, 3 * DAY + timedelta(minutes=1))  # a quarter of four days is left
    assert ring() == 1
    assert ring() == 0
    assert verbs(staff, "unit", point)[-1] == "reminder"
    assert "reminder" not in verbs(staff, "cim", point)
    let_pass(point, DAY)
    assert ring() == 1
    assert verbs(staff, "unit", point)[-1] == verbs(staff, "cim", point)[-1] == "overdue"
    assert verbs(staff, "chief", point) == []
    let_pass(point, 2 * DAY)
    assert ring() == 1
    assert (verbs(staff, "chief", point), verbs(staff, "head", point)) == (["escalated"], [])
    let_pass(point, 2 * DAY)
    assert ring() == 1
    assert (verbs(staff, "chief", point), verbs(staff, "head", point)) == (["escalated"], ["escalated"])
    assert verbs(staff, "unit", point) == ["open", "reminder", "overdue", "escalated", "escalated"]


def test_a_later_due_moment_moves_its_clock(staff: Staff, let_pass: Passing) -> None:
    point = given(staff)
    let_pass(point, 5 * DAY)
    assert ring() == 1
    assert verbs(staff, "unit", point)[-1] == "overdue"
    point = take(staff, point, "cim", "extend", due=timezone.now() + 10 * DAY)
    relay_drain()
    assert content_differences() == []
    assert ring() == 0
    # It is no new work, but its owner hears of it.
    assert verbs(staff, "unit", point, reason=Reason.NEEDS_ME) == ["open", "overdue"]
    assert verbs(staff, "unit", point)[-1] == "extend"
    let_pass(point, 8 * DAY)
    assert ring() == 1
    assert verbs(staff, "unit", point)[-1] == "reminder"
    let_pass(point, 3 * DAY)
    assert ring() == 1
    assert verbs(staff, "unit", point).count("overdue") == 2


def test_what_was_given_to_somebody_else_is_theirs(staff: Staff, let_pass: Passing) -> None:
    point = given(staff)
    point = take(staff, point, "cim", "reassign", owner=staff.positions["unit_other"])
    relay_drain()
    assert verbs(staff, "unit_other", point, reason=Reason.NEEDS_ME) == ["reassign"]
    let_pass(point, 4 * DAY + timedelta(minutes=1))
    assert ring() == 1
    assert verbs(staff, "unit_other", point)[-1] == "overdue"
    assert verbs(staff, "unit", point) == ["open", "reassign"]
    # Late already, it goes to a third: told at once that it is late, and up the chain only after a while of their own.
    point = take(staff, point, "cim", "reassign", owner=staff.positions["sec"], due=timezone.now() + DAY)
    relay_drain()
    assert verbs(staff, "sec", point) == ["reassign"]
    assert ring() == 0


def test_what_came_back_late_goes_up_the_chain_from_then_on(
    staff: Staff, committed_db_module: str, database_url: Callable[..., str]
) -> None:
    point = given(staff)
    point = take(staff, point, "unit", "claim")
    with door(database_url(committed_db_module, ""), staff.people["cim"].pk, staff.mission.pk) as cursor:
        cursor.execute(
            "UPDATE records_record SET needed_by = now() - interval '30 days' WHERE id = %s", [point.pk]
        )
    point = take(staff, point, "cim", "return")
    relay_drain()
    assert ring() == 1
    assert verbs(staff, "unit", point)[-1] == "overdue"
    assert verbs(staff, "chief", point) == verbs(staff, "head", point) == []


def test_said_to_be_done_it_waits_for_whoever_verifies_it(staff: Staff, let_pass: Passing) -> None:
    point = given(staff, verifier=staff.positions["joc"])
    point = take(staff, point, "unit", "claim")
    relay_drain()
    assert verbs(staff, "joc", point, reason=Reason.NEEDS_ME) == ["claim"]
    let_pass(point, timedelta(hours=121))
    assert ring() == 1
    assert verbs(staff, "joc", point)[-1] == "overdue"
    assert "overdue" not in verbs(staff, "unit", point)
    point = take(staff, point, "joc", "verify")
    relay_drain()
    assert verbs(staff, "unit", point)[-1] == "verify"
    let_pass(point, 90 * DAY)
    assert ring() == 0


@pytest.mark.parametrize("by_then", ["claim", "cancel"])
def test_what_was_done_in_time_is_not_told_late(staff: Staff, let_pass: Passing, by_then: str) -> None:
    point = given(staff)
    take(staff, point, "unit" if by_then == "claim" else "cim", by_then)
    let_pass(point, 4 * DAY + timedelta(minutes=1))  # the old clock rings before the step was told
    herald.tick()
    relay_drain()
    assert not {"reminder", "overdue", "escalated"} & set(verbs(staff, "unit", point))


def test_after_a_long_stop_everybody_whose_turn_came_is_told_once(staff: Staff, let_pass: Passing) -> None:
    """One thing is told and not five; but nobody in the chain is passed over, and the owner is mailed."""
    point = given(staff)
    let_pass(point, 30 * DAY)
    assert ring() == 1
    for name in ("chief", "head"):
        assert verbs(staff, name, point, reason=Reason.NEEDS_ME) == ["escalated"]
    assert verbs(staff, "unit", point, reason=Reason.NEEDS_ME) == ["open", "escalated"]
    last = told(staff, "unit", record_id=point.pk)[-1]
    assert messages(staff, "unit", notification=last, channel="email")
    assert ring() == 0


def test_need_to_know_goes_before_the_chain_of_command(staff: Staff, let_pass: Passing) -> None:
    point = opened(staff, scope="private")
    relay_drain()
    let_pass(point, 30 * DAY)
    assert ring() == 1
    assert verbs(staff, "unit", point)[-1] == "escalated"
    assert verbs(staff, "chief", point) == verbs(staff, "head", point) == []
