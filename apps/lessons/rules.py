"""What a lesson must say before somebody validates it, and who may. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from apps.action_points.positions import can_be_given
from apps.mission.models import Position
from apps.need_to_know.clearance import position_clears
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.lessons.models import Lesson

_REQUIRED: dict[str, Text] = {
    "title": _("Say in one line what was learnt."),
    "kind": _("Say what it comes from."),
    "happened": _("Say what happened."),
    "next_time": _("Say what to do next time."),
    "applies_to": _("Say for which records it is meant. It is shown on those."),
}
NOT_GIVEN = _("Choose another position of this mission that is in use and reads records.")
NOT_CLEARED = _("This position may not read this label. Choose another position.")


def required() -> dict[str, Text]:
    """Fields that must be answered, with what to say when they are empty."""
    return dict(_REQUIRED)


def missing(lesson: Lesson) -> dict[str, list[Text]]:
    """Field -> what must be answered before it is put forward."""
    return {
        name: [message]
        for name, message in _REQUIRED.items()
        if not (value := getattr(lesson, name)) or (isinstance(value, str) and not value.strip())
    }


def validator_refused(lesson: Lesson, position: Position | None) -> Text | None:
    """Why this position cannot validate it; None where it can."""
    if position is None or position.pk == lesson.author_position_id:
        return NOT_GIVEN
    if not can_be_given(lesson.mission_id).filter(pk=position.pk).exists():
        return NOT_GIVEN
    return None if position_clears(position.pk, lesson) else NOT_CLEARED
