"""Forms as a browser fills them in: of each step of the workflow, and of the request itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.utils import timezone

from apps.aid_requests.forms.request import AidRequestForm
from apps.aid_requests.forms.steps import civilian_providers
from apps.aid_requests.models import AidRequest
from apps.aid_requests.record import FORM_SECTIONS, AidRequestType
from apps.aid_requests.workflow import WORKFLOW
from apps.mission.vocabulary import EngagementStance, RequestKind
from apps.pages.forms import step_form
from apps.records.transitions import transition
from tests.factories.aid_requests import bring_to, data_for, fresh, request_file
from tests.factories.staff import Staff

ASKING = [step for step in WORKFLOW.transitions if step.form is not None]
# Who fills the form in, and from which state, where it is not the first source of the step.
FILLED_BY = {
    "validate": "clu", "endorse_emergency": "cmc", "met_by_civilian": "cmc", "endorse": "cmc",
    "validate_afterwards": "clu", "query": "cim", "give_opinion": "sec", "recommend": "cim", "approve": "dec",
    "approve_conditions": "dec", "counter_offer": "dec", "decline": "dec", "extend": "dec", "task": "joc",
}  # fmt: skip


def typed(data: dict[str, Any]) -> dict[str, str]:
    """Cleaned data as a browser would have sent it."""
    made = {}
    for name, value in data.items():
        if value is False:
            continue
        if hasattr(value, "pk"):
            made[name] = str(value.pk)
        elif hasattr(value, "astimezone"):
            made[name] = value.strftime("%Y-%m-%dT%H:%M")
        else:
            made[name] = "on" if value is True else str(value)
    return made


@pytest.mark.parametrize("step", ASKING, ids=lambda step: step.name)
def test_what_a_form_accepts_its_step_accepts(staff: Staff, step: Any) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), "submitted")
    with staff.acting(FILLED_BY.get(step.name, "req")) as actor:
        form = step.form()(typed(data_for(staff, step.name)), actor=actor, record=request)
        assert form.is_valid(), form.errors


@pytest.mark.parametrize("step", ASKING, ids=lambda step: step.name)
def test_an_empty_form_says_what_is_missing(staff: Staff, step: Any) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), "submitted")
    with staff.acting("cmc") as actor:
        form = step.form()({}, actor=actor, record=request)
        # WHY: an approval asks for nothing but may be explained; its deadline is checked when one is over.
        assert form.is_valid() is (step.name == "approve")
        if step.name != "approve":
            assert set(form.errors) <= set(form.fields)


def test_choices_of_a_step_stay_within_the_mission(staff: Staff) -> None:
    from tests.factories.staff import staff_make

    stranger = staff_make("elsewhere")
    request = bring_to(staff, request_file(staff), "approved")
    with staff.acting("joc") as actor:
        form_class = WORKFLOW.transition("task").form()  # type: ignore[misc]
        data = typed(data_for(staff, "task") | {"unit": stranger.positions["unit"]})
        form = form_class(data, actor=actor, record=request)
        assert set(form.errors) == {"unit"}
        units = form.fields["unit"].queryset
        assert {p.mission_id for p in units} == {staff.mission.pk}
        assert {p.title for p in units} == {"Post unit", "Post unit_other"}


def test_providers_to_choose_from_are_civilian_and_do_not_mind_being_listed(staff: Staff) -> None:
    request = request_file(staff)
    names = {o.name for o in civilian_providers(request)}
    assert names == {"Relief House", "Second House", "Agency House"}
    shy = staff.organisations["other_ngo"]
    type(shy).objects.filter(pk=shy.pk).update(engagement_stance=EngagementStance.UNLISTED)
    assert "Second House" not in {o.name for o in civilian_providers(request)}


def test_an_overdue_request_is_not_approved_without_a_new_deadline(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "for_decision")
    request.needed_by = timezone.now() - timedelta(hours=1)
    with staff.acting("dec") as actor:
        approve = WORKFLOW.transition("approve").form()  # type: ignore[misc]
        assert set(approve({}, actor=actor, record=request).errors) == {"extended_until"}
        later = {"extended_until": (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")}
        assert approve(later, actor=actor, record=request).is_valid()


@pytest.mark.parametrize("section", FORM_SECTIONS, ids=lambda section: section.key)
def test_a_step_of_the_form_has_its_fields_and_saves_with_nothing_but_a_title(
    staff: Staff, section: Any
) -> None:
    with staff.acting("req") as actor:
        form = step_form(AidRequestType, section, actor, data={"title": "Only this"}, instance=AidRequest())
        assert issubclass(type(form), AidRequestForm)
        assert tuple(form.fields) == section.fields
        assert form.is_valid(), form.errors


def test_every_question_has_a_label_and_answers_of_criteria_may_stay_open(staff: Staff) -> None:
    with staff.acting("req") as actor:
        escort = next(s for s in FORM_SECTIONS if s.key == "escort")
        form = step_form(AidRequestType, escort, actor, instance=AidRequest(kind=RequestKind.ESCORT))
        assert all(field.label for field in form.fields.values())
        assert isinstance(form.fields["security_met"].widget, forms.RadioSelect)
        data = {"security_met": "False", "authorities_met": "True"}
        form = step_form(
            AidRequestType, escort, actor, data=data, instance=AidRequest(kind=RequestKind.ESCORT)
        )
        assert form.is_valid()
        assert [form.cleaned_data[f"{n}_met"] for n in ("security", "authorities", "sustainability")] == [
            False, True, None,
        ]  # fmt: skip


def test_what_must_be_answered_before_submission_is_marked(staff: Staff) -> None:
    with staff.acting("req") as actor:
        need = FORM_SECTIONS[0]
        form = step_form(AidRequestType, need, actor, instance=AidRequest(kind=RequestKind.MCDA))
        marked = {name for name, field in form.fields.items() if getattr(field, "needed_to_submit", False)}
    assert marked == {
        "title", "kind", "priority", "sector", "need_statement", "people_targeted", "consequence_if_not_met",
    }  # fmt: skip


def test_cleaned_data_of_a_form_carries_a_step_through(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "for_decision")
    with staff.acting("dec") as actor:
        decline = WORKFLOW.transition("decline").form()  # type: ignore[misc]
        form = decline(typed(data_for(staff, "decline")), actor=actor, record=request)
        assert form.is_valid()
        transition(actor, record=fresh(request), name="decline", data=form.cleaned_data)
        assert request.decision_rows.get().reason_id == staff.terms["decline_reason"].pk
