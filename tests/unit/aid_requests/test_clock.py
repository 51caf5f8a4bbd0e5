"""What time does: emergencies validated afterwards, expiry, extension, closing by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from apps.aid_requests import rules
from apps.aid_requests.models import AidRequest
from apps.aid_requests.workflow import EXPIRING
from apps.mission.vocabulary import Role
from apps.need_to_know import tasks
from apps.need_to_know.acting import acting_as_clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.services import record_update
from apps.records.transitions import transition
from apps.records.waiting import needs_me, waiting_for
from tests.cast.rows import door
from tests.factories.aid_requests import bring_to, data_for, fresh, request_file, take
from tests.factories.staff import Staff, staff_make

Passing = Callable[..., None]


@pytest.fixture(scope="module")
def staff(committed_db_module: str) -> Staff:
    """The mission in a database of this module's own: here commits stay, and the past can be written."""
    return staff_make("clocks")


@pytest.fixture
def let_pass(committed_db_module: str, staff: Staff, database_url: Callable[..., str]) -> Callable[..., None]:
    """Let time pass for requests: their moments move back, as if so many days had gone by."""

    def move(*requests: AidRequest, days: int = 12) -> None:
        with door(database_url(committed_db_module, ""), staff.people["req"].pk, staff.mission.pk) as cursor:
            cursor.execute(
                "UPDATE records_record SET needed_by = needed_by - %(by)s, auto_at = auto_at - %(by)s,"
                " state_since = state_since - %(by)s WHERE id = ANY (%(ids)s)",
                {"by": timedelta(days=days), "ids": [request.pk for request in requests]},
            )

    return move


def state_of(staff: Staff, request: AidRequest) -> str:
    """The state as the requester sees it."""
    with staff.acting("req"):
        return fresh(request).state


def needed_by(actor: Actor) -> set[tuple[Role, int]]:
    """What waits for the actor: role and record."""
    return {(need.role, need.record.pk) for need in needs_me(actor)}


def test_what_waits_past_its_moment_expires_in_every_state_and_what_moves_does_not(
    staff: Staff, let_pass: Passing
) -> None:
    states = (*EXPIRING, "draft", "in_execution", "suspended")
    requests = {state: bring_to(staff, request_file(staff), state) for state in states}
    assert tasks.clocks_sweep() == {"taken": 0, "failed": 0}
    let_pass(*requests.values())
    assert tasks.clocks_sweep() == {"taken": len(EXPIRING), "failed": 0}
    assert {s for s, r in requests.items() if state_of(staff, r) == "expired"} == set(EXPIRING)
    assert tasks.clocks_sweep() == {"taken": 0, "failed": 0}
    with staff.acting("req"):
        step = requests["tasked"].workflow_steps.last()
        assert (step.name, step.actor_id) == ("expire", None)


def test_the_clock_touches_only_what_is_due(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    with pytest.raises(DatabaseError), acting_as_clock(request.pk):
        pass


def test_nobody_takes_the_clocks_steps_by_hand(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    for name in ("expire", "move_deadline"):
        with staff.acting("req") as actor, pytest.raises(NotPermitted):
            transition(actor, record=fresh(request), name=name)


def test_a_deadline_moved_by_editing_sets_the_clock_anew(staff: Staff, let_pass: Passing) -> None:
    request = bring_to(staff, request_file(staff), "returned")
    let_pass(request)
    later = timezone.now() + timedelta(days=5)
    with staff.acting("req") as actor:
        record_update(actor, record=fresh(request), changes={"needed_by": later})
    assert tasks.clocks_sweep() == {"taken": 1, "failed": 0}
    with staff.acting("req"):
        now = fresh(request)
        assert (now.state, now.auto_at) == ("returned", later)


def test_an_expired_request_comes_back_only_by_a_new_decision(staff: Staff, let_pass: Passing) -> None:
    request = bring_to(staff, request_file(staff), "approved")
    let_pass(request)
    tasks.clocks_sweep()
    with staff.acting("req"):
        request = fresh(request)
    assert request.state == "expired"
    until = timezone.now() + timedelta(days=3)
    request = take(staff, request, "req", "reopen", until=until)
    assert (request.state, request.auto_at) == ("for_decision", until)
    with staff.acting("dec") as actor, pytest.raises(Exception, match="deadline"):
        transition(actor, record=fresh(request), name="approve", data={"explanation": "yes"})
    granted = timezone.now() + timedelta(days=2)
    request = take(staff, request, "dec", "approve", extended_until=granted)
    assert (request.state, request.auto_at) == ("approved", granted)


def test_an_expired_request_that_nobody_assessed_is_not_reopened(staff: Staff, let_pass: Passing) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    let_pass(request)
    tasks.clocks_sweep()
    with staff.acting("req") as actor:
        expired = fresh(request)
        assert expired.state == "expired"
        with pytest.raises(NotPermitted):
            transition(actor, record=expired, name="reopen", data=data_for(staff, "reopen"))


def test_an_extension_is_a_decision_that_moves_the_deadline(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "approved")
    request = take(staff, request, "req", "ask_extension")
    with staff.acting("dec") as actor:
        assert (Role.DECIDER, request.pk) in needed_by(actor)
    granted = timezone.now() + timedelta(days=30)
    request = take(staff, request, "dec", "extend", extended_until=granted)
    assert (request.state, request.auto_at, request.needed_by) == ("approved", granted, granted)
    with staff.acting("dec") as actor:
        assert request.decision_rows.last().outcome == "extended"
        assert rules.last_decision(request).outcome == "approved"
        assert (Role.DECIDER, request.pk) not in needed_by(actor)


def test_a_delivered_request_closes_by_itself_flagged_and_feedback_may_follow(
    staff: Staff, let_pass: Passing
) -> None:
    request = bring_to(staff, request_file(staff), "delivered")
    let_pass(request, days=15)
    assert tasks.clocks_sweep() == {"taken": 1, "failed": 0}
    assert state_of(staff, request) == "closed_unconfirmed"
    with staff.acting("req"):
        request = fresh(request)
    assert take(staff, request, "req", "confirm").state == "closed"


def test_a_delivered_request_waits_as_long_as_the_mission_says(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "delivered")
    assert round((request.auto_at - request.state_since) / timedelta(days=1)) == staff.mission.auto_close_days
    assert tasks.clocks_sweep() == {"taken": 0, "failed": 0}


def test_one_bad_record_does_not_stop_the_others(
    staff: Staff, let_pass: Passing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = (bring_to(staff, request_file(staff), "delivered") for _ in range(2))
    let_pass(bad, good, days=15)
    real = tasks.take_due_step

    def sometimes(record_id: int) -> None:
        if record_id == bad.pk:
            raise RuntimeError("broken")
        real(record_id)

    monkeypatch.setattr(tasks, "take_due_step", sometimes)
    assert tasks.clocks_sweep() == {"taken": 1, "failed": 1}
    assert (state_of(staff, bad), state_of(staff, good)) == ("delivered", "closed_unconfirmed")
    assert str(bad.pk) in caplog.text
    assert bad.title not in caplog.text
    monkeypatch.undo()
    assert tasks.clocks_sweep() == {"taken": 1, "failed": 0}


def emergency(staff: Staff, state: str = "endorsed") -> AidRequest:
    """An emergency that went ahead without its cluster coordinator."""
    request = request_file(staff, priority=1, is_emergency=True)
    request = take(staff, request, "req", "submit")
    request = take(staff, request, "cmc", "endorse_emergency")
    if state == "endorsed":
        return request
    request = take(staff, request, "cmc", "transmit")
    for by, name in (("cim", "recommend"), ("dec", "approve"), ("joc", "task"), ("unit", "accept")):
        request = take(staff, request, by, name)
    return request


def test_an_emergency_goes_ahead_and_waits_for_its_cluster_coordinator(staff: Staff) -> None:
    request = emergency(staff, "in_execution")
    with staff.acting("clu") as actor:
        due = rules.validation_due(request)
        endorsed = request.workflow_steps.get(name="endorse_emergency").at
        assert due == endorsed + timedelta(hours=staff.mission.emergency_validation_hours)
        assert [(n.role, n.due_at) for n in needs_me(actor) if n.record.pk == request.pk] == [
            (Role.CLUSTER, due)
        ]
        late = [a for a in waiting_for(request).awaited if a.role == Role.CLUSTER]
        assert [(a.due_at, [p.title for p in a.posts]) for a in late] == [(due, ["Post clu"])]
    request = take(staff, request, "clu", "validate_afterwards")
    assert request.state == "in_execution"
    with staff.acting("clu") as actor:
        assert (Role.CLUSTER, request.pk) not in needed_by(actor)
        assert rules.validation_due(request) is None
        with pytest.raises(NotPermitted):
            transition(actor, record=fresh(request), name="object_in_execution", note="because")


@pytest.mark.parametrize(
    ("state", "name", "reached"),
    [("endorsed", "object_afterwards", "for_decision"), ("in_execution", "object_in_execution", "suspended")],
)
def test_an_objection_afterwards_stops_the_emergency(
    staff: Staff, state: str, name: str, reached: str
) -> None:
    assert take(staff, emergency(staff, state), "clu", name).state == reached


def test_only_a_life_saving_emergency_skips_the_cluster(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff, priority=1), "submitted")
    with staff.acting("cmc") as actor, pytest.raises(NotPermitted):
        transition(
            actor, record=fresh(request), name="endorse_emergency", data=data_for(staff, "endorse_emergency")
        )


def test_a_request_validated_in_time_owes_nothing_afterwards(staff: Staff) -> None:
    request = take(staff, request_file(staff, priority=1, is_emergency=True), "req", "submit")
    request = take(staff, request, "clu", "validate")
    request = take(staff, request, "cmc", "endorse")
    with staff.acting("clu") as actor:
        assert rules.validation_due(request) is None
        with pytest.raises(NotPermitted):
            transition(actor, record=request, name="validate_afterwards", data=data_for(staff, "validate"))
