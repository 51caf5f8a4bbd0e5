"""What must be answered by kind, what contradicts itself, and the steps that need more than a state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.aid_requests.record import AidRequestType
from apps.mission.vocabulary import RequestKind, Role
from apps.records.errors import DutyConflict, Incomplete, NotPermitted, StaleRecord
from apps.records.services import record_file, record_update
from apps.records.transitions import transition
from apps.records.withheld import withheld_fill
from tests.factories.aid_requests import bring_to, complete_values, data_for, fresh, request_file, take
from tests.factories.canary import canary
from tests.factories.staff import Staff

KINDS = [kind for kind in RequestKind if kind != RequestKind.MISSION_SUPPORT]


@pytest.mark.parametrize("kind", KINDS)
def test_a_complete_request_of_each_kind_can_be_submitted(staff: Staff, kind: RequestKind) -> None:
    assert bring_to(staff, request_file(staff, kind=kind), "submitted").state == "submitted"


@pytest.mark.parametrize("kind", RequestKind)
def test_each_mandatory_answer_is_asked_for_at_its_field(staff: Staff, kind: RequestKind) -> None:
    from apps.aid_requests import rules

    by = "req_mission" if kind == RequestKind.MISSION_SUPPORT else "req"
    request = request_file(staff, by=by, kind=kind)
    with staff.acting(by):
        request = withheld_fill(fresh(request))
        assert rules.missing(request) == {}
        for name in rules.required(kind):
            if name == "kind":
                continue
            kept, empty = getattr(request, name), "" if isinstance(getattr(request, name), str) else None
            setattr(request, name, empty)
            assert name in rules.missing(request), name
            setattr(request, name, kept)


def submit_errors(staff: Staff, request: AidRequest, by: str = "req") -> dict[str, list[str]]:
    """What a submission is refused for."""
    with staff.acting(by) as actor, pytest.raises(Incomplete) as refusal:
        transition(actor, record=fresh(request), name="submit")
    return refusal.value.errors


def test_an_escort_is_not_submitted_until_each_criterion_has_text_and_an_answer(staff: Staff) -> None:
    request = request_file(
        staff, kind=RequestKind.ESCORT, authorities_text=" ", sustainability_text="", security_met=None,
        common_position="", discontinuation_plan="",
    )  # fmt: skip
    assert set(submit_errors(staff, request)) == {
        "authorities_text", "sustainability_text", "security_met", "common_position", "discontinuation_plan",
    }  # fmt: skip


def test_imagery_is_not_submitted_without_use_and_release_decision(staff: Staff) -> None:
    request = request_file(staff, kind=RequestKind.UAV, uav_humanitarian_use="", uav_release_decision="")
    assert set(submit_errors(staff, request)) == {"uav_humanitarian_use", "uav_release_decision"}


def test_a_draft_may_be_empty_but_lists_all_that_is_missing(staff: Staff) -> None:
    with staff.acting("req") as actor:
        request = record_file(actor, record=AidRequest(title="Only a title"))
        missing = AidRequestType.missing(fresh(request))
    assert {"kind", "priority", "area", "alternatives", "end_date", "last_resort_justification"} <= set(
        missing
    )


def test_a_past_moment_is_refused_at_submission(staff: Staff) -> None:
    past = timezone.now() - timedelta(hours=1)
    request = request_file(staff, needed_by=past, ready_to_load=None)
    assert set(submit_errors(staff, request)) == {"needed_by"}


def test_lift_and_storage_list_their_cargo(staff: Staff) -> None:
    request = request_file(staff, kind=RequestKind.LIFT)
    with staff.acting("req") as actor:
        request.cargo.all().delete()
        with pytest.raises(Incomplete) as refusal:
            transition(actor, record=fresh(request), name="submit")
    assert set(refusal.value.errors) == {"cargo"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"origin_latitude": "6.2"}, "origin_longitude"),
        ({"destination_longitude": "31.5"}, "destination_latitude"),
        ({"origin_latitude": "91", "origin_longitude": "31"}, "origin_latitude"),
        ({"destination_latitude": "6", "destination_longitude": "181"}, "destination_longitude"),
        ({"people_targeted": -1}, "people_targeted"),
        ({"escort_vehicles": 0}, "escort_vehicles"),
        ({"duration": 0}, "duration"),
        ({"is_emergency": True, "priority": 2}, "is_emergency"),
        ({"end_date": (timezone.now() - timedelta(days=3)).date()}, "end_date"),
        ({"ready_to_load": timezone.now() + timedelta(days=11)}, "ready_to_load"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"kind": "no_such_kind"}, "kind"),
        ({"kind": RequestKind.MISSION_SUPPORT}, "kind"),
        ({"priority": 9}, "priority"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"need_statement": "x" * 5001}, "need_statement"),
    ],
)
def test_a_contradiction_is_refused_at_its_field(staff: Staff, changes: dict[str, Any], field: str) -> None:
    with staff.acting("req") as actor, pytest.raises(ValidationError) as refusal:
        record_file(actor, record=AidRequest(**complete_values(staff, RequestKind.MCDA) | changes))
    assert field in refusal.value.message_dict


def test_nobody_acts_in_two_duties_on_one_request(staff: Staff) -> None:
    staff.also_holds("req", "clu")
    staff.also_holds("clu", "dec")
    staff.also_holds("dec", "req_colleague")
    request = bring_to(staff, request_file(staff), "submitted")
    with staff.acting("req") as actor, pytest.raises(DutyConflict):
        transition(actor, record=fresh(request), name="validate", data=data_for(staff, "validate"))
    request = take(staff, request, "clu", "validate")
    for by, name in (("cmc", "endorse"), ("cmc", "transmit"), ("cim", "recommend")):
        request = take(staff, request, by, name)
    with staff.acting("clu") as actor, pytest.raises(DutyConflict):
        transition(actor, record=fresh(request), name="approve", data=data_for(staff, "approve"))
    request = take(staff, request, "dec", "approve")
    with staff.acting("dec") as actor, pytest.raises(DutyConflict):
        transition(actor, record=fresh(request), name="withdraw", note="because")


def test_somebody_else_in_the_same_organisation_may_act_as_requester(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "delivered")
    assert take(staff, request, "req_colleague", "confirm").state == "closed"


def test_a_stale_step_is_refused(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    seen = request.version
    take(staff, request, "clu", "validate")
    with staff.acting("cmc") as actor, pytest.raises(StaleRecord):
        transition(
            actor,
            record=fresh(request),
            name="endorse",
            data=data_for(staff, "endorse"),
            expected_version=seen,
        )
    with staff.acting("cmc") as actor, pytest.raises(StaleRecord):
        transition(actor, record=request, name="return", note="because")


def test_reasons_are_asked_for_where_the_workflow_says(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    with staff.acting("cmc") as actor, pytest.raises(Incomplete) as refusal:
        transition(actor, record=fresh(request), name="return", note="  ")
    assert set(refusal.value.errors) == {"note"}


@pytest.mark.parametrize(
    ("state", "by", "name", "changes", "field"),
    [
        ("submitted", "clu", "validate", {"not_duplicate": False}, "not_duplicate"),
        ("validated", "cmc", "endorse", {"last_resort": False}, "last_resort"),
        ("validated", "clu", "met_by_civilian", {"provider_name": ""}, "provider_name"),
        ("for_decision", "dec", "decline", {"reason": None}, "reason"),
        ("for_decision", "dec", "approve_conditions", {"conditions": ""}, "conditions"),
        ("for_decision", "dec", "counter_offer", {"counter_offer": ""}, "counter_offer"),
        ("for_decision", "dec", "extend", {"extended_until": None}, "extended_until"),
        ("for_decision", "dec", "approve", {"extended_until": timezone.now()}, "extended_until"),
        ("approved", "joc", "task", {"unit": None}, "unit"),
        ("approved", "joc", "task", {"report_by": timezone.now() - timedelta(hours=1)}, "report_by"),
        ("approved", "req", "ask_extension", {"until": timezone.now()}, "until"),
        ("delivered", "req", "confirm", {"need_met": "no", "remarks": ""}, "remarks"),
        ("under_assessment", "cim", "query", {"question": ""}, "question"),
    ],
)
def test_what_a_step_writes_is_checked_at_its_field(
    staff: Staff, state: str, by: str, name: str, changes: dict[str, Any], field: str
) -> None:
    request = bring_to(staff, request_file(staff), state)
    with staff.acting(by) as actor, pytest.raises(ValidationError) as refusal:
        transition(
            actor, record=fresh(request), name=name, data=data_for(staff, name) | changes, note="because"
        )
    assert field in refusal.value.message_dict
    with staff.acting(by):
        assert fresh(request).state == state


def test_a_task_goes_to_a_position_that_executes(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "approved")
    data = data_for(staff, "task") | {"unit": staff.positions["cim"]}
    with staff.acting("joc") as actor, pytest.raises(ValidationError):
        transition(actor, record=fresh(request), name="task", data=data)


def test_no_escort_is_recommended_before_the_security_adviser_has_spoken(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), "endorsed")
    request = take(staff, request, "cmc", "transmit")
    with staff.acting("cim") as actor, pytest.raises(Incomplete):
        transition(actor, record=fresh(request), name="recommend", data=data_for(staff, "recommend"))
    request = take(staff, request, "sec", "give_opinion")
    assert take(staff, request, "cim", "recommend").state == "for_decision"


def test_the_security_adviser_is_drawn_into_other_kinds_only_when_asked(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.MEDICAL), "under_assessment")
    with staff.acting("sec"):
        assert not AidRequest.objects.filter(pk=request.pk).exists()
    request = take(staff, request, "cim", "ask_security")
    with staff.acting("cim") as actor, pytest.raises(NotPermitted):
        transition(actor, record=fresh(request), name="ask_security")
    assert take(staff, request, "sec", "give_opinion").state == "under_assessment"


def test_a_counter_offer_that_changes_conditions_needs_the_cmcoord_officer_first(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "counter_offered")
    with staff.acting("req") as actor, pytest.raises(Incomplete):
        transition(actor, record=fresh(request), name="accept_offer")
    request = take(staff, request, "cmc", "concur")
    assert take(staff, request, "req", "accept_offer").state == "approved"


def test_a_plain_counter_offer_is_accepted_at_once_or_refused(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "for_decision")
    request = take(staff, request, "dec", "counter_offer", changes_conditions=False)
    with staff.acting("cmc") as actor, pytest.raises(NotPermitted):
        transition(actor, record=fresh(request), name="concur", note="because")
    assert take(staff, request, "req", "accept_offer").state == "approved"


def test_mission_support_needs_no_humanitarian_tests_and_no_cluster(staff: Staff) -> None:
    request = request_file(staff, by="req_mission", kind=RequestKind.MISSION_SUPPORT)
    request = take(staff, request, "req_mission", "submit")
    with staff.acting("clu"):
        assert not AidRequest.objects.filter(pk=request.pk).exists()
    assert AidRequestType.awaited(request) == (Role.CIMIC, Role.JOC)
    assert take(staff, request, "joc", "hand_back").state == "returned"
    with staff.acting("req_mission"):
        request = fresh(request)
    request = take(staff, request, "req_mission", "resubmit")
    assert take(staff, request, "cim", "take_up").state == "under_assessment"


def test_the_provider_of_civilian_means_is_named_and_the_request_ends_well(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "validated")
    name = canary("provider")
    request = take(staff, request, "cmc", "met_by_civilian", provider_name=name)
    with staff.acting("req"):
        assert request.civilianprovision_rows.get().provider_name == name
    assert AidRequestType.workflow.state(request.state).outcome == "success"


def test_a_query_and_its_answer_belong_together(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "info_requested")
    request = take(staff, request, "req", "answer")
    with staff.acting("cim"):
        asked = request.informationquery_rows.get()
        assert request.informationanswer_rows.get().query_id == asked.pk


def test_a_request_is_closed_to_editing_once_submitted_and_open_again_when_returned(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    with staff.acting("req") as actor, pytest.raises(NotPermitted):
        record_update(actor, record=fresh(request), changes={"people_targeted": 5})
    request = take(staff, request, "cmc", "return")
    with staff.acting("req") as actor:
        record_update(actor, record=fresh(request), changes={"people_targeted": 5})
        assert fresh(request).people_targeted == 5
    assert take(staff, request, "req", "resubmit").state == "submitted"


def test_unable_dispute_and_suspension_go_where_the_workflow_says(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "in_execution")
    request = take(staff, request, "joc", "suspend")
    request = take(staff, request, "joc", "resume")
    assert request.state == "in_execution"
    assert take(staff, request, "unit", "unable").state == "for_decision"
    other = bring_to(staff, request_file(staff), "delivered")
    assert take(staff, other, "req", "dispute").state == "for_decision"


def test_only_the_unit_tasked_last_executes(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "tasked")
    request = take(staff, request, "unit", "unable")
    request = take(staff, request, "dec", "approve")
    request = take(staff, request, "joc", "task", unit=staff.positions["unit_other"])
    with staff.acting("unit") as actor, pytest.raises(NotPermitted):
        transition(actor, record=fresh(request), name="accept")
    assert take(staff, request, "unit_other", "accept").state == "in_execution"
