"""What one files for another organisation: whose word counts, who answers for it, who reads it and is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
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
from apps.records.originators import voices
from apps.records.services import originates, record_file, releases
from apps.records.transitions import open_to
from apps.records.waiting import needs_me
from apps.releases.models import Release
from apps.releases.services import release_draft
from tests.factories.aid_requests import fresh, take
from tests.factories.information_requests import answer_write
from tests.factories.information_requests import take as question_take
from tests.factories.mandates import filed_for, liaison_make, submitted
from tests.factories.releases import LOWER, step
from tests.factories.staff import Staff


# ---------------------------------------------------------------- whose word counts
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
