"""The life of a lesson: complete, validated by another person, kept as it is, superseded."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from apps.lessons.models import Lesson
from apps.mission.models import Position
from apps.records.errors import DutyConflict, Incomplete, NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.services import record_update
from apps.records.transitions import open_to, refusals
from tests.factories.lessons import lesson_file, proposed, shared, take
from tests.factories.staff import Staff


def test_what_is_missing_is_told_by_field(staff: Staff) -> None:
    lesson = lesson_file(staff, happened="", next_time=" ", applies_to=[], kind="")
    with pytest.raises(Incomplete) as refused:
        take(staff, lesson, "cim", "propose", validator=staff.positions["dec"])
    assert set(refused.value.errors) == {"happened", "next_time", "applies_to", "kind"}


def test_it_is_for_what_there_is(staff: Staff) -> None:
    with pytest.raises(ValidationError) as refused:
        lesson_file(staff, applies_to=["joint_plan:picnic"])
    assert set(refused.value.message_dict) == {"applies_to"}


def test_another_person_validates_it(staff: Staff) -> None:
    lesson = lesson_file(staff)
    for position in (None, staff.positions["cim"], staff.positions["aud"]):
        with pytest.raises(ValidationError) as refused:
            take(staff, lesson, "cim", "propose", validator=position)
        assert set(refused.value.message_dict) == {"validator"}
    staff.also_holds("cim", "dec")
    lesson = take(staff, lesson, "cim", "propose", validator=staff.positions["dec"])
    with pytest.raises(DutyConflict):
        take(staff, lesson, "cim", "share")
    with pytest.raises(NotPermitted):
        take(staff, lesson, "joc", "share")
    lesson = take(staff, lesson, "dec", "share")
    assert lesson.state == "shared"


def test_whoever_validates_reads_it_and_others_do_not(staff: Staff) -> None:
    lesson = lesson_file(staff)
    with staff.acting("cmc"):
        assert not Record.objects.filter(pk=lesson.pk).exists()
    lesson = take(staff, lesson, "cim", "propose", validator=staff.positions["cmc"])
    with staff.acting("cmc") as actor:
        assert {offer.step.name for offer in open_to(actor, Lesson.objects.get(pk=lesson.pk))} == {
            "share",
            "return",
        }
    with staff.acting("req"):
        assert not Record.objects.filter(pk=lesson.pk).exists()


def test_one_who_may_not_read_its_label_is_not_asked(staff: Staff) -> None:
    Position.objects.filter(pk=staff.positions["cim"].pk).update(clearance=1)
    lesson = lesson_file(staff, classification=1)
    with pytest.raises(ValidationError) as refused:
        take(staff, lesson, "cim", "propose", validator=staff.positions["dec"])
    assert set(refused.value.message_dict) == {"validator"}


def test_what_is_sent_back_is_mended_and_what_is_validated_stays(staff: Staff) -> None:
    lesson = take(staff, proposed(staff), "dec", "return", "Say why")
    with staff.acting("cim") as actor:
        record_update(actor, record=Lesson.objects.get(pk=lesson.pk), changes={"why": "The bridge"})
    lesson = take(staff, lesson, "cim", "propose", validator=staff.positions["dec"])
    lesson = take(staff, lesson, "dec", "share")
    assert lesson.why == "The bridge"
    with staff.acting("cim") as actor:
        with pytest.raises(NotPermitted):
            record_update(actor, record=Lesson.objects.get(pk=lesson.pk), changes={"why": "Otherwise"})
        with pytest.raises(NotPermitted), refusals():
            Lesson.objects.filter(pk=lesson.pk).update(next_time="Otherwise")
        with pytest.raises(NotPermitted), refusals():
            Lesson.objects.filter(pk=lesson.pk).update(applies_to=["aid_request"])


def test_a_newer_one_takes_its_place(staff: Staff) -> None:
    old, newer, foreign = shared(staff), shared(staff), shared(staff, by="req", validator="req_colleague")
    with pytest.raises(ValidationError):
        take(staff, old, "cim", "supersede", newer=foreign.reference)
    with pytest.raises(ValidationError):
        take(staff, old, "cim", "supersede", newer=old.reference)
    assert take(staff, old, "cim", "supersede", newer=newer.reference).state == "superseded"
    with staff.acting("cim"):
        assert RecordLink.objects.filter(source=newer, target=old, relation="replaces").exists()
