"""Exercises among real records: which they are, and that the two never meet (invariant I23).

A mission may be an exercise as a whole; then everything in it is one, and nothing stands apart. In any other mission
a record is an exercise if its kind is one that its type declares so (`RecordType.exercise_kinds`).
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import all_types


def is_exercise(actor: Actor, record: Record) -> bool:
    """Whether the record belongs to an exercise: its mission, or itself."""
    return actor.mission.is_exercise or record.is_exercise


def stands_apart(actor: Actor, record: Record) -> bool:
    """Whether the record is an exercise among real ones."""
    return record.is_exercise and not actor.mission.is_exercise


def word(actor: Actor, record: Record) -> str:
    """The word that leads whatever is said of an exercise; empty for real work."""
    return _("EXERCISE") if is_exercise(actor, record) else ""


def apart(actor: Actor) -> Q:
    """Condition on Record: the exercises among real records; none at all where the mission is an exercise."""
    found = Q(pk__in=[])
    if not actor.mission.is_exercise:
        for declared in all_types():
            if declared.exercise_kinds:
                found |= Q(type=declared.key, kind__in=sorted(declared.exercise_kinds))
    return found


def check_together(actor: Actor, field: str, one: Record, other: Record) -> None:
    """ValidationError at a field where one is an exercise and the other is not; the database refuses it, too."""
    if stands_apart(actor, one) != stands_apart(actor, other):
        raise ValidationError(
            {field: [_("One of the two is an exercise and the other is not. They are never linked.")]}
        )
