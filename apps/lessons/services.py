"""Filing lessons: by themselves, or from the record that taught them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection
from django.db import transaction as database

from apps.action_points.labels import below
from apps.lessons.models import Lesson
from apps.lessons.teaching import has_taught
from apps.mission.models import Position
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.services import link_add, record_file
from apps.releases.labels import Label


def lesson_draft(
    actor: Actor, *, record: Lesson, source: Record | None = None, position: Position | None = None
) -> Lesson:
    """File a draft, linked to the record that taught it, whose label it has at least.

    Raises NotPermitted for a record that teaches nothing now; ValidationError by field, at the parts of the label
    that protect less than the source's.
    """
    with database.atomic():
        if source is not None and not has_taught(source):
            raise NotPermitted
        filed: Lesson = record_file(actor, record=record, position=position)
        if source is not None:
            if wrong := below(filed, source, filed.originator_id):
                raise ValidationError(wrong)
            link_add(actor, source=filed, target=source, relation=RecordLink.Relation.AROSE_FROM)
    return filed


def label_put(lesson: Lesson, label: Label) -> bool:
    """Put a label in force on a shared lesson, through the database's door; False unless the actor releases it.

    WHY: whoever releases it need not hold the right to change it.
    """
    values = label.values()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lessons_open(%s, %s, %s, %s::integer[], %s::integer[], %s)",
            [
                lesson.pk, values["classification"], values["sensitivity"], values["compartments"],
                values["data_types"], values["scope"],
            ],
        )  # fmt: skip
        return bool(cursor.fetchone()[0])
