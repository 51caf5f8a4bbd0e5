"""Every step of the workflow by every role: whoever may, succeeds; everybody else is refused."""

from __future__ import annotations

import pytest
from django.db import transaction as database

from apps.aid_requests.models import AidRequest
from apps.aid_requests.workflow import WORKFLOW
from apps.mission.vocabulary import RequestKind, Role
from apps.records.actors import Actor
from apps.records.errors import DutyConflict, IllegalTransition, NotPermitted
from apps.records.transitions import open_to, transition
from tests.factories.aid_requests import bring_to, data_for, fresh, request_file, take
from tests.factories.staff import Staff

# Who stands for each role on the usual request; everybody else comes near without being it.
HOLDERS = {
    Role.REQUESTER: {"req", "req_colleague"},
    Role.CLUSTER: {"clu"},
    Role.CMCOORD: {"cmc"},
    Role.CIMIC: {"cim"},
    Role.JOC: {"joc"},
    Role.SECURITY: {"sec"},
    Role.DECIDER: {"dec"},
    Role.UNIT: {"unit"},
}
EVERYBODY = (
    "req", "req_colleague", "req_elsewhere", "req_mission", "clu", "clu_other_sector", "cmc", "cim", "joc",
    "sec", "dec", "dec_unlisted", "unit", "unit_other", "aud",
)  # fmt: skip
# Steps that need more than their state; they have tests of their own.
ELSEWHERE = {
    "endorse_emergency", "validate_afterwards", "object_afterwards", "object_in_execution", "take_up",
    "hand_back", "reopen", "ask_security", "accept_offer",
}  # fmt: skip
STATES = [s.code for s in WORKFLOW.states if s.code not in ("expired", "closed_unconfirmed")]


class Undone(Exception):
    """Takes a savepoint back."""


def attempts(staff: Staff, who: str, request: AidRequest, names: list[str]) -> dict[str, str]:
    """For each step '' when it succeeds (it is undone), else the name of the refusal."""
    outcome = {}
    with staff.acting(who) as actor:
        found = AidRequest.objects.filter(pk=request.pk).exists()
        for name in names:
            outcome[name] = _attempt(staff, actor, request, name) if found else "hidden"
    return outcome


def _attempt(staff: Staff, actor: Actor, request: AidRequest, name: str) -> str:
    try:
        with database.atomic():
            transition(actor, record=fresh(request), name=name, data=data_for(staff, name), note="because")
            raise Undone
    except Undone:
        return ""
    except (NotPermitted, DutyConflict, IllegalTransition) as refusal:
        return type(refusal).__name__


@pytest.mark.parametrize("state", STATES)
def test_each_step_is_open_to_its_roles_and_to_nobody_else(staff: Staff, state: str) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), state)
    steps = [step for step in WORKFLOW.from_state(state) if step.name not in ELSEWHERE]
    tried = {who: attempts(staff, who, request, [step.name for step in steps]) for who in EVERYBODY}
    for step in steps:
        allowed = set().union(*(HOLDERS[role] for role in step.roles)) if step.roles else set()
        outcome = {who: refusals[step.name] for who, refusals in tried.items()}
        assert {who for who, refusal in outcome.items() if refusal == ""} == allowed, (step.name, outcome)
        assert set(outcome.values()) <= {"", "hidden", "NotPermitted"}, (step.name, outcome)


@pytest.mark.parametrize("state", STATES)
def test_steps_of_other_states_are_illegal(staff: Staff, state: str) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), state)
    leaving = {step.name for step in WORKFLOW.from_state(state)}
    others = [step.name for step in WORKFLOW.transitions if step.name not in leaving]
    assert set(attempts(staff, "req", request, others).values()) == {"IllegalTransition"}


def test_a_request_goes_from_draft_to_closed_by_its_real_actors(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), "closed")
    with staff.acting("req") as actor:
        steps = list(request.workflow_steps.order_by("id").values_list("name", "to_state", "duty"))
        assert [name for name, _to, _duty in steps] == [
            "file", "submit", "validate", "endorse", "transmit", "give_opinion", "recommend", "approve",
            "task", "accept", "report_done", "confirm",
        ]  # fmt: skip
        assert request.decision_rows.get().unmet_criteria == ["authorities"]
        assert request.decision_rows.get().actor_id == staff.people["dec"].pk
        assert request.feedback_rows.get().need_met == "full"
        assert open_to(actor, request) == []


def test_readers_are_drawn_in_when_they_are_needed_and_not_before(staff: Staff) -> None:
    request = request_file(staff, kind=RequestKind.ESCORT)
    sees = lambda who: _reads(staff, who, request.pk)  # noqa: E731
    assert {who for who in EVERYBODY if sees(who)} == {"req", "req_colleague"}
    request = bring_to(staff, request, "submitted")
    assert {who for who in EVERYBODY if sees(who)} == {"req", "req_colleague", "clu", "cmc"}
    request = take(staff, request, "clu", "validate")
    request = take(staff, request, "cmc", "endorse")
    request = take(staff, request, "cmc", "transmit")
    assert {who for who in EVERYBODY if sees(who)} == {
        "req",
        "req_colleague",
        "clu",
        "cmc",
        "cim",
        "joc",
        "sec",
    }
    request = take(staff, request, "sec", "give_opinion")
    request = take(staff, request, "cim", "recommend")
    assert sees("dec")
    assert not sees("dec_unlisted")
    assert not sees("unit")


def _reads(staff: Staff, who: str, pk: int) -> bool:
    with staff.acting(who):
        return AidRequest.objects.filter(pk=pk).exists()


def test_offers_are_exactly_the_steps_that_succeed(staff: Staff) -> None:
    for state in ("submitted", "under_assessment", "for_decision", "delivered"):
        request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), state)
        for who in ("req", "clu", "cmc", "cim", "sec", "dec", "joc"):
            with staff.acting(who) as actor:
                record = type(request).objects.filter(pk=request.pk).first()
                offered = {offer.step.name for offer in open_to(actor, record)} if record else set()
            names = [step.name for step in WORKFLOW.from_state(state) if not step.by_clock]
            for name, refusal in attempts(staff, who, request, names).items():
                assert (name in offered) == (refusal == ""), (who, name)


def test_each_state_has_a_clock_that_follows_priority_and_the_missions_lead_times(staff: Staff) -> None:
    from apps.mission.models import LeadTime

    urgent = bring_to(staff, request_file(staff, priority=1), "submitted")
    routine = bring_to(staff, request_file(staff, priority=3), "submitted")
    assert round((urgent.due_at - urgent.state_since).total_seconds() / 3600) == 2
    assert round((routine.due_at - routine.state_since).total_seconds() / 3600) == 48
    LeadTime.objects.create(
        mission=staff.mission, record_type="aid_request", state="submitted", priority=3, hours=5
    )
    changed = bring_to(staff, request_file(staff, priority=3), "submitted")
    assert round((changed.due_at - changed.state_since).total_seconds() / 3600) == 5
    with staff.acting("req"):
        assert fresh(changed).state == "submitted"
