"""Who exercises which role on an action point. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role

if TYPE_CHECKING:
    from apps.action_points.models import ActionPoint

#: The roles of the workflow, as action points call them.
KEEPER, OWNER, VERIFIER = Role.REQUESTER, Role.UNIT, Role.DECIDER
#: Roles that read no content.
SILENT = (Role.ADMIN, Role.AUDITOR)


def can_be_given(mission_id: int) -> QuerySet[Position]:
    """Positions in use that read content, whatever their roles: whoever may own or verify an action point."""
    roles = PositionRole.objects.filter(position_id=OuterRef("pk"))
    reads = Q(Exists(roles.exclude(role__in=SILENT))) | ~Q(Exists(roles))
    return Position.objects.filter(reads, mission_id=mission_id, is_active=True)


def role_positions(point: ActionPoint, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role`: its keeper filed it; its verifier is the one named, else the keeper."""
    positions = Position.objects.filter(mission_id=point.mission_id, is_active=True).order_by("title", "pk")
    if role == KEEPER:
        return positions.filter(pk=point.author_position_id)
    if role == OWNER:
        return positions.filter(pk=point.owner_id or 0)
    if role == VERIFIER:
        return positions.filter(pk=point.verifier_id or point.author_position_id)
    return positions.none()
