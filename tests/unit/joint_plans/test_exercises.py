"""Exercises among real records: what leaves says so, who is told, where they stand, and where they are played (I23)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken
from openpyxl import load_workbook

from apps.joint_plans.models import JointPlan, Play
from apps.joint_plans.playing import play_set
from apps.mission.models import Holding, Mission, Organisation, Position
from apps.mission.vocabulary import OrganisationType, Role, Side
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give
from apps.notifications.calendar_writing import calendar_of
from apps.notifications.digests import digests_open
from apps.notifications.mail import mail_drain
from apps.notifications.models import Call, Notification, Preference, Subscription, Webhook
from apps.notifications.relay import relay_drain
from apps.pages.calendar import CalendarEntry
from apps.records import attachments, clock
from apps.records.errors import NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.services import comment_add, record_update
from apps.records.transitions import refusals
from tests.factories.mail import MailServer, everything_in, mail_server
from tests.factories.paper import pdf_text
from tests.factories.plans import circulated, now, plan_file, take
from tests.factories.staff import Staff

KINDS = ("exercise", "return")


@pytest.fixture
def server() -> Iterator[MailServer]:
    """The mail server of this test."""
    cache.clear()
    with mail_server() as made:
        yield made


def browser(staff: Staff, name: str) -> Client:
    """A browser in which the holder of that post is signed in."""
    client = Client()
    client.force_login(staff.people[name], backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def read(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def told(staff: Staff) -> dict[str, list[str]]:
    """Post -> what its holder was told of, by reason."""
    found = {}
    for name in staff.people:
        with staff.acting(name):
            if rows := list(Notification.objects.order_by("id").values_list("reason", flat=True)):
                found[name] = rows
    return found


# ---------------------------------------------------------------- who is told
@pytest.mark.parametrize("kind", KINDS)
def test_i23_of_an_exercise_its_circle_alone_is_told(staff: Staff, kind: str) -> None:
    """Everybody reads it, somebody follows it and somebody is given it: of a real plan all hear."""
    plan = plan_file(staff, kind=kind, scope="mission")
    with staff.acting("sec") as actor:
        Subscription.objects.create(mission=actor.mission, person=actor.user, record_type="joint_plan")
    take(staff, plan, "cim", "circulate")
    with staff.acting("cim") as actor:
        comment_add(actor, record=now(plan), text="Look at this")
        grant_give(actor, record=now(plan), to=staff.people["req_elsewhere"], reason="To know")
    with staff.acting("sec") as actor:
        assert Record.objects.filter(pk=plan.pk).exists()
    relay_drain()
    circle = {"req", "unit", "clu", "dec", "dec_unlisted"}
    assert {"req", "unit"} <= told(staff).keys()
    if kind == "exercise":
        assert told(staff).keys() <= circle
    else:
        assert {"sec", "req_elsewhere"} <= told(staff).keys()


# ---------------------------------------------------------------- mail, digests, push messages
@pytest.mark.parametrize("label", [{}, {"classification": 1}], ids=["open", "restricted"])
@pytest.mark.parametrize("kind", KINDS)
def test_i23_every_mail_begins_with_the_word(
    staff: Staff, server: MailServer, kind: str, label: dict[str, int]
) -> None:
    Position.objects.filter(mission=staff.mission).update(clearance=1)
    plan = circulated(staff, kind=kind, **label)
    relay_drain()
    mail_drain()
    mails = [mail for _sender, _to, mail in server.taken]
    assert len(mails) >= 2
    for mail in mails:
        wanted = f"[CIMIC Portal] EXERCISE – {plan.reference}" if kind == "exercise" else "[CIMIC Portal] PLN"
        assert mail["Subject"].strip().startswith(wanted)
        assert ("EXERCISE" in everything_in(mail)) == (kind == "exercise")
        if not label:
            assert mail["X-Label-Exercise"] == ("yes" if kind == "exercise" else None)


def test_i23_in_a_digest_its_lines_say_so_and_no_other(staff: Staff, server: MailServer) -> None:
    Preference.objects.create(person=staff.people["dec"], announcements="daily", part="daily", digest_hour=8)
    plans = {kind: circulated(staff, kind=kind) for kind in KINDS}
    relay_drain()
    with clock.at(timezone.now() + timedelta(days=2)):
        digests_open()
    mail_drain()
    (digest,) = [mail for mail in server.to("dec@staff.invalid") if "digest" in mail["Subject"]]
    (text,) = [part for part in digest.walk() if part.get_content_type() == "text/plain"]
    lines = [line for line in text.get_content().splitlines() if line.startswith("* ")]
    led = {line.removeprefix("* ").startswith("EXERCISE – "): line for line in lines}
    assert plans["exercise"].reference in led[True]
    assert plans["return"].reference in led[False]


@pytest.mark.parametrize("label", [{}, {"classification": 1}], ids=["open", "restricted"])
@pytest.mark.parametrize("kind", KINDS)
def test_i23_push_messages_and_the_inbox(staff: Staff, kind: str, label: dict[str, int]) -> None:
    Position.objects.filter(mission=staff.mission).update(clearance=1)
    circulated(staff, kind=kind, **label)
    relay_drain()
    with staff.acting("req"):
        uuid = Notification.objects.values_list("uuid", flat=True).first()
    client = browser(staff, "req")
    said = client.get(reverse("notifications:push-text", args=[uuid])).json()
    assert said["title"].startswith("EXERCISE") == (kind == "exercise")
    inbox = client.get(reverse("notifications:inbox"))
    assert (b"EXERCISE" in inbox.content) == (kind == "exercise")


# ---------------------------------------------------------------- systems and calendars outside
@pytest.mark.parametrize("kind", KINDS)
def test_i23_no_system_outside_hears_of_an_exercise(staff: Staff, kind: str) -> None:
    Webhook.objects.create(
        name="Outside", url="https://outside.invalid/", account=staff.people["joc"], mission=staff.mission
    )
    circulated(staff, kind=kind, scope="mission")
    relay_drain()
    with staff.acting("joc"):
        assert Call.objects.count() == (0 if kind == "exercise" else 1)


@pytest.mark.parametrize("kind", KINDS)
def test_i23_no_calendar_has_an_exercise(staff: Staff, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_file(staff, kind=kind)
    entry = CalendarEntry(plan, timezone.now(), None, 1, "Draft")
    monkeypatch.setattr("apps.notifications.calendar_writing.entries_for", lambda actor: [entry])
    with staff.acting("cim") as actor:
        assert (plan.title.encode() in calendar_of(actor).replace(b"\r\n ", b"")) == (kind == "return")


# ---------------------------------------------------------------- paper and files
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["print", "pdf"])
def test_i23_paper_says_so(staff: Staff, kind: str, way: str) -> None:
    plan = plan_file(staff, kind=kind)
    answer = browser(staff, "cim").get(f"/joint-plans/{plan.uuid}/{way}/")
    content = read(answer)
    said = pdf_text(content) if way == "pdf" else content.decode()
    assert answer.status_code == 200
    assert ("EXERCISE" in said) == (kind == "exercise")


@pytest.mark.parametrize("query", ["", "kind=exercise", "q=plan", "sort=title", "state=open", "mine=on"])
def test_i23_no_list_number_or_file_mixes_them(staff: Staff, query: str) -> None:
    plans = {kind: plan_file(staff, kind=kind) for kind in KINDS}
    shown, hidden = ("exercise", "return") if "exercise" in query else ("return", "exercise")
    client = browser(staff, "cim")
    page = client.get(f"/joint-plans/?all=1&{query}").content.decode()
    assert plans[shown].reference in page
    assert plans[hidden].reference not in page
    assert "1 record<" in page
    assert ('class="exercise"' in page) == (shown == "exercise")
    assert ("exercise-mark" in page) == (shown == "exercise")
    for form in ("csv", "xlsx"):
        answer = client.get(f"/joint-plans/export/?{query}&format={form}")
        content = read(answer)
        if form == "xlsx":
            rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
            said = "\n".join(str(cell) for row in rows for cell in row)
        else:
            said = content.decode()
        assert plans[shown].reference in said
        assert plans[hidden].reference not in said
        assert ("EXERCISE" in said) == (shown == "exercise")
        assert answer.headers.get("X-Label-Exercise") == ("yes" if shown == "exercise" else None)


@pytest.mark.parametrize("kind", KINDS)
def test_i23_files_of_the_other_world_are_not_taken_and_files_leave_marked(staff: Staff, kind: str) -> None:
    plan = plan_file(staff, kind=kind)
    marks = {
        said: f"CIMIC-LABEL-1; classification=UNCLASSIFIED; sensitivity=LOW; exercise={said}\n".encode()
        for said in ("yes", "no")
    }
    own, other = ("yes", "no") if kind == "exercise" else ("no", "yes")
    with staff.acting("cim") as actor:
        with pytest.raises(ValidationError):
            attachments.attachment_add(
                actor, record=plan, name="plan.txt", content=ContentFile(marks[other], "plan.txt")
            )
        kept = attachments.attachment_add(
            actor, record=plan, name="plan.txt", content=ContentFile(marks[own], "plan.txt")
        )
    answer = browser(staff, "cim").get(f"/joint-plans/{plan.uuid}/attachments/{kept.uuid}/")
    assert answer.headers.get("X-Label-Exercise") == ("yes" if kind == "exercise" else None)


# ---------------------------------------------------------------- pages
def test_i23_desk_and_search_tell_them_apart(staff: Staff) -> None:
    plans = {kind: circulated(staff, kind=kind) for kind in KINDS}
    client = browser(staff, "req")
    desk = client.get("/").content.decode()
    sections = {part.split('"')[0]: part for part in desk.split('aria-labelledby="desk-')[1:]}
    assert plans["exercise"].reference in sections["exercises"]
    for key, part in sections.items():
        assert (plans["exercise"].reference in part) == (key == "exercises"), key
    assert plans["return"].reference in sections["waiting"]
    assert "(1)" in sections["waiting"]
    found = client.get("/search/?q=plan").content.decode()
    assert found.count("exercise-mark") == 1
    assert plans["exercise"].reference in found


def test_i23_what_is_begun_by_hand_from_an_exercise_is_refused_in_words(staff: Staff) -> None:
    exercise, real = plan_file(staff, kind="exercise"), plan_file(staff)
    client = browser(staff, "cim")
    for one, other in ((exercise, real), (real, exercise)):
        answer = client.post(
            f"/joint-plans/{one.uuid}/links/", {"reference": other.reference, "relation": "related"}
        )
        assert answer.status_code == 422
        assert "never linked" in answer.content.decode()
    assert client.get(f"/releases/from/{exercise.uuid}/").status_code == 404
    offered = client.get(f"/action-points/new/?from={exercise.uuid}").content.decode()
    assert exercise.reference not in offered
    with staff.acting("cim"):
        assert not RecordLink.objects.exists()


# ---------------------------------------------------------------- it stays what it is
@pytest.mark.parametrize(("before", "after"), [("exercise", "return"), ("return", "exercise")])
def test_i23_once_it_circulated_it_stays_what_it_is(staff: Staff, before: str, after: str) -> None:
    plan = circulated(staff, kind=before)
    with staff.acting("cim"), pytest.raises(NotPermitted), refusals():
        JointPlan.objects.filter(pk=plan.pk).update(kind=after)
    with staff.acting("cim") as actor, pytest.raises(ValidationError) as refused:
        record_update(actor, record=now(plan), changes={"kind": after}, expected_version=now(plan).version)
    assert "kind" in refused.value.message_dict
    with staff.acting("cim"):
        JointPlan.objects.filter(pk=plan.pk).update(kind=before)


def test_i23_a_draft_that_becomes_an_exercise_loses_what_ties_it_to_real_work(staff: Staff) -> None:
    plan, real = plan_file(staff), plan_file(staff)
    with staff.acting("cim") as actor:
        RecordLink.objects.create(source=plan, target=real, relation="related", author=actor.user)
        with pytest.raises(ValidationError):
            record_update(
                actor, record=now(plan), changes={"kind": "exercise"}, expected_version=now(plan).version
            )
        JointPlan.objects.filter(pk=plan.pk).update(kind="exercise")
        assert not RecordLink.objects.exists()


# ---------------------------------------------------------------- where it is played
def _stage(staff: Staff, *, is_exercise: bool = True, code: str = "stage") -> Mission:
    """Another mission in which the CIMIC officer holds a position."""
    mission = Mission.objects.create(code=code, name=f"Stage {code}", is_exercise=is_exercise)
    organisation = Organisation.objects.create(
        mission=mission, name="Players", org_type=OrganisationType.COMPONENT, side=Side.MISSION_MILITARY
    )
    position = Position.objects.create(mission=mission, organisation=organisation, title="Player")
    position.roles.create(role=Role.CIMIC)
    Holding.objects.create(
        position=position, person=staff.people["cim"], starts=timezone.now() - timedelta(days=1)
    )
    return mission


def test_i23_it_is_played_in_a_mission_of_its_own(staff: Staff) -> None:
    plan, stage = circulated(staff, kind="exercise"), _stage(staff)
    client = browser(staff, "cim")
    client.get(reverse("desk:mission", args=[staff.mission.code]))
    assert stage.name in client.get(f"/joint-plans/{plan.uuid}/played-in/").content.decode()
    answer = client.post(f"/joint-plans/{plan.uuid}/played-in/", {"mission": stage.code})
    assert answer.status_code == 302
    page = client.get(f"/joint-plans/{plan.uuid}/").content.decode()
    assert reverse("desk:mission", args=[stage.code]) in page
    assert client.get(reverse("desk:mission", args=[stage.code])).status_code == 302
    assert stage.name in client.get("/").content.decode()
    other = browser(staff, "req").get(f"/joint-plans/{plan.uuid}/").content.decode()
    assert "in which you hold no position" in other
    assert stage.name not in other


@pytest.mark.parametrize("what", ["a real mission", "no position there", "a real plan", "no keeper"])
def test_i23_it_is_played_nowhere_else(staff: Staff, what: str) -> None:
    plan = circulated(staff, kind="return" if what == "a real plan" else "exercise")
    stage = _stage(staff, is_exercise=what != "a real mission")
    if what == "no position there":
        Holding.objects.filter(position__mission=stage).delete()
    by = "req" if what == "no keeper" else "cim"
    with staff.acting(by) as actor, pytest.raises(NotPermitted):
        play_set(actor, plan=now(plan), mission=stage)
    with acting_as(staff.people[by], staff.mission), pytest.raises(NotPermitted), refusals():
        Play.objects.create(plan_id=plan.pk, mission=stage)
    client = browser(staff, by)
    client.get(reverse("desk:mission", args=[staff.mission.code]))
    answer = client.post(f"/joint-plans/{plan.uuid}/played-in/", {"mission": stage.code})
    assert answer.status_code in (404, 422)


# ---------------------------------------------------------------- programs
def test_i23_programs_are_told(staff: Staff) -> None:
    plans = {kind: plan_file(staff, kind=kind) for kind in KINDS}
    token = AuthToken.objects.create(user=staff.people["cim"])[1]
    client = Client(headers={"Authorization": f"Token {token}"})
    for kind, plan in plans.items():
        answer = client.get(f"/api/v1/joint-plans/{plan.uuid}/")
        assert answer.json()["is_exercise"] == (kind == "exercise")
        assert answer.headers.get("X-Label-Exercise") == ("yes" if kind == "exercise" else None)
    for query, shown in (("", "return"), ("?kind=exercise", "exercise")):
        answer = client.get(f"/api/v1/joint-plans/{query}")
        assert [row["id"] for row in answer.json()["results"]] == [str(plans[shown].uuid)]
        assert answer.headers.get("X-Label-Exercise") == ("yes" if shown == "exercise" else None)
    found = client.get("/api/v1/search/?q=plan").json()["results"]
    assert {row["id"]: row["is_exercise"] for row in found} == {
        str(plan.uuid): kind == "exercise" for kind, plan in plans.items()
    }
