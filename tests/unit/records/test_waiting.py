"""Who acts now and until when: with holders, substitutes, and each person's own desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.mission.models import Holding
from apps.mission.vocabulary import Capacity, RequestKind, Role
from apps.records.waiting import needs_me, waiting_for
from tests.factories.aid_requests import bring_to, request_file, take
from tests.factories.staff import Staff

AWAITED = {
    "submitted": "clu", "returned": "req", "validated": "cmc", "endorsed": "cmc", "under_assessment": "cim",
    "info_requested": "req", "for_decision": "dec", "counter_offered": "req", "approved": "joc",
    "tasked": "unit", "in_execution": "unit", "suspended": "joc", "delivered": "req",
}  # fmt: skip


def desk(staff: Staff, who: str) -> set[int]:
    """Records on somebody's desk."""
    with staff.acting(who) as actor:
        return {need.record.pk for need in needs_me(actor)}


@pytest.mark.parametrize(("state", "who"), AWAITED.items())
def test_each_open_state_waits_for_its_role_and_stands_on_that_desk(
    staff: Staff, state: str, who: str
) -> None:
    request = bring_to(staff, request_file(staff), state)
    with staff.acting("req"):
        waiting = waiting_for(request)
        assert waiting.due_at == request.due_at is not None
        titles = {post.title for post in waiting.awaited[0].posts}
        assert f"Post {who}" in titles
        names = {person.name for post in waiting.awaited[0].posts for person in post.holders}
        assert f"Holder {who}" in names
    everybody = {
        "req",
        "clu",
        "clu_other_sector",
        "cmc",
        "cim",
        "joc",
        "dec",
        "dec_unlisted",
        "unit",
        "unit_other",
    }
    also = {"cmc"} if state == "counter_offered" else set()
    assert {name for name in everybody if request.pk in desk(staff, name)} == {who} | also


def test_nothing_waits_for_anybody_once_it_has_ended(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "closed")
    with staff.acting("req"):
        assert waiting_for(request).awaited == []
    assert request.pk not in desk(staff, "req")


def test_drafts_are_no_work_for_the_desk(staff: Staff) -> None:
    assert request_file(staff).pk not in desk(staff, "req")


def test_a_substitute_is_named_and_finds_it_on_their_desk(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "approved")
    Holding.objects.create(
        position=staff.positions["joc"], person=staff.people["aud"], capacity=Capacity.SUBSTITUTE,
        starts=timezone.now() - timedelta(days=1), until=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    with staff.acting("req"):
        (post,) = waiting_for(request).awaited[0].posts
        assert [person.name for person in post.holders] == ["Holder joc"]
        assert [person.name for person in post.substitutes] == ["Holder aud"]
    assert request.pk in desk(staff, "aud")


def test_an_escort_under_assessment_waits_for_the_security_adviser_too(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), "endorsed")
    request = take(staff, request, "cmc", "transmit")
    assert request.pk in desk(staff, "sec")
    with staff.acting("req"):
        assert [awaited.role for awaited in waiting_for(request).awaited] == [Role.CIMIC, Role.SECURITY]
    request = take(staff, request, "sec", "give_opinion")
    assert request.pk not in desk(staff, "sec")


def test_mission_support_waits_for_those_who_assess_it(staff: Staff) -> None:
    request = request_file(staff, by="req_mission", kind=RequestKind.MISSION_SUPPORT)
    request = take(staff, request, "req_mission", "submit")
    assert request.pk in desk(staff, "cim") & desk(staff, "joc")
    assert request.pk not in desk(staff, "clu") | desk(staff, "cmc")


def test_the_most_urgent_comes_first(staff: Staff) -> None:
    routine = bring_to(staff, request_file(staff, priority=3), "submitted")
    urgent = bring_to(staff, request_file(staff, priority=1), "submitted")
    with staff.acting("clu") as actor:
        assert [need.record.pk for need in needs_me(actor)] == [urgent.pk, routine.pk]


def test_a_desk_costs_few_queries_however_much_waits(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        bring_to(staff, request_file(staff), "submitted")
    with staff.acting("clu") as actor, django_assert_max_num_queries(5):
        assert len(needs_me(actor)) == 4
