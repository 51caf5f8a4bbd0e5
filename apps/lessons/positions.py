"""Who exercises which role on a lesson. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.originators import voices

if TYPE_CHECKING:
    from apps.lessons.models import Lesson

#: The roles of the workflow, as lessons call them.
KEEPER, VALIDATOR, RELEASER = Role.REQUESTER, Role.DECIDER, Role.RELEASE


def role_positions(lesson: Lesson, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role`: who filed it, who is named to validate it, who releases it."""
    positions = Position.objects.filter(mission_id=lesson.mission_id, is_active=True).order_by("title", "pk")
    if role == KEEPER:
        return positions.filter(pk=lesson.author_position_id)
    if role == VALIDATOR:
        return positions.filter(pk=lesson.validator_id or 0)
    if role == RELEASER:
        return positions.filter(pk__in=voices(lesson).values("pk"))
    return positions.none()
