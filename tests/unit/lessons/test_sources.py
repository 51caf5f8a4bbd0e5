"""A lesson and the record that taught it: never below its label unless that is one's to open, and no way back to it."""

from __future__ import annotations

import html
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.lessons.models import Lesson
from apps.lessons.services import label_put
from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role
from apps.pages.onward import ways_from
from apps.records.errors import NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.services import link_add, record_update
from apps.records.transitions import refusals
from apps.releases.labels import label_of
from tests.factories.lessons import lesson_file, shared, take
from tests.factories.plans import active, circulated, completed, plan_file
from tests.factories.staff import Staff
from tests.unit.lessons.conftest import Signed

NEW = reverse("lessons:new")


def links(lesson: Lesson) -> int:
    """How many links of the lesson whoever acts reads."""
    return RecordLink.objects.filter(source_id=lesson.pk).count()


def test_the_way_is_open_from_plans_that_taught_something(staff: Staff, signed: Signed) -> None:
    plans = [(active(staff), False), (completed(staff), True)]
    with staff.acting("cim") as actor:
        for plan, is_open in plans:
            urls = [way.url for way in ways_from(actor, Record.objects.get(pk=plan.pk))]
            assert (f"{NEW}?from={plan.uuid}" in urls) is is_open


def test_it_begins_with_what_its_plan_says_and_no_lower_label(staff: Staff, signed: Signed) -> None:
    plan = completed(staff, sector=staff.sector, sensitivity=3)
    client = signed("cim")
    address = f"{NEW}?from={plan.uuid}"
    page = html.unescape(client.get(address).content.decode())
    assert plan.reference in page
    assert '<option value="after_action" selected>' in page
    sent = {
        "title": "Register at once", "kind": "after_action", "happened": "They queued", "next_time": "Register",
        "applies_to": ["joint_plan:return"], "area": staff.area.pk, "sector": staff.sector.pk,
        "classification": 0, "sensitivity": 1, "scope": "organisation",
    }  # fmt: skip
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Do not go below it." in html.unescape(refused.content.decode())
    with staff.acting("cim"):
        assert not Lesson.objects.exists()
    assert client.post(address, {**sent, "sensitivity": 3}).status_code == 302
    with staff.acting("cim"):
        lesson = Lesson.objects.get()
        assert lesson.applies_to == ["joint_plan:return"]
        assert RecordLink.objects.get(source_id=lesson.pk).target_id == plan.pk


def test_a_hidden_source_is_no_source(staff: Staff, signed: Signed) -> None:
    plan = completed(staff)
    client = signed("req_elsewhere")
    hidden, missing = (client.get(f"{NEW}?from={each}") for each in (plan.uuid, uuid4()))
    assert hidden.status_code == missing.status_code == 200
    for word in (plan.reference, plan.title, f'value="{plan.pk}"'):
        assert word not in hidden.content.decode().replace(str(plan.uuid), "")


def test_a_plan_that_goes_on_teaches_nothing_yet(staff: Staff) -> None:
    with pytest.raises(NotPermitted):
        lesson_file(staff, source=circulated(staff))


def test_whoever_reads_the_lesson_alone_learns_nothing_of_the_plan(staff: Staff, signed: Signed) -> None:
    plan = completed(staff)
    lesson = shared(staff, source=plan)
    with staff.acting("cim"):
        assert links(lesson) == 1
    lesson = take(staff, lesson, "cim", "open", "Others return people, too", scope="mission")
    assert lesson.scope == "mission"
    with staff.acting("req_elsewhere"):
        assert Lesson.objects.filter(pk=lesson.pk).exists()
        assert not Record.objects.filter(pk=plan.pk).exists()
        assert links(lesson) == 0
    client = signed("req_elsewhere")
    pages = [reverse(f"lessons:{page}", args=[lesson.uuid]) for page in ("detail", "history", "print")]
    for address in [*pages, f"/api/v1/lessons/{lesson.uuid}/", f"/api/v1/lessons/{lesson.uuid}/links/"]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        said = answer.content.decode()
        for word in (plan.reference, str(plan.uuid), plan.title, plan.purpose, "arose from"):
            assert word not in said, (address, word)


def test_a_draft_stays_above_its_source_whoever_writes_it(staff: Staff) -> None:
    lesson = lesson_file(staff, source=completed(staff))
    with staff.acting("cim") as actor, pytest.raises(ValidationError) as refused:
        record_update(actor, record=Lesson.objects.get(pk=lesson.pk), changes={"scope": "mission"})
    assert set(refused.value.message_dict) == {"scope"}


def test_another_organisations_plan_is_not_opened_by_a_lesson(staff: Staff) -> None:
    plan = completed(staff)
    with pytest.raises(ValidationError) as refused:
        lesson_file(staff, by="req", source=plan)
    assert set(refused.value.message_dict) == {"scope"}, "their organisation is another one"
    lesson = shared(staff, by="req", validator="req_colleague", source=plan, scope="private")
    with pytest.raises(ValidationError) as refused:
        take(staff, lesson, "req", "open", scope="mission")
    assert set(refused.value.message_dict) == {"scope"}
    with staff.acting("req"), pytest.raises(DatabaseError), transaction.atomic():
        Record.objects.filter(pk=lesson.pk).update(scope="mission")


def test_where_a_release_authority_is_named_nobody_else_opens_it(staff: Staff) -> None:
    plan = completed(staff)
    lesson = shared(staff, source=plan)
    PositionRole.objects.create(position=staff.positions["joc"], role=Role.RELEASE)
    with pytest.raises(NotPermitted):
        take(staff, lesson, "cim", "open", scope="mission")
    with staff.acting("cim"), pytest.raises(DatabaseError), transaction.atomic():
        Record.objects.filter(pk=lesson.pk).update(scope="mission")
    assert take(staff, lesson, "joc", "open", scope="mission").scope == "mission"


def test_a_release_authority_that_does_not_read_the_plan_opens_nothing_of_it(staff: Staff) -> None:
    Position.objects.filter(pk=staff.positions["cim"].pk).update(clearance=1)
    plan = completed(staff, scope="private")
    lesson = shared(staff, source=plan, scope="private", validator="joc")
    for post in ("dec", "joc"):
        PositionRole.objects.create(position=staff.positions[post], role=Role.RELEASE)
    with staff.acting("joc"):
        assert not Record.objects.filter(pk=plan.pk).exists()
        assert not label_put(Lesson(pk=plan.pk), label_of(lesson)), "no lesson"
    with staff.acting("req"):
        assert not label_put(Lesson(pk=lesson.pk), label_of(lesson)), "one that they do not read"
    with pytest.raises(NotPermitted):
        take(staff, lesson, "joc", "open", scope="organisation")
    staff.also_holds("joc", "dec")
    with staff.acting("joc"):
        assert Record.objects.filter(pk=plan.pk).exists(), "that post endorsed the plan"
    assert take(staff, lesson, "joc", "open", scope="organisation").scope == "organisation"
    with staff.acting("dec_unlisted"):
        assert Lesson.objects.filter(pk=lesson.pk).exists()


def test_the_link_is_written_for_good_and_from_lessons_alone(staff: Staff) -> None:
    plan = completed(staff)
    lesson = lesson_file(staff, source=plan)
    other, wide = plan_file(staff), lesson_file(staff, scope="mission")
    with staff.acting("cim") as actor:
        assert RecordLink.objects.filter(source=lesson).delete()[0] == 0
        assert links(lesson) == 1
        with pytest.raises(NotPermitted), refusals():
            link_add(actor, source=other, target=plan, relation="arose_from")
        with pytest.raises(NotPermitted), refusals():
            link_add(actor, source=wide, target=plan, relation="arose_from")
