"""Guards and effects of the steps of a lesson: what must hold before one, and what it writes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.action_points.labels import below, sources_of
from apps.lessons import rules
from apps.lessons.models import Lesson
from apps.lessons.services import label_put
from apps.records.actors import Actor
from apps.records.errors import Incomplete, NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.protected import floor_check
from apps.records.services import label_check, link_add, releases
from apps.releases.effects import proposed_label
from apps.releases.labels import label_of


def is_complete(actor: Actor, lesson: Lesson) -> None:
    """Incomplete, by field, unless all is answered."""
    if found := rules.missing(lesson):
        raise Incomplete({name: [str(text) for text in texts] for name, texts in found.items()})


def proposes(actor: Actor, lesson: Lesson, data: dict[str, Any]) -> None:
    """Name who validates it; that position reads it from then on."""
    position = data.get("validator")
    if (wrong := rules.validator_refused(lesson, position)) is not None:
        raise ValidationError({"validator": [wrong]})
    lesson.validator = position
    lesson.save(update_fields=["validator"])


def opens(actor: Actor, lesson: Lesson, data: dict[str, Any]) -> None:
    """Put another label in force. Below what it arose from: only for whoever releases that as well.

    ValidationError by field.
    """
    before, label = label_of(lesson), proposed_label(lesson, data)  # type: ignore[arg-type]
    label_check(actor, Lesson(**label.values()))
    for name, value in label.values().items():
        setattr(lesson, name, value)
    if label.below(before):
        for source in sources_of(lesson):
            wrong = below(lesson, source, lesson.originator_id)
            if wrong and not releases(actor, source):
                raise ValidationError(wrong)
    floor_check(lesson)
    if not label_put(lesson, label):
        raise NotPermitted
    lesson.refresh_from_db()


def supersedes(actor: Actor, lesson: Lesson, data: dict[str, Any]) -> None:
    """Link it to the lesson that takes its place, where one is named."""
    reference = str(data.get("newer") or "").strip().upper()
    if not reference:
        return
    newer = Record.objects.filter(reference=reference, type=lesson.type).exclude(pk=lesson.pk).first()
    if newer is None:
        raise ValidationError({"newer": [_("There is no such lesson that you can open.")]})
    link_add(actor, source=newer, target=lesson, relation=RecordLink.Relation.REPLACES)
