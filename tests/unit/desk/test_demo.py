"""The demo mission: told once under the row rule, every state and label in it, nothing left for the clock."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.aid_requests.models import AidRequest, Decision
from apps.aid_requests.workflow import STATES
from apps.announcements import selectors
from apps.announcements.models import Announcement
from apps.announcements.record import AnnouncementType
from apps.desk.demo import cast
from apps.desk.demo.stage import PASSWORD
from apps.desk.demo.teller import sign_in
from apps.information_requests.record import InformationRequestType
from apps.joc_products.record import JocProductType
from apps.liaison_offices.record import EngagementType, LiaisonOfficeType
from apps.mission.models import DataType, Handover, Mission, SharingProtocol
from apps.need_to_know.acting import acting_as, missions_of
from apps.need_to_know.grants import grants_of
from apps.need_to_know.roll_call import Page
from apps.records.actors import NoActor
from apps.records.models import Attachment, Comment, RecordLink, Step
from apps.records.registry import all_types
from apps.releases.models import Release
from apps.releases.record import ReleaseType
from apps.stakeholders.record import StakeholderType
from tests.cast.rows import door

READERS = [key for key, post in cast.POSTS.items() if post.roles not in {("ADM",), ("AUD",)}]

# WHY: whoever comes first waits until the whole demo mission is told.
pytestmark = pytest.mark.timeout(400)


def person(post: str) -> User:
    return User.objects.get(email=sign_in(post))


def read_by(post: str, mission: Mission) -> dict[str, AidRequest]:
    with acting_as(person(post), mission):
        return {request.title: request for request in AidRequest.objects.all()}


def test_everybody_who_is_named_may_sign_in(told: str, mission: Mission) -> None:
    for post, _what in cast.SHOWN:
        assert sign_in(post) in told
    assert PASSWORD in told
    answer = Client().post("/accounts/login/", {"login": sign_in("nbr"), "password": PASSWORD})
    assert answer.status_code == 302


def test_every_state_and_label_is_there(mission: Mission) -> None:
    everything = {title: request for post in READERS for title, request in read_by(post, mission).items()}
    assert len(everything) >= 60
    assert {request.state for request in everything.values()} == {state.code for state in STATES}
    assert {request.classification for request in everything.values()} == {0, 1, 2}
    assert {request.sensitivity for request in everything.values()} == {1, 2, 3}
    assert {request.scope for request in everything.values()} == {"private", "organisation", "mission"}
    held = {code for request in everything.values() for code in request.compartments}
    assert len(held) >= 2


EVERY_STATE = [
    ReleaseType,
    InformationRequestType,
    AnnouncementType,
    StakeholderType,
    LiaisonOfficeType,
    EngagementType,
    JocProductType,
]


@pytest.mark.parametrize("declared", EVERY_STATE)
def test_releases_questions_and_announcements_are_there_in_every_state(
    mission: Mission, declared: Any
) -> None:
    states: set[str] = set()
    for post in READERS:
        with acting_as(person(post), mission):
            states |= set(declared.model.objects.values_list("state", flat=True))
    assert states == {state.code for state in declared.workflow.states}


def test_a_notice_is_read_by_some_and_a_confidential_one_is_not_there_for_all(mission: Mission) -> None:
    with acting_as(person("jocc"), mission) as actor:
        notice = Announcement.objects.get(title="Whom to call outside office hours")
        found = selectors.read_by(actor, notice, Page())
    # Ten said so, and its issuer wrote it.
    assert found.done == 11
    assert found.missing >= 20
    title = "New call signs for convoys on the eastern roads"
    there = set()
    for post in ("nbr", "cwa"):
        with acting_as(person(post), mission):
            there |= {post for _each in Announcement.objects.filter(title=title)}
    assert there == {"nbr"}
    with acting_as(person("jocd"), mission):
        flood = Announcement.objects.get(title="Flood at the river port of Malakal")
        assert (flood.state, flood.edition, flood.editions.count()) == ("expired", 2, 2)


def test_an_answer_is_read_by_the_asker_and_its_source_is_not(mission: Mission) -> None:
    with acting_as(person("dca"), mission):
        assert Release.objects.filter(title="Flooded quarters of Bentiu", state="released").exists()
        assert not AidRequest.objects.filter(title="Pictures of the flood around Bentiu").exists()
    with acting_as(person("hhi"), mission):
        assert not Release.objects.filter(title="Flooded quarters of Bentiu").exists()


def test_two_organisations_see_different_things(mission: Mission) -> None:
    ours, theirs = set(read_by("nbr", mission)), set(read_by("hhi", mission))
    assert len(ours - theirs) >= 5
    assert len(theirs - ours) >= 5
    assert ours & theirs, "what is for everybody in the mission"


def test_administrators_and_auditors_read_nothing(mission: Mission) -> None:
    assert not read_by("adm", mission)
    assert not read_by("aud", mission)


def test_only_cleared_people_read_the_discreet_request(mission: Mission) -> None:
    title = "Discreet transport of mediators"
    readers = {post for post in READERS if title in read_by(post, mission)}
    assert {"civ", "u9", "sec", "dms", "cos"} <= readers
    assert not readers & {"nbr", "cmcn", "u9o", "s9n", "host"}


def test_grants_of_every_kind_and_one_that_has_ended(mission: Mission) -> None:
    kinds, ended = set(), []
    for post in (key for key in READERS if "REQ" in cast.POSTS[key].roles):
        with acting_as(person(post), mission):
            for request in AidRequest.objects.all():
                for grant in grants_of(request):
                    kinds.add((grant.kind, grant.expires_at is not None))
                    ended += [request.title] if grant.expired else []
    assert {kind for kind, _dated in kinds} == {"organisation", "position", "person"}
    assert "Presence during distributions in Mayom" in ended
    assert "Presence during distributions in Mayom" not in read_by("cwa", mission)


def test_histories_lie_in_the_past_and_in_order(mission: Mission) -> None:
    now = timezone.now()
    with acting_as(person("cmc"), mission):
        oldest = min(AidRequest.objects.values_list("created_at", flat=True))
        assert oldest < now - timedelta(days=80)
        for request in AidRequest.objects.all():
            moments = list(request.workflow_steps.order_by("id").values_list("at", flat=True))
            assert moments == sorted(moments), request.title
            assert moments[-1] <= now
        assert not Step.objects.filter(at__gt=now).exists()
        assert Comment.objects.count() >= 10
        assert Attachment.objects.count() >= 5
        assert RecordLink.objects.count() >= 5
        assert Decision.objects.exclude(unmet_criteria=[]).exists()


def test_nothing_waits_for_the_clock(mission: Mission, begun: datetime) -> None:
    """Nothing was due when the telling began; what has an hour of its own may fall due while the tests go on."""
    from tests.conftest import SERVERS

    with door(SERVERS.url(connection.settings_dict["NAME"], "")) as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE auto_at <= %s) FROM records_record", [begun])
        records, due = cursor.fetchone()
    assert records > 100
    assert due == 0


def test_the_exercise_never_meets_the_mission(mission: Mission) -> None:
    exercise = Mission.objects.get(code="heron")
    officer = person("cmc")
    assert {found.code for found in missions_of(officer)} == {"unb", "heron"}
    with acting_as(officer, exercise):
        there = set(AidRequest.objects.values_list("title", flat=True))
    assert there
    assert all(title.startswith("EXERCISE") for title in there)
    assert not there & set(read_by("cmc", mission))


def test_a_second_run_changes_nothing(mission: Mission) -> None:
    before = {title: request.version for title, request in read_by("cmc", mission).items()}
    people, out = User.objects.count(), io.StringIO()
    call_command("demo", stdout=out, stderr=io.StringIO())
    assert "nothing was changed" in out.getvalue()
    assert {title: request.version for title, request in read_by("cmc", mission).items()} == before
    assert User.objects.count() == people


def test_the_computed_columns_agree_with_their_sources(mission: Mission) -> None:
    call_command("check_need_to_know", stdout=io.StringIO())


def test_a_real_installation_refuses(settings: object) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="not loaded in production"):
        call_command("demo")


def test_the_protocol_in_force_has_predecessors_and_labels(mission: Mission) -> None:
    states = SharingProtocol.objects.filter(mission=mission).values_list("version", "state")
    assert dict(states) == {"1.0": "superseded", "1.1": "in_force", "1.2": "draft"}
    protocol = SharingProtocol.objects.in_force(mission)
    assert protocol is not None
    assert {label.record_type for label in protocol.default_labels.all()} == {
        each.key for each in all_types()
    }
    assert {line.data_type_id for line in protocol.lines.all()} == {
        kind.pk for kind in DataType.objects.filter(mission=mission)
    }


def test_a_position_passed_and_another_will(mission: Mission) -> None:
    past, planned = Handover.objects.filter(position__mission=mission).order_by("at")
    assert past.at < timezone.now() < planned.at
    with acting_as(past.successor, mission) as actor:
        assert past.position_id in actor.position_ids
        assert AidRequest.objects.exists()
    with pytest.raises(NoActor), acting_as(past.leaver, mission):
        pass
    with acting_as(planned.leaver, mission) as actor:
        assert planned.position_id in actor.position_ids
