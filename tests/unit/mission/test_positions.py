"""Positions in set-up: who is in them and when, handing one over, and records that keep somebody who manages them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.aid_requests.models import AidRequest
from apps.mission.models import Handover, Holding, Position
from apps.mission.vocabulary import Capacity, Role
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from tests.unit.mission.test_setup import Place, change, holding_row, position_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return Place("here")


def errors_of(answer: Any) -> dict[str, list[str]]:
    """Errors of the form and its rows, by field."""
    assert answer.status_code == 200
    found = dict(answer.context["adminform"].form.errors)
    for inline in answer.context["inline_admin_formsets"]:
        for row in inline.formset.errors:
            found |= row
        if inline.formset.non_form_errors():
            found["__all__"] = list(inline.formset.non_form_errors())
    return found


def handover_page(position: Position) -> str:
    return reverse("admin:mission_position_handover", args=[position.pk])


def filing(here: Place) -> Position:
    """A position whose organisation has a record and no other position that could manage it."""
    here.post.roles.create(role=Role.REQUESTER)
    with acting_as(here.officer, here.mission) as actor:
        record_file(actor, record=AidRequest(title="Food", kind="mcda"), position=here.post)
    return here.post


# ---------------------------------------------------------------- who is in it
def test_an_end_before_the_beginning_is_refused_at_its_field(here: Place) -> None:
    person = here.person("deputy", here.position("Deputy"))
    form = position_form(here.post, **holding_row(person, until_0="2026-01-01", until_1="08:00"))
    assert list(errors_of(here.client.post(change(here.post), form))) == ["until"]


def test_nobody_is_in_a_position_twice_at_the_same_time(here: Place) -> None:
    person = here.person("deputy", here.position("Deputy"))
    first = Holding.objects.create(
        position=here.post, person=person, capacity=Capacity.ACTING,
        starts="2026-01-01T00:00Z", until="2026-02-01T00:00Z",
    )  # fmt: skip
    stored = {"id": first.pk, "position": here.post.pk, "person": person.pk, "capacity": Capacity.ACTING,
              "starts_0": "2026-01-01", "starts_1": "00:00", "until_0": "2026-02-01", "until_1": "00:00"}  # fmt: skip
    rows = {f"holdings-0-{name}": value for name, value in stored.items()}

    def second(day: str) -> Any:
        more = {"id": "", "person": person.pk, "capacity": Capacity.SUBSTITUTE, "starts_0": day, "starts_1": "00:00",
                "until_0": "2026-03-01", "until_1": "00:00"}  # fmt: skip
        form = {**position_form(here.post), **rows, **{f"holdings-1-{name}": value for name, value in more.items()},
                "holdings-TOTAL_FORMS": 2, "holdings-INITIAL_FORMS": 1}  # fmt: skip
        return here.client.post(change(here.post), form)

    assert list(errors_of(second("2026-01-31"))) == ["starts"]
    assert second("2026-02-02").status_code == 302


def test_the_page_says_who_holds_it_now_and_next(here: Place) -> None:
    later = here.person("later", here.position("Elsewhere"))
    Holding.objects.create(position=here.post, person=later, starts=timezone.now() + timedelta(days=9))
    found = here.client.get(change(here.post)).context["tenures"]
    assert [held.person for held in found.now] == [here.officer]
    assert [held.person for held in found.later] == [later]
    Holding.objects.filter(position=here.post, person=here.officer).update(capacity=Capacity.ACTING)
    listed = here.client.get(reverse("admin:mission_position_changelist")).content.decode()
    assert "officer of here (acting)" in listed


def test_a_role_is_removed_and_not_turned_into_another(here: Place) -> None:
    role = here.post.roles.get()
    rows = {
        "roles-TOTAL_FORMS": 1,
        "roles-INITIAL_FORMS": 1,
        "roles-0-id": role.pk,
        "roles-0-role": Role.DECIDER,
    }
    assert "__all__" in errors_of(here.client.post(change(here.post), position_form(here.post, **rows)))
    role.refresh_from_db()
    assert role.role == Role.CIMIC


def test_a_position_that_was_held_stays_with_its_organisation(here: Place) -> None:
    other = type(here.organisation).objects.create(
        mission=here.mission, name="Other", org_type="437", side="humanitarian"
    )
    here.client.post(change(here.post), position_form(here.post, organisation=other.pk))
    here.post.refresh_from_db()
    assert here.post.organisation == here.organisation
    fresh = here.position("Never held")
    here.client.post(change(fresh), position_form(fresh, organisation=other.pk))
    fresh.refresh_from_db()
    assert fresh.organisation == other


# ---------------------------------------------------------------- handing over
def test_an_administrator_hands_a_position_over_and_cancels(here: Place) -> None:
    successor = here.person("successor", here.position("Elsewhere"))
    assert "officer of here" in here.client.get(handover_page(here.post)).content.decode()
    at = timezone.localtime() + timedelta(days=2)
    sent = {"leaver": here.officer.pk, "successor": successor.pk, "note": "Keys are at the desk.",
            "at_0": at.strftime("%Y-%m-%d"), "at_1": "08:00"}  # fmt: skip
    assert here.client.post(handover_page(here.post), sent).status_code == 302
    made = Handover.objects.get()
    assert (made.made_by, made.note) == (here.admin, "Keys are at the desk.")
    assert "Cancel this handover" in here.client.get(handover_page(here.post)).content.decode()
    cancel = reverse("admin:mission_handover_cancel", args=[made.pk])
    assert here.client.get(cancel).status_code == 404
    assert here.client.post(cancel).status_code == 302
    assert not Holding.objects.filter(position=here.post, person=successor).exists()
    assert here.client.post(handover_page(here.post), {**sent, "at_0": "", "at_1": ""}).status_code == 302
    assert Holding.objects.current().filter(position=here.post).get().person == successor


def test_an_administrator_hands_nothing_to_themselves_or_from_themselves(here: Place) -> None:
    sent = {"leaver": here.officer.pk, "successor": here.admin.pk}
    answer = here.client.post(handover_page(here.post), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["successor"]
    assert here.client.post(handover_page(here.desk), {"leaver": here.admin.pk}).status_code == 403
    assert not Handover.objects.exists()


def test_a_handover_stays_in_its_mission(here: Place) -> None:
    there = Place("there")
    assert here.client.get(handover_page(there.post)).status_code == 404
    sent = {"leaver": here.officer.pk, "successor": there.officer.pk}
    assert here.client.post(handover_page(here.post), sent).status_code == 422
    successor = there.person("successor", there.position("Elsewhere"))
    at = timezone.localtime() + timedelta(days=2)
    planned = {"leaver": there.officer.pk, "successor": successor.pk, "at_0": at.strftime("%Y-%m-%d"),
               "at_1": "08:00"}  # fmt: skip
    there.client.post(handover_page(there.post), planned)
    cancel = reverse("admin:mission_handover_cancel", args=[Handover.objects.get().pk])
    assert here.client.post(cancel).status_code == 404


def test_a_superuser_without_a_position_hands_nothing_over(here: Place) -> None:
    User.objects.filter(pk=here.admin.pk).update(is_superuser=True)
    Holding.objects.filter(person=here.admin).delete()
    assert here.client.get(change(here.post)).status_code == 200
    assert here.client.get(handover_page(here.post)).status_code == 403


# ---------------------------------------------------------------- records keep a manager
def test_the_last_position_that_manages_records_is_not_closed(here: Place) -> None:
    position = filing(here)
    form = position_form(position)
    del form["is_active"]
    assert list(errors_of(here.client.post(change(position), form))) == ["is_active"]
    position.refresh_from_db()
    assert position.is_active
    here.position("Release", Role.RELEASE)
    assert here.client.post(change(position), form).status_code == 302
    position.refresh_from_db()
    assert not position.is_active


def test_the_last_release_authority_stays_while_its_records_need_it(here: Place) -> None:
    position = filing(here)
    release = here.position("Release", Role.RELEASE)
    Position.objects.filter(pk=position.pk).update(is_active=False)
    role = release.roles.get()
    rows = {"roles-TOTAL_FORMS": 1, "roles-INITIAL_FORMS": 1, "roles-0-id": role.pk, "roles-0-role": Role.RELEASE,
            "roles-0-DELETE": "on"}  # fmt: skip
    answer = here.client.post(change(release), position_form(release, **rows))
    assert "Records would be left" in str(errors_of(answer)["__all__"])
    assert release.roles.filter(role=Role.RELEASE).exists()
    here.position("Second release", Role.RELEASE)
    assert here.client.post(change(release), position_form(release, **rows)).status_code == 302
    assert not release.roles.exists()


def test_a_refusal_that_the_form_did_not_foresee_is_told_and_undone(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = filing(here)
    monkeypatch.setattr("apps.mission.setup.positions.would_leave_unmanaged", lambda change: False)
    form = position_form(position, title="Renamed")
    del form["is_active"]
    answer = here.client.post(change(position), form, follow=True)
    assert answer.status_code == 200
    assert "Records would be left" in "".join(str(message) for message in answer.context["messages"])
    position.refresh_from_db()
    assert (position.is_active, position.title) == (True, "CIMIC officer")


def test_an_emergency_role_is_named_by_the_administrator(here: Place) -> None:
    assert here.client.post(change(here.post), position_form(here.post, breaks_glass="on")).status_code == 302
    here.post.refresh_from_db()
    assert here.post.breaks_glass
