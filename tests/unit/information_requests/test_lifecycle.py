"""A request for information from draft to its end: who may what, and what the asker gets to read."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.db import transaction as database

from apps.aid_requests.models import AidRequest
from apps.information_requests.answering import answer_draft
from apps.information_requests.models import Answer, Assignment, InformationDesk, InformationRequest
from apps.information_requests.positions import desk_of
from apps.information_requests.workflow import STATES, WORKFLOW
from apps.need_to_know.checking import content_differences
from apps.need_to_know.grants import grants_of
from apps.records.errors import DutyConflict, IllegalTransition, Incomplete, NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.services import record_file
from apps.records.transitions import open_to
from apps.records.waiting import needs_me, waiting_for
from apps.releases.models import Derivation, Release, Signature
from tests.factories.information_requests import answer_write, bring_to, now, question_file, take
from tests.factories.releases import LOWER, release_from, step
from tests.factories.staff import Staff

EVERYBODY = (
    "req",
    "req_colleague",
    "req_elsewhere",
    "joc",
    "cim",
    "sec",
    "rel_force",
    "rel_ngo",
    "cmc",
    "unit",
)
# State -> step -> who is offered it, on the usual way.
OFFERED = {
    "draft": {"ask": {"req", "req_colleague"}, "withdraw": {"req", "req_colleague"}},
    "asked": {
        "accept": {"joc", "cim", "rel_force"}, "decline": {"joc", "cim", "rel_force"},
        "withdraw": {"req", "req_colleague"},
    },
    "accepted": {
        "assign": {"joc", "cim", "rel_force"}, "decline": {"joc", "cim", "rel_force"},
        "withdraw": {"req", "req_colleague"},
    },
    "assigned": {
        "reassign": {"joc", "cim", "rel_force"}, "decline": {"joc", "cim", "rel_force"}, "put_forward": {"cim"},
        "withdraw": {"req", "req_colleague"},
    },
    "drafted": {
        "answer": {"rel_force"}, "send_back": {"rel_force"}, "decline": {"joc", "cim", "rel_force"},
        "withdraw": {"req", "req_colleague"},
    },
    "answered": {
        "satisfied": {"req", "req_colleague"}, "unsatisfied": {"req", "req_colleague"},
        "withdraw": {"req", "req_colleague"},
    },
    "satisfied": {},
    "unsatisfied": {"ask_again": {"req", "req_colleague"}},
    "declined": {},
    "withdrawn": {},
}  # fmt: skip


@pytest.mark.parametrize("state", [s.code for s in STATES])
def test_each_step_is_offered_to_its_roles_and_to_nobody_else(
    staff: Staff, secret: AidRequest, state: str
) -> None:
    request = bring_to(staff, question_file(staff), state, source=secret)
    offered: dict[str, set[str]] = {}
    for who in EVERYBODY:
        with staff.acting(who) as actor:
            found = InformationRequest.objects.filter(pk=request.pk).first()
            for offer in open_to(actor, found) if found else []:
                offered.setdefault(offer.step.name, set()).add(who)
    assert offered == OFFERED[state]
    assert content_differences() == []


def test_every_step_is_in_the_table() -> None:
    told = {name for steps in OFFERED.values() for name in steps}
    assert {step.name for step in WORKFLOW.transitions} == told


def test_an_incomplete_question_is_not_asked(staff: Staff) -> None:
    request = question_file(staff, question="", needed_by=None)
    with pytest.raises(Incomplete) as caught:
        take(staff, request, "req", "ask")
    assert set(caught.value.errors) == {"question", "needed_by"}


def test_the_missions_desk_is_asked_where_nobody_is_named(staff: Staff) -> None:
    assert desk_of(staff.mission.pk) == staff.organisations["force"]
    InformationDesk.objects.create(mission=staff.mission, organisation=staff.organisations["agency"])
    request = take(staff, question_file(staff), "req", "ask")
    assert request.asked_of == staff.organisations["agency"]
    with staff.acting("cmc") as actor:
        assert [offer.step.name for offer in open_to(actor, now(request))] == ["accept", "decline"]
    with staff.acting("joc"):
        assert not InformationRequest.objects.filter(pk=request.pk).exists()


def test_nobody_is_asked_where_nobody_takes_questions_in(staff: Staff) -> None:
    with pytest.raises(ValidationError, match="takes in"):
        question_file(staff, asked_of=staff.organisations["other_ngo"])


def test_the_asker_reads_the_release_and_nothing_that_it_is_drawn_from(
    staff: Staff, secret: AidRequest
) -> None:
    request = bring_to(staff, question_file(staff), "answered", source=secret)
    with staff.acting("req"):
        answer = Release.objects.get()
        assert answer.state == "released"
        assert Answer.objects.get().release_id == answer.pk
        assert not Record.objects.filter(pk=secret.pk).exists()
        assert not Derivation.objects.exists()
        assert not Signature.objects.exists()
        assert not RecordLink.objects.exists()
        assert [g.reason for g in grants_of(answer)] == [f"Answer to {request.reference}"]
    with staff.acting("req_elsewhere"):
        assert not Release.objects.exists()
        assert not Answer.objects.exists()


def test_a_question_is_answered_by_a_signed_release_alone(staff: Staff, secret: AidRequest) -> None:
    request = bring_to(staff, question_file(staff), "drafted", source=secret)
    with pytest.raises(Incomplete, match="missing"):
        take(staff, request, "rel_force", "answer")
    with staff.acting("req"):
        assert now(request).state == "drafted"
        assert not Release.objects.exists()


def test_a_release_that_is_out_already_answers_too(staff: Staff, secret: AidRequest) -> None:
    release = release_from(staff, secret, by="watch")
    step(staff, release, "watch", "submit")
    step(staff, release, "rel_force", "sign", **LOWER | {"scope": "organisation"}, reason="Harmless")
    request = bring_to(staff, question_file(staff), "assigned")
    with staff.acting("cim"):
        found = Release.objects.get(pk=release.pk)
    request = take(staff, request, "cim", "put_forward", release=found)
    with staff.acting("rel_force") as actor:
        assert request.pk in [each.record.pk for each in needs_me(actor)]
    assert take(staff, request, "rel_force", "answer").state == "answered"
    with staff.acting("req"):
        assert Release.objects.get().pk == release.pk


def test_an_answer_above_the_askers_clearance_is_not_signed(staff: Staff, secret: AidRequest) -> None:
    request = bring_to(staff, question_file(staff), "assigned")
    release = answer_write(staff, request, source=secret)
    take(staff, request, "cim", "put_forward")
    with pytest.raises(Incomplete, match="missing") as caught:
        step(staff, release, "rel_force", "sign", **LOWER | {"classification": 1}, reason="x")
    assert "may not read this label" in str(caught.value.errors)
    with staff.acting("rel_force"):
        assert Release.objects.get(pk=release.pk).state == "for_signature"


def test_who_drafts_does_not_release(staff: Staff, secret: AidRequest) -> None:
    staff.also_holds("cim", "rel_force")
    request = bring_to(staff, question_file(staff), "drafted", source=secret)
    with staff.acting("cim"):
        release = Release.objects.get()
    with pytest.raises(DutyConflict):
        step(staff, release, "cim", "sign_own", **LOWER, reason="x")
    with staff.acting("cim"):
        assert now(request).state == "drafted"


def test_who_asks_decides_neither(staff: Staff, secret: AidRequest) -> None:
    staff.also_holds("req", "joc")
    staff.also_holds("req", "rel_force")
    request = take(staff, question_file(staff), "req", "ask")
    with staff.acting("req") as actor:
        assert {o.step.name for o in open_to(actor, now(request))} == {"withdraw"}
    request = bring_to(staff, request, "assigned")
    release = answer_write(staff, request, source=secret)
    take(staff, request, "cim", "put_forward")
    with pytest.raises(DutyConflict):
        step(staff, release, "req", "sign", **LOWER, reason="x")


def test_only_the_assigned_position_drafts(staff: Staff) -> None:
    request = bring_to(staff, question_file(staff), "assigned")
    for who in ("joc", "rel_force", "req"):
        with staff.acting(who) as actor, pytest.raises(NotPermitted):
            answer_draft(actor, request=now(request), release=Release(title="x", summary="y"))
    request = take(staff, request, "joc", "reassign", drafter=staff.positions["sec"])
    with staff.acting("cim") as actor, pytest.raises(NotPermitted):
        answer_draft(actor, request=now(request), release=Release(title="x", summary="y"))
    assert answer_write(staff, request, by="sec").state == "draft"


@pytest.mark.parametrize("drafter", ["req", "cmc", "req_elsewhere"])
def test_only_a_position_of_the_organisation_asked_is_told_to_draft(staff: Staff, drafter: str) -> None:
    request = bring_to(staff, question_file(staff), "accepted")
    with pytest.raises(ValidationError, match="organisation asked"):
        take(staff, request, "joc", "assign", drafter=staff.positions[drafter])


def test_the_database_takes_no_answer_and_no_assignment_from_others(staff: Staff) -> None:
    request = bring_to(staff, question_file(staff), "assigned")
    with staff.acting("req") as actor:
        mine = record_file(actor, record=Release(title="mine", summary="x"))
        for row in (
            Answer(request=now(request), release=mine, actor=actor.user),
            Assignment(request=now(request), drafter=staff.positions["req"], position=staff.positions["req"]),
        ):
            with pytest.raises(DatabaseError), database.atomic():
                row.save()


def test_an_unsatisfied_asker_asks_again(staff: Staff, secret: AidRequest) -> None:
    request = bring_to(staff, question_file(staff), "unsatisfied", source=secret)
    assert take(staff, request, "req", "ask_again").state == "asked"


def test_another_answer_can_be_asked_for(staff: Staff, secret: AidRequest) -> None:
    request = bring_to(staff, question_file(staff), "drafted", source=secret)
    assert take(staff, request, "rel_force", "send_back").state == "assigned"
    second = answer_write(staff, request)
    take(staff, request, "cim", "put_forward")
    step(staff, second, "rel_force", "sign", **LOWER)
    with staff.acting("req"):
        assert now(request).state == "answered"
        assert Release.objects.get().pk == second.pk


def test_desks_show_whom_it_waits_for(staff: Staff, secret: AidRequest) -> None:
    request = question_file(staff)
    waits = {"asked": "joc", "accepted": "joc", "assigned": "cim", "answered": "req"}
    for state, who in waits.items():
        request = bring_to(staff, request, state, source=secret)
        with staff.acting(who) as actor:
            assert request.pk in [each.record.pk for each in needs_me(actor)], state
            posts = [post.title for each in waiting_for(now(request)).awaited for post in each.posts]
            assert staff.positions[who].title in posts, state
        with staff.acting("req_elsewhere") as actor:
            assert request.pk not in [each.record.pk for each in needs_me(actor)]


def test_steps_of_other_states_are_illegal(staff: Staff) -> None:
    request = question_file(staff)
    with pytest.raises(IllegalTransition):
        take(staff, request, "req", "satisfied")
