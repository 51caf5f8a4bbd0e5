"""The declaration of a workflow, and the database that holds every caller to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db import transaction as database

from apps.mission.vocabulary import Role
from apps.records import clock
from apps.records.edges import declared_edges, stored_edges
from apps.records.errors import DutyConflict, IllegalTransition, StaleRecord
from apps.records.models import Record, Step, WorkflowEdge
from apps.records.transitions import open_to, refusals, transition
from apps.records.workflow import Automatic, State, Transition, Workflow, lead_time
from tests.factories.aid_requests import bring_to, fresh, request_file
from tests.factories.staff import Staff


def workflow(**changes: Any) -> Workflow:
    """A workflow of two states."""
    parts: dict[str, Any] = {
        "initial": "draft",
        "states": (State("draft", "Draft"), State("done", "Done")),
        "transitions": (Transition("finish", "Finish", ("draft",), "done", (Role.REQUESTER,)),),
    }
    return Workflow(**parts | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"initial": "nowhere"},
        {"states": (State("draft", "Draft"), State("draft", "Twice"), State("done", "Done"))},
        {"transitions": (Transition("finish", "Finish", ("elsewhere",), "done"),)},
        {"transitions": (Transition("finish", "Finish", ("draft",), "elsewhere"),)},
        {
            "transitions": (
                Transition("finish", "F", ("draft",), "done"),
                Transition("finish", "F", ("done",), "draft"),
            )
        },
        {"automatic": {"draft": (Automatic("unknown", lambda record: None),)}},
        {"automatic": {"elsewhere": ()}},
        {"draws_in": {"elsewhere": (Role.REQUESTER,)}},
        {"resets_clock": "unknown"},
    ],
)
def test_a_workflow_that_contradicts_itself_is_refused_when_it_is_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"unknown|twice"):
        workflow(**changes)


def test_edges_are_all_legal_steps_and_the_filing() -> None:
    assert workflow().edges() == {
        ("file", "", "draft", "requester", False),
        ("finish", "draft", "done", "", False),
    }


def test_lead_times_follow_priority_and_fall_back_to_the_longest() -> None:
    state = State("s", "S", hours={1: 2, 3: 48})
    assert lead_time(state, 1) == clock.hours(2)
    assert lead_time(state, None) == clock.hours(48)
    assert lead_time(state, 2) is None
    assert lead_time(State("s", "S"), 1) is None
    assert lead_time(State("s", "S", hours=5), 2) == clock.hours(5)


def test_the_database_knows_exactly_the_declared_edges(staff: Staff) -> None:
    assert stored_edges() == declared_edges()


def refused(statement: Any) -> None:
    """The database refuses it, and what was done before stays."""
    with pytest.raises(DatabaseError), database.atomic():
        statement()


def test_a_state_is_not_changed_past_the_workflow(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "returned")
    with staff.acting("req"):
        refused(lambda: Record.objects.filter(pk=request.pk).update(state="approved"))
        refused(lambda: type(request).objects.filter(pk=request.pk).update(state="closed"))
        with connection.cursor() as cursor:
            refused(
                lambda: cursor.execute(
                    "UPDATE records_record SET state = 'closed' WHERE id = %s", [request.pk]
                )
            )
        request.state = "approved"
        request.title = "Changed"
        request.save()
        assert fresh(request).state == "returned"


def test_computed_columns_are_the_databases_own(staff: Staff) -> None:
    request = request_file(staff)
    with staff.acting("req"):
        before = fresh(request)
        Record.objects.filter(pk=request.pk).update(
            audience=[1, 2, 3], editors=[1], due_at=clock.now(), auto_at=clock.now(), version=99
        )
        after = fresh(request)
        assert (after.audience, after.editors, after.due_at, after.auto_at) == (
            before.audience, before.editors, before.due_at, before.auto_at,
        )  # fmt: skip
        assert after.version == before.version + 1


@pytest.mark.parametrize(
    ("name", "source", "target", "refusal"),
    [
        ("approve", "submitted", "approved", IllegalTransition),
        ("validate", "submitted", "approved", IllegalTransition),
        ("nonsense", "submitted", "validated", IllegalTransition),
        ("validate", "draft", "validated", StaleRecord),
        ("expire", "submitted", "expired", IllegalTransition),
        ("file", "", "submitted", StaleRecord),
    ],
)
def test_a_step_off_the_workflow_is_refused_by_the_database(
    staff: Staff, name: str, source: str, target: str, refusal: type[Exception]
) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    with staff.acting("clu"):
        with pytest.raises(refusal), refusals():
            Step.objects.create(
                record_id=request.pk, name=name, from_state=source, to_state=target,
                position=staff.positions["clu"],
            )  # fmt: skip
        assert fresh(request).state == "submitted"


def test_separate_duties_are_held_by_the_database_too(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    with staff.acting("req"), pytest.raises(DutyConflict), refusals():
        Step.objects.create(
            record_id=request.pk, name="validate", from_state="submitted", to_state="validated",
            position=staff.positions["req"],
        )  # fmt: skip


def test_a_step_is_signed_by_whoever_acts_whatever_is_written(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    with staff.acting("clu"):
        step = Step.objects.create(
            record_id=request.pk, name="validate", from_state="submitted", to_state="validated",
            actor=staff.people["cmc"], duty="decider", position=staff.positions["clu"],
        )  # fmt: skip
        step.refresh_from_db()
        assert (step.actor_id, step.duty) == (staff.people["clu"].pk, "validator")


def test_history_is_not_rewritten(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    with staff.acting("req"):
        refused(lambda: Step.objects.filter(record_id=request.pk).update(note="other"))
        refused(lambda: Step.objects.filter(record_id=request.pk).delete())
        refused(lambda: WorkflowEdge.objects.all().delete())


def test_a_decision_is_not_changed_and_is_signed_by_the_database(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "approved")
    with staff.acting("dec"):
        decision = request.decision_rows.get()
        assert decision.actor_id == staff.people["dec"].pk
        assert decision.position_id == staff.positions["dec"].pk
        refused(lambda: request.decision_rows.update(outcome="declined"))
        refused(lambda: request.decision_rows.all().delete())


def test_rows_under_a_request_are_changed_by_its_editors_alone(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    with staff.acting("clu"):
        assert request.cargo.count() == 1
        assert request.cargo.update(item="stolen") == 0
        assert request.cargo.all().delete()[0] == 0
        refused(lambda: request.cargo.create(item="added", quantity=1))
    with staff.acting("dec"):
        assert not type(request).objects.filter(pk=request.pk).exists()
        assert request.cargo.count() == 0
        assert request.alternatives.count() == 0


def test_a_failed_step_leaves_nothing_behind(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "under_assessment")
    with staff.acting("cim") as actor:
        before = (request.workflow_steps.count(), request.events.count(), request.version)
        with pytest.raises(Exception, match="blank"):
            transition(actor, record=request, name="query", data={"question": ""})
        assert (request.workflow_steps.count(), request.events.count(), fresh(request).version) == before
        assert request.informationquery_rows.count() == 0


def test_what_is_offered_costs_few_queries(staff: Staff, django_assert_max_num_queries: Any) -> None:
    request = bring_to(staff, request_file(staff), "for_decision")
    for who in ("dec", "req", "cmc"):
        with staff.acting(who) as actor:
            assert actor.positions
            with django_assert_max_num_queries(4):
                open_to(actor, request)


def test_every_step_is_an_event_once(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "validated")
    with staff.acting("req"):
        assert list(request.events.values_list("verb", flat=True)) == [
            "aid_request.file", "aid_request.submit", "aid_request.validate",
        ]  # fmt: skip
