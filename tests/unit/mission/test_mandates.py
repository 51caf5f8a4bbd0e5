"""Filing for another organisation: the setting, and what the database makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.information_requests.models import InformationRequest
from apps.mission.models import FilingMandate, Organisation, Position, PositionRole
from apps.mission.vocabulary import EngagementStance, Role
from apps.need_to_know.access_requests import access_ask
from apps.need_to_know.audience import audience_of, audience_preview
from apps.need_to_know.checking import content_differences, unmanaged_records
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of, may_narrow, may_share
from apps.need_to_know.known import known_organisations
from apps.notifications.clocks import answering
from apps.records.errors import DutyConflict, NotPermitted
from apps.records.models import Record
from apps.records.originators import mandated, voices
from apps.records.services import originates, record_file, record_update, releases
from apps.records.transitions import open_to
from apps.records.waiting import needs_me
from apps.releases.models import Release
from apps.releases.services import release_draft
from tests.factories.aid_requests import fresh, take
from tests.factories.fixtures import committed_staff
from tests.factories.information_requests import answer_write
from tests.factories.information_requests import take as question_take
from tests.factories.mandates import filed_for, liaison_make, mandate_give
from tests.factories.releases import LOWER, step
from tests.factories.staff import Staff
from tests.unit.mission.test_setup import Place, change

__all__ = ["committed_staff"]
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
@pytest.fixture
def staff(committed_staff: Staff) -> Iterator[Staff]:
    """The mission; what the test writes is undone, and whom it adds is forgotten."""
    with transaction.atomic():
        yield replace(
            committed_staff, people=dict(committed_staff.people), positions=dict(committed_staff.positions)
        )
        transaction.set_rollback(True)


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


# ---------------------------------------------------------------- whose word counts
def submitted(staff: Staff, **label: Any) -> AidRequest:
    return take(staff, filed_for(staff, **label), "lno", "submit")


def widened(staff: Staff, by: str, request: AidRequest) -> bool:
    """Whether `by` may widen it: the service and the database say the same."""
    with staff.acting(by) as actor:
        if not Record.objects.filter(pk=request.pk).exists():
            return False
        said = releases(actor, fresh(request))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT need_to_know_releases(%s, %s)", [request.originator_id, request.author_position_id]
            )
            assert cursor.fetchone() == (said,)
        assert may_share(actor, fresh(request)) == said
        try:
            with transaction.atomic():
                Record.objects.filter(pk=request.pk).update(scope="mission")
                changed = Record.objects.get(pk=request.pk).scope == "mission"
                transaction.set_rollback(True)
        except DatabaseError:
            changed = False
    editor = by == "lno"
    assert changed == (said and editor), "only editors write the label, and only with the originator's word"
    return said


def test_the_release_authority_of_the_organisation_speaks(staff: Staff) -> None:
    liaison_make(staff)
    staff.post("rel", "ngo", Role.RELEASE)
    request = submitted(staff, scope="organisation")
    assert {by for by in ("lno", "req", "req_colleague", "rel", "cmc") if widened(staff, by, request)} == {
        "rel"
    }


def test_without_one_its_own_positions_speak_and_not_the_officer(staff: Staff) -> None:
    liaison_make(staff)
    staff.post("ngo_admin", "ngo", Role.ADMIN)
    request = submitted(staff, scope="organisation")
    assert {by for by in ("lno", "req", "req_colleague", "ngo_admin", "cmc") if widened(staff, by, request)} == {
        "req", "req_colleague",
    }  # fmt: skip
    with staff.acting("lno") as actor:
        with pytest.raises(NotPermitted):
            grant_give(actor, record=fresh(request), to=staff.positions["unit"], reason="It would help.")
        assert not originates(actor, fresh(request))


def test_where_the_organisation_has_nobody_here_the_officer_speaks(staff: Staff) -> None:
    liaison_make(staff, of="other_ngo")
    Position.objects.filter(organisation=staff.organisations["other_ngo"]).update(is_active=False)
    request = take(staff, filed_for(staff, of="other_ngo", scope="organisation"), "lno", "submit")
    assert widened(staff, "lno", request)


def test_as_soon_as_somebody_is_there_the_officer_does_not(staff: Staff) -> None:
    liaison_make(staff, of="other_ngo")
    Position.objects.filter(organisation=staff.organisations["other_ngo"]).update(is_active=False)
    request = take(staff, filed_for(staff, of="other_ngo", scope="organisation"), "lno", "submit")
    Position.objects.filter(organisation=staff.organisations["other_ngo"]).update(is_active=True)
    assert not widened(staff, "lno", request)
    assert widened(staff, "req_elsewhere", request)


def test_what_the_organisation_shared_the_officer_does_not_take_back(staff: Staff) -> None:
    liaison_make(staff)
    request = submitted(staff, scope="organisation")
    with staff.acting("req") as actor:
        grant_give(actor, record=fresh(request), to=staff.positions["unit"], reason="They carry it.")
    with staff.acting("lno") as actor:
        (given,) = grants_of(fresh(request))
        assert not may_narrow(actor, fresh(request))
        with pytest.raises(NotPermitted):
            grant_revoke(actor, record=fresh(request), key=given.key)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM need_to_know_recordgroupobjectpermission WHERE uuid = %s", [given.key]
            )
            assert cursor.rowcount == 0
    with staff.acting("unit"):
        assert Record.objects.filter(pk=request.pk).exists()


def test_asking_the_organisation_to_share_shows_it_the_record(staff: Staff) -> None:
    liaison_make(staff)
    request = filed_for(staff, scope="private")
    with staff.acting("req"):
        assert not Record.objects.filter(pk=request.pk).exists()
    with staff.acting("lno") as actor:
        access_ask(
            actor, reference=request.reference, wanted="full", purpose="The unit must plan for it.",
            until=timezone.now() + timedelta(days=3), position=staff.positions["lno"],
            reader=staff.positions["unit"],
        )  # fmt: skip
        asked = set(answering(fresh(request), "access").values_list("title", flat=True))
        assert asked == {"Post req", "Post req_colleague"}
    with staff.acting("req"):
        assert Record.objects.filter(pk=request.pk).exists()
    with staff.acting("unit"):
        assert not Record.objects.filter(pk=request.pk).exists()


def test_only_its_own_positions_write_a_releasable_summary(staff: Staff) -> None:
    liaison_make(staff)
    request = submitted(staff, scope="organisation")
    with staff.acting("lno") as actor, pytest.raises(NotPermitted):
        release_draft(actor, source=fresh(request), release=Release(title="Summary", summary="…"))
    with staff.acting("req") as actor:
        drafted = release_draft(actor, source=fresh(request), release=Release(title="Summary", summary="…"))
        assert drafted.originator == staff.organisations["ngo"]


def test_the_last_position_that_manages_it_is_not_closed(staff: Staff) -> None:
    liaison_make(staff, of="other_ngo")
    Position.objects.filter(organisation=staff.organisations["other_ngo"]).update(is_active=False)
    filed_for(staff, of="other_ngo")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        Position.objects.filter(pk=staff.positions["lno"].pk).update(is_active=False)
    assert getattr(refused.value.__cause__, "pgcode", "") == "CP011"
    Position.objects.filter(pk=staff.positions["req_elsewhere"].pk).update(is_active=True)
    Position.objects.filter(pk=staff.positions["lno"].pk).update(is_active=False)
    assert unmanaged_records() == []


# ---------------------------------------------------------------- its workflow
@pytest.mark.parametrize("scope", ["private", "organisation"])
def test_officer_and_focal_points_answer_for_the_request_together(staff: Staff, scope: str) -> None:
    liaison_make(staff)
    staff.post("rel", "ngo", Role.RELEASE)
    request = submitted(staff, scope=scope)
    for by in ("lno", "req", "req_colleague"):
        with staff.acting(by) as actor:
            assert "withdraw" in {offer.step.name for offer in open_to(actor, fresh(request))}, by
    with staff.acting("rel"):
        assert Record.objects.filter(pk=request.pk).exists(), "its release authority reads what it decides on"
    with staff.acting("req_elsewhere"):
        assert not Record.objects.filter(pk=request.pk).exists()
    returned = take(staff, request, "cmc", "return")
    for by in ("lno", "req"):
        with staff.acting(by) as actor:
            assert request.pk in {needed.record.pk for needed in needs_me(actor)}, by
    take(staff, returned, "req", "withdraw")
    assert content_differences() == []


def test_a_draft_waits_for_nobody_of_the_organisation(staff: Staff) -> None:
    liaison_make(staff)
    request = filed_for(staff, scope="private")
    with staff.acting("req"):
        assert not Record.objects.filter(pk=request.pk).exists()


def test_whoever_filed_for_another_validates_and_decides_nothing_about_it(staff: Staff) -> None:
    liaison_make(staff)
    PositionRole.objects.create(position=staff.positions["lno"], role=Role.CLUSTER)
    request = submitted(staff, scope="organisation")
    with pytest.raises(DutyConflict):
        take(staff, request, "lno", "validate")
    assert take(staff, request, "clu", "validate").state == "validated"


def test_a_question_asked_for_another_is_that_organisations(staff: Staff) -> None:
    liaison_make(staff)
    with staff.acting("lno") as actor:
        asked = record_file(
            actor, record=InformationRequest(title="Which road?", question="Is it open?", scope="private"),
            position=staff.positions["lno"], originator=staff.organisations["ngo"],
        )  # fmt: skip
        assert asked.originator == staff.organisations["ngo"]
        assert set(voices(asked).values_list("title", flat=True)) == {"Post req", "Post req_colleague"}
        focal = asked.record_type.role_positions(asked, Role.REQUESTER)
        assert set(focal.values_list("title", flat=True)) == {"Post lno", "Post req", "Post req_colleague"}


def test_the_answer_reaches_the_organisation_for_which_it_was_asked(staff: Staff) -> None:
    liaison_make(staff)
    staff.post("rel_force", "force", Role.RELEASE)
    with staff.acting("lno") as actor:
        asked = record_file(
            actor, position=staff.positions["lno"], originator=staff.organisations["ngo"],
            record=InformationRequest(
                title="Which road?", question="Is it open?", purpose="A convoy", priority=2, area=staff.area,
                needed_by=timezone.now() + timedelta(days=5), scope="private",
            ),
        )  # fmt: skip
    for by, name in (("lno", "ask"), ("joc", "accept"), ("joc", "assign")):
        asked = question_take(staff, asked, by, name)
    answer = answer_write(staff, asked)
    question_take(staff, asked, "cim", "put_forward")
    step(staff, answer, "rel_force", "sign", **LOWER | {"reason": "It helps them.", "scope": "private"})
    for by in ("lno", "req", "req_colleague"):
        with staff.acting(by):
            assert Release.objects.filter(pk=answer.pk).exists(), by
    with staff.acting("req_elsewhere"):
        assert not Release.objects.filter(pk=answer.pk).exists()
    assert question_take(staff, asked, "req", "satisfied").state == "satisfied"


# ---------------------------------------------------------------- preview and names
@pytest.mark.parametrize("scope", ["private", "organisation", "mission"])
def test_the_preview_counts_the_other_organisation(staff: Staff, scope: str) -> None:
    liaison_make(staff)
    with staff.acting("lno") as actor:
        foreseen = audience_preview(
            actor, record=None, scope=scope, classification=0, compartments=[],
            originator_group=staff.organisations["ngo"].group_id, author_group=staff.positions["lno"].group_id,
        )  # fmt: skip
    request = filed_for(staff, scope=scope)
    with staff.acting("lno"):
        real = audience_of(fresh(request))
    assert {reader.user_id for reader in foreseen.readers} == {reader.user_id for reader in real.readers}


def test_whoever_files_for_an_unlisted_organisation_knows_it_and_nobody_more(staff: Staff) -> None:
    Organisation.objects.filter(pk=staff.organisations["ngo"].pk).update(
        engagement_stance=EngagementStance.UNLISTED
    )
    liaison_make(staff)
    for by, knows in (("lno", True), ("req", True), ("cmc", True), ("cim", False), ("req_mission", False)):
        with staff.acting(by) as actor:
            assert known_organisations(actor).filter(pk=staff.organisations["ngo"].pk).exists() == knows, by
    FilingMandate.objects.update(until=timezone.now() - timedelta(seconds=1))
    with staff.acting("lno") as actor:
        assert known_organisations(actor).filter(pk=staff.organisations["ngo"].pk).exists(), (
            "they filed for it"
        )


def test_a_release_authority_named_later_is_the_only_voice(staff: Staff) -> None:
    liaison_make(staff)
    request = submitted(staff, scope="organisation")
    PositionRole.objects.create(position=staff.positions["req"], role=Role.RELEASE)
    assert widened(staff, "req", request)
    assert not widened(staff, "req_colleague", request)
