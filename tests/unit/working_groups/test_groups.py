"""The life of a group: who leads it, which terms hold, what closing it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.records.errors import IllegalTransition
from apps.records.models import Event
from apps.working_groups.groups import in_force
from apps.working_groups.models import Meeting, Series, TermsOfReference, WorkingGroup
from tests.factories.groups import group_active, meeting_planned, step
from tests.factories.staff import Staff
from tests.unit.working_groups.test_calling import ahead, series_of

TODAY = timezone.localdate


def terms(staff: Staff, group: WorkingGroup, text: str = "What the group is for.") -> TermsOfReference:
    """A version that nobody endorsed."""
    with staff.acting("cmc"):
        return TermsOfReference.objects.create(group=group, text=text)


def endorse(staff: Staff, group: WorkingGroup, row: TermsOfReference, **data: Any) -> None:
    said = {"endorsed_on": TODAY(), "endorsed_by": "The group", "review_on": None} | data
    step(staff, group, "cmc", "endorse", terms=str(row.uuid), **said)


def test_terms_hold_from_their_endorsement_on(staff: Staff) -> None:
    group = group_active(staff)
    one, two = terms(staff, group), terms(staff, group, "More.")
    with staff.acting("cmc"):
        assert in_force(group) is None
    endorse(staff, group, one)
    with staff.acting("cmc"):
        assert in_force(group) == one
    endorse(staff, group, two, review_on=TODAY() + timedelta(days=90))
    with staff.acting("cmc"):
        found = in_force(group)
        assert (found, found.number, found.endorsed_by) == (two, 2, "The group")


@pytest.mark.parametrize(
    ("data", "text", "field"),
    [
        ({"endorsed_on": TODAY() + timedelta(days=2)}, "x", "endorsed_on"),
        ({}, "  ", "terms"),
    ],
)
def test_what_cannot_be_endorsed(staff: Staff, data: dict[str, Any], text: str, field: str) -> None:
    group = group_active(staff)
    row = terms(staff, group, text)
    with pytest.raises(ValidationError) as refused:
        endorse(staff, group, row, **data)
    assert list(refused.value.error_dict) == [field]
    with staff.acting("cmc"):
        assert in_force(group) is None


def test_terms_are_endorsed_once(staff: Staff) -> None:
    group = group_active(staff)
    row = terms(staff, group)
    endorse(staff, group, row)
    terms(staff, group, "Another, so that the step is offered.")
    with pytest.raises(ValidationError) as refused:
        endorse(staff, group, row, endorsed_by="Somebody else")
    assert list(refused.value.error_dict) == ["terms"]


def test_a_group_has_a_chair(staff: Staff) -> None:
    group = group_active(staff)
    with pytest.raises(ValidationError) as refused:
        step(staff, group, "cmc", "appoint", chair=None)
    assert list(refused.value.error_dict) == ["chair"]
    with staff.acting("cmc"):
        assert WorkingGroup.objects.get(pk=group.pk).chair == staff.positions["cmc"]


def test_a_group_that_closes_meets_no_more(staff: Staff) -> None:
    group = group_active(staff)
    series = series_of(staff, group)
    alone = meeting_planned(staff, group)
    with staff.acting("cmc"):
        known = Event.objects.count()
    step(staff, group, "cmc", "close", "Its task is done.")
    assert ahead(staff) == []
    with staff.acting("cmc"):
        assert not Series.objects.get(pk=series.pk).is_active
        assert Meeting.objects.get(pk=alone.pk).state == "cancelled"
        verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))[known:]
        # WHY: steps by which series leave meetings out are told to nobody; the group is told of its end.
        assert sorted(verbs) == ["meeting.cancel", *["meeting.drop"] * 4, "working_group.close"]


def test_closing_leaves_what_was_held_as_it_is(staff: Staff) -> None:
    group = group_active(staff)
    held = meeting_planned(staff, group)
    for name in ("start", "end"):
        step(staff, held, "cmc", name)
    step(staff, group, "cmc", "close", "Its task is done.")
    with staff.acting("cmc"):
        assert Meeting.objects.get(pk=held.pk).state == "minutes"


def test_a_suspended_group_calls_nothing_and_resumes(staff: Staff) -> None:
    group = group_active(staff)
    series_of(staff, group)
    first = ahead(staff)[0]
    step(staff, group, "cmc", "suspend", "Until the roads are dry.")
    for name in ("start", "end"):
        step(staff, first, "cmc", name)
    assert len(ahead(staff)) == 3
    assert step(staff, group, "cmc", "resume").state == "active"
    with pytest.raises(IllegalTransition):
        step(staff, group, "cmc", "resume")
