"""From a record to a lesson that it taught; and what was learnt before, on the pages of similar records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.lessons.record import LessonType
from apps.lessons.selectors import lessons_for
from apps.lessons.teaching import has_taught, teaching
from apps.pages.asides import Aside, register_aside
from apps.pages.onward import Way, register_way
from apps.records.actors import Actor
from apps.records.workflow import Outcome

#: What names the source in the address of a new one.
FROM = "from"


@register_way
def write_one(actor: Actor, record: Any) -> Way | None:
    """From records that have taught something by now."""
    if not has_taught(record) or not LessonType.files_as(actor):
        return None
    return Way(_("Write down a lesson"), f"{reverse('lessons:new')}?{FROM}={record.uuid}", "file")


@register_aside
def learnt_before(actor: Actor, record: Any) -> Aside | None:
    """On records that go on: first of all while they are still written. One query; none for other types."""
    if teaching(record.type) is None:
        return None
    state = record.record_type.workflow.state(record.state)
    if state.outcome is not Outcome.OPEN:
        return None
    found = lessons_for(actor, record)
    if not found:
        return None
    return Aside(
        "learnt",
        _("What was learnt before"),
        "lessons/_learnt.html",
        {"lessons": found},
        first=state.editable,
    )
