"""Lessons at any point of their life."""

from __future__ import annotations

from typing import Any

from apps.lessons.models import Lesson
from apps.lessons.services import lesson_draft
from apps.records.models import Record
from apps.records.transitions import transition
from tests.factories.canary import canary
from tests.factories.staff import Staff


def lesson_file(staff: Staff, *, by: str = "cim", source: Record | None = None, **changes: Any) -> Lesson:
    """A complete draft, for plans of return in the mission's area unless said otherwise."""
    values: dict[str, Any] = {
        "title": canary("lesson"), "kind": "lesson", "expected": canary("expected"), "happened": canary("happened"),
        "why": canary("why"), "next_time": canary("next time"), "applies_to": ["joint_plan:return"],
        "area": staff.area, "scope": "organisation",
    }  # fmt: skip
    with staff.acting(by) as actor:
        found = Record.objects.get(pk=source.pk) if source is not None else None
        filed = lesson_draft(actor, record=Lesson(**values | changes), source=found)
        return Lesson.objects.get(pk=filed.pk)


def take(staff: Staff, lesson: Lesson, by: str, name: str, note: str = "Said so.", **data: Any) -> Lesson:
    """Take a step as the holder of a post."""
    with staff.acting(by) as actor:
        transition(actor, record=Lesson.objects.get(pk=lesson.pk), name=name, data=data, note=note)
        return Lesson.objects.get(pk=lesson.pk)


def proposed(staff: Staff, *, by: str = "cim", validator: str = "dec", **changes: Any) -> Lesson:
    """One that another person is asked to validate."""
    lesson = lesson_file(staff, by=by, **changes)
    return take(staff, lesson, by, "propose", validator=staff.positions[validator])


def shared(staff: Staff, *, by: str = "cim", validator: str = "dec", **changes: Any) -> Lesson:
    """One that shows on similar records."""
    return take(staff, proposed(staff, by=by, validator=validator, **changes), validator, "share")
