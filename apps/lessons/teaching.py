"""Which types of records teach something: from which states a lesson is written, and what lessons can be for.

Rooms above this one register their types; nothing here knows them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.lessons.vocabulary import LessonKind
from apps.records.registry import by_key


@dataclass(frozen=True)
class Teaching:
    """A type of record: from which of its states one writes a lesson, and as what such a lesson begins."""

    of_type: str
    states: frozenset[str]
    kind: LessonKind


_taught: dict[str, Teaching] = {}


def teaches(of_type: str, states: Collection[str], kind: LessonKind = LessonKind.LESSON) -> None:
    """Make a type known: lessons are written from its records in these states, and shown on similar ones."""
    _taught[of_type] = Teaching(of_type, frozenset(states), kind)


def teaching(of_type: str) -> Teaching | None:
    """What was said of that type; None for one that teaches nothing."""
    return _taught.get(of_type)


def has_taught(record: Any) -> bool:
    """Whether one writes a lesson from this record now."""
    found = _taught.get(record.type)
    return found is not None and record.state in found.states


def topic(of_type: str, kind: str = "") -> str:
    """The code of what a lesson is for: a type of records, or one of its kinds."""
    return f"{of_type}:{kind}" if kind else of_type


def topics() -> list[tuple[str, list[tuple[str, str]]]]:
    """All that a lesson can be for, by type; for choices."""
    found = []
    for key in _taught:
        declared = by_key(key)
        of_all = _("%(type)s, of any kind") % {"type": str(declared.label_plural).capitalize()}
        kinds = declared.kinds.choices if declared.kinds is not None else []
        named = [(topic(key, code), f"{str(declared.label).capitalize()}: {said}") for code, said in kinds]
        found.append((str(declared.label_plural).capitalize(), [(topic(key), of_all), *named]))
    return found
