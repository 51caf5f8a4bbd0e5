"""Who exercises which role on an office or an engagement. Selectors only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from apps.liaison_offices.models import FollowUp
from apps.liaison_offices.vocabulary import FollowUpState
from apps.mission.models import Position
from apps.mission.vocabulary import Role


def role_positions(record: Any, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role`; requester stands for the keeper: the position that filed it.

    Unit stands for those who own an open follow-up of an engagement.
    """
    positions = Position.objects.filter(mission_id=record.mission_id, is_active=True).order_by("title", "pk")
    if role == Role.REQUESTER:
        return positions.filter(pk=record.author_position_id)
    if role == Role.UNIT and record.type == "engagement":
        owned = FollowUp.objects.filter(engagement_id=record.pk, state=FollowUpState.OPEN)
        return positions.filter(pk__in=owned.values("owner_id"))
    return positions.none()
