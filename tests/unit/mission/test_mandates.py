"""Filing for another organisation: the setting, and what the database makes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import FilingMandate, Organisation
from apps.mission.vocabulary import Role
from apps.need_to_know.audience import audience_of
from apps.need_to_know.checking import content_differences
from apps.records.errors import NotPermitted
from apps.records.models import Record
from apps.records.originators import mandated
from apps.records.services import originates, record_file, record_update
from apps.records.transitions import open_to
from apps.releases.models import Release
from tests.factories.aid_requests import fresh
from tests.factories.mandates import filed_for, liaison_make, mandate_give
from tests.factories.staff import Staff
from tests.unit.mission.test_setup import Place, change

ADD = "admin:mission_filingmandate_add"


# ---------------------------------------------------------------- the setting
@pytest.fixture
def here(db: None) -> Place:
    return Place("here")


@pytest.fixture
def ngo(here: Place) -> Organisation:
    return Organisation.objects.create(
        mission=here.mission, name="Relief House", org_type="437", side="humanitarian"
    )


def form(place: Place, organisation: Organisation, **more: Any) -> dict[str, Any]:
    return {
        "mission": place.mission.pk, "position": place.post.pk, "organisation": organisation.pk,
        "starts_0": "2026-01-01", "starts_1": "08:00", "until_0": "", "until_1": "",
        "agreed_with": "Its director, by letter of 3 January", **more,
    }  # fmt: skip


def wrong(place: Place, values: dict[str, Any]) -> list[str]:
    page = place.client.post(reverse(ADD), values)
    assert page.status_code == 200
    assert not FilingMandate.objects.exists()
    return list(page.context["adminform"].form.errors)


def test_an_administrator_says_who_files_for_whom(here: Place, ngo: Organisation) -> None:
    assert here.client.post(reverse(ADD), form(here, ngo)).status_code == 302
    made = FilingMandate.objects.get()
    assert (made.position, made.organisation, made.until) == (here.post, ngo, None)
    listed = here.client.get(reverse("admin:mission_filingmandate_changelist"))
    assert "Its director" in listed.content.decode()


def test_a_mandate_says_who_agreed(here: Place, ngo: Organisation) -> None:
    assert wrong(here, form(here, ngo, agreed_with="")) == ["agreed_with"]


def test_nobody_needs_a_mandate_for_their_own_organisation(here: Place) -> None:
    assert wrong(here, form(here, here.organisation)) == ["organisation"]


def test_a_mandate_ends_after_it_begins(here: Place, ngo: Organisation) -> None:
    assert "until" in wrong(here, form(here, ngo, until_0="2025-12-31", until_1="08:00"))


def test_a_mandate_stays_within_its_mission(here: Place, ngo: Organisation) -> None:
    there = Place("there")
    assert wrong(here, form(here, there.organisation)) == ["organisation"]
    assert wrong(here, form(here, ngo, position=there.post.pk)) == ["position"]


def test_an_administrator_gives_none_to_a_position_of_their_own(here: Place, ngo: Organisation) -> None:
    assert wrong(here, form(here, ngo, position=here.desk.pk)) == ["position"]


def test_a_mandate_ends_by_its_date_and_is_kept(here: Place, ngo: Organisation) -> None:
    here.client.post(reverse(ADD), form(here, ngo))
    made = FilingMandate.objects.get()
    other = here.position("Another", Role.CIMIC)
    ended = form(here, ngo, until_0="2026-02-01", until_1="08:00", position=other.pk)
    assert here.client.post(change(made), ended).status_code == 302
    made.refresh_from_db()
    assert made.until is not None
    assert made.position == here.post, "who files for whom is another mandate"
    assert here.client.post(reverse("admin:mission_filingmandate_delete", args=[made.pk])).status_code == 403


# ---------------------------------------------------------------- whose a record is
def inserted(staff: Staff, by: str, of: Organisation) -> AidRequest:
    """What the database makes of an insert that names an originator, past all services."""
    with staff.acting(by) as actor:
        request = AidRequest(
            title="Past the services", mission=staff.mission, type="aid_request", state="draft", reference="RFA",
            author=actor.user, author_position=staff.positions[by], originator=of,
        )  # fmt: skip
        request.save()
        request.refresh_from_db()
    return request


def test_a_request_filed_under_a_mandate_is_the_organisations(staff: Staff) -> None:
    liaison_make(staff)
    request = filed_for(staff, scope="organisation")
    with staff.acting("req") as actor:
        assert fresh(request).originator == staff.organisations["ngo"]
        readers = {reader.position for reader in audience_of(fresh(request)).readers}
        assert readers == {"Post lno", "Post req", "Post req_colleague"}
        assert originates(actor, fresh(request))
    with staff.acting("lno") as actor:
        record_update(actor, record=fresh(request), changes={"title": "Edited by its author"})
    with staff.acting("req_mission"):
        assert not Record.objects.filter(pk=request.pk).exists(), (
            "the officer's own organisation has no part in it"
        )


@pytest.mark.parametrize("case", ["none", "over", "ahead", "of another position", "for another organisation"])
def test_without_a_mandate_in_force_it_is_ones_own(staff: Staff, case: str) -> None:
    now = timezone.now()
    staff.post("lno", "support", Role.CIMIC)
    if case == "over":
        mandate_give(staff, until=now - timedelta(minutes=1))
    if case == "ahead":
        mandate_give(staff, starts=now + timedelta(hours=1))
    if case == "of another position":
        mandate_give(staff, by="req_mission")
    if case == "for another organisation":
        mandate_give(staff, of="agency")
    assert inserted(staff, "lno", staff.organisations["ngo"]).originator == staff.organisations["support"]
    with pytest.raises(ValidationError) as refused:
        filed_for(staff)
    assert list(refused.value.message_dict) == ["originator"]


def test_a_mandate_of_another_mission_opens_nothing(staff: Staff) -> None:
    there = Place("there")
    liaison_make(staff)
    # A row that no form would let in: the database looks at the missions of all three.
    FilingMandate.objects.create(
        mission=staff.mission, position=staff.positions["lno"], organisation=there.organisation, agreed_with="x",
        starts=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    assert inserted(staff, "lno", there.organisation).originator == staff.organisations["support"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT need_to_know_files_for(%s, %s, %s)",
            [staff.positions["lno"].pk, staff.organisations["ngo"].pk, there.mission.pk],
        )
        assert cursor.fetchone() == (False,)


def test_a_mandate_in_force_holds_past_the_services_too(staff: Staff) -> None:
    liaison_make(staff)
    assert inserted(staff, "lno", staff.organisations["ngo"]).originator == staff.organisations["ngo"]


def test_a_mandate_lost_meanwhile_files_nothing(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    liaison_make(staff)
    FilingMandate.objects.update(until=timezone.now() - timedelta(seconds=1))
    monkeypatch.setattr("apps.records.services.mandate_check", lambda *_args: None)
    with pytest.raises(NotPermitted):
        filed_for(staff)
    with staff.acting("lno"):
        assert not AidRequest.objects.exists()


def test_types_that_are_nobody_elses_to_say_are_not_filed_for_others(staff: Staff) -> None:
    liaison_make(staff)
    with staff.acting("lno") as actor, pytest.raises(ValidationError) as refused:
        record_file(
            actor, record=Release(title="A summary", summary="…"), position=staff.positions["lno"],
            originator=staff.organisations["ngo"],
        )  # fmt: skip
    assert list(refused.value.message_dict) == ["originator"]


def test_a_mandate_that_ended_changes_nothing_of_what_was_filed(staff: Staff) -> None:
    liaison_make(staff)
    request = filed_for(staff, scope="organisation")
    FilingMandate.objects.update(until=timezone.now() - timedelta(seconds=1))
    with staff.acting("lno") as actor:
        assert fresh(request).originator == staff.organisations["ngo"]
        record_update(actor, record=fresh(request), changes={"title": "Still its author"})
        assert "submit" in {offer.step.name for offer in open_to(actor, fresh(request))}
        assert mandated(actor) == []
    assert content_differences() == []
