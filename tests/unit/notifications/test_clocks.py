"""Clocks of what waits: the reminder, the due moment, the chain of command; late when nothing ran, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.need_to_know.access_requests import access_ask, access_withdraw
from apps.need_to_know.checking import content_differences
from apps.notifications import clocks, herald
from apps.notifications.models import ClockRule
from apps.notifications.relay import relay_drain
from apps.notifications.tasks import forget_old
from apps.notifications.vocabulary import Reason
from tests.cast.rows import door
from tests.factories.aid_requests import request_file, take
from tests.factories.staff import Staff, staff_make
from tests.unit.notifications.conftest import messages, reasons, told

Passing = Callable[[AidRequest, timedelta], None]


@pytest.fixture(scope="module")
def staff(committed_db_module: str) -> Staff:
    """A mission in a database of its own, where the past can be written; two chiefs stand above the cluster."""
    made = staff_make("ringing")
    chief = made.post("chief", "agency", Role.UNIT)
    head = made.post("head", "agency", Role.UNIT)
    Position.objects.filter(pk=made.positions["clu"].pk).update(reports_to=chief)
    Position.objects.filter(pk=chief.pk).update(reports_to=head)
    return made


@pytest.fixture
def let_pass(committed_db_module: str, database_url: Callable[..., str]) -> Passing:
    """Let time pass on a record's clocks: their moments move back."""

    def move(request: AidRequest, by: timedelta) -> None:
        with door(database_url(committed_db_module, "")) as cursor:
            cursor.execute(
                "UPDATE notifications_waits SET moments = ARRAY(SELECT m - %(by)s FROM unnest(moments) m),"
                " next_at = next_at - %(by)s WHERE record_id = %(pk)s",
                {"by": by, "pk": request.pk},
            )

    return move


def ring() -> int:
    """Let the clocks ring and tell it; how many rang."""
    rung = herald.tick()
    relay_drain()
    return rung


def verbs(staff: Staff, name: str, request: AidRequest) -> list[str]:
    """What the holder of a post was told of a record."""
    found = told(staff, name, record_id=request.pk)
    with staff.acting(name):
        return [each.event.verb for each in found if each.event]


def submitted(staff: Staff, **changes: object) -> AidRequest:
    """A request that waits for its cluster coordinator for twelve hours, read by the whole mission."""
    request = take(staff, request_file(staff, scope="mission", **changes), "req", "submit")
    relay_drain()
    return request


def test_a_reminder_then_the_due_moment_then_the_chain_level_by_level(
    staff: Staff, let_pass: Passing
) -> None:
    request = submitted(staff)
    assert ring() == 0
    let_pass(request, timedelta(hours=9, minutes=1))  # a quarter of twelve hours is left
    assert ring() == 1
    assert ring() == 0
    assert verbs(staff, "clu", request)[-1] == "clock.reminder"
    assert verbs(staff, "chief", request) == []
    let_pass(request, timedelta(hours=3))
    assert ring() == 1
    assert verbs(staff, "clu", request)[-1] == "clock.overdue"
    assert verbs(staff, "req", request)[-1] == "clock.overdue"
    assert verbs(staff, "chief", request) == []
    let_pass(request, timedelta(hours=12))
    assert ring() == 1
    assert verbs(staff, "chief", request) == ["clock.escalated"]
    assert verbs(staff, "head", request) == []
    let_pass(request, timedelta(hours=12))
    assert ring() == 1
    assert verbs(staff, "head", request) == ["clock.escalated"]
    assert {each.reason for each in told(staff, "chief", record_id=request.pk)} == {Reason.NEEDS_ME}
    let_pass(request, timedelta(days=300))
    ring()
    assert ring() == 0


def test_after_a_long_stop_one_thing_is_told_and_not_five(staff: Staff, let_pass: Passing) -> None:
    request = submitted(staff)
    before = verbs(staff, "clu", request)
    let_pass(request, timedelta(days=30))
    assert ring() == 1
    assert verbs(staff, "clu", request) == [*before, "clock.escalated"]
    assert ring() == 0


def test_what_was_done_in_time_is_not_reminded_of(staff: Staff, let_pass: Passing) -> None:
    request = submitted(staff)
    take(staff, request, "clu", "validate")
    let_pass(request, timedelta(hours=9, minutes=30))
    # The step is not told yet: the old clock rings, and finds that nothing waits for it any more.
    assert herald.tick() == 1
    relay_drain()
    assert "clock.reminder" not in verbs(staff, "clu", request)
    assert "clock.reminder" not in verbs(staff, "cmc", request)
    assert ring() == 0


def test_need_to_know_goes_before_the_chain_of_command(staff: Staff, let_pass: Passing) -> None:
    """A chief who may not read the record is passed over; the next who may is told in their place."""
    request = take(staff, request_file(staff, classification=0, scope="organisation"), "req", "submit")
    relay_drain()
    let_pass(request, timedelta(days=3))
    ring()
    assert verbs(staff, "chief", request) == []
    assert verbs(staff, "head", request) == []
    assert verbs(staff, "clu", request)[-1] == "clock.escalated"


def test_a_mission_sets_its_own_rule(staff: Staff) -> None:
    since = datetime(2026, 5, 1, 8, tzinfo=UTC)
    due = since + timedelta(hours=10)
    shipped = clocks.rule_for(staff.mission.pk, 1)
    assert clocks.moments(shipped, since, due) == [
        since + timedelta(hours=7, minutes=30), due, *(due + timedelta(hours=2 * n) for n in (1, 2, 3)),
    ]  # fmt: skip
    own = ClockRule.objects.create(
        mission=staff.mission, priority=1, remind_percent=50, escalate_hours=1, levels=1
    )
    assert clocks.rule_for(staff.mission.pk, 1) == own
    assert clocks.rule_for(staff.mission.pk, 3).escalate_hours == 48
    assert clocks.moments(own, since, due) == [since + timedelta(hours=5), due, due + timedelta(hours=1)]
    own.delete()


def test_a_request_for_access_has_a_clock_until_it_is_withdrawn(staff: Staff, let_pass: Passing) -> None:
    rel = staff.post("rel", "ngo", Role.RELEASE)
    request = request_file(staff, scope="organisation")
    relay_drain()
    with staff.acting("unit") as actor:
        asked = access_ask(
            actor, reference=request.reference, wanted="full", purpose="A convoy of ours passes there.",
            until=timezone.now() + timedelta(days=2),
        )  # fmt: skip
    relay_drain()
    assert verbs(staff, "rel", request) == ["record.access_asked"]
    assert messages(staff, "rel", channel="email", state="queued")
    let_pass(request, timedelta(days=13))
    assert ring() == 1
    assert verbs(staff, "rel", request)[-1] == "clock.reminder"
    with staff.acting("unit") as actor:
        access_withdraw(actor, request=asked)
    relay_drain()
    let_pass(request, timedelta(days=13))
    assert ring() == 0
    assert reasons(staff, "unit") == {}
    rel.roles.all().delete()


def test_the_clocks_of_all_that_waits_can_be_set_anew(
    staff: Staff, committed_db_module: str, database_url: Callable[..., str]
) -> None:
    request = submitted(staff)
    with door(database_url(committed_db_module, "")) as cursor:
        cursor.execute("SELECT key, moments FROM notifications_waits WHERE record_id = %s", [request.pk])
        before = cursor.fetchall()
        cursor.execute("DELETE FROM notifications_waits")
        cursor.execute("SELECT notifications_refresh(NULL)")
    relay_drain()
    with door(database_url(committed_db_module, "")) as cursor:
        cursor.execute("SELECT key, moments FROM notifications_waits WHERE record_id = %s", [request.pk])
        assert cursor.fetchall() == before
    assert before
    # Nobody is told of it a second time.
    assert verbs(staff, "clu", request) == ["aid_request.submit"]


def test_a_clock_that_is_missing_or_wrong_is_found(
    staff: Staff, committed_db_module: str, database_url: Callable[..., str]
) -> None:
    request = submitted(staff)
    assert content_differences() == []
    for spoil in (
        "DELETE FROM notifications_waits WHERE record_id = %s",
        "UPDATE notifications_waits SET due_at = due_at + interval '1 hour' WHERE record_id = %s",
    ):
        with door(database_url(committed_db_module, "")) as cursor:
            cursor.execute(spoil, [request.pk])
        assert content_differences() == [("clock", request.pk)]
        with door(database_url(committed_db_module, "")) as cursor:
            cursor.execute("SELECT notifications_refresh(NULL)")
        relay_drain()
        assert content_differences() == []


def test_what_is_old_is_forgotten(
    staff: Staff, committed_db_module: str, database_url: Callable[..., str]
) -> None:
    request = submitted(staff)
    kept = submitted(staff)
    with door(database_url(committed_db_module, "")) as cursor:
        cursor.execute(
            "UPDATE notifications_notification SET at = at - interval '366 days' WHERE record_id = %s",
            [request.pk],
        )
    assert forget_old() > 0
    assert verbs(staff, "clu", request) == []
    assert verbs(staff, "clu", kept) == ["aid_request.submit"]
