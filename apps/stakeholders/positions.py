"""Who exercises which role on a stakeholder's file. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role
from apps.records.actors import Actor

if TYPE_CHECKING:
    from apps.stakeholders.models import Stakeholder


def files_as(actor: Actor) -> list[Position]:
    """The actor's positions that keep files on organisations."""
    keeping = set(actor.mission.register_roles)
    return [p for p in actor.positions if {held.role for held in p.roles.all()} & keeping]


def role_positions(stakeholder: Stakeholder, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role` on the file.

    Requester stands for its keeper: the position that filed it. The CMCoord officer is any of the mission's.
    """
    positions = Position.objects.filter(mission_id=stakeholder.mission_id, is_active=True).order_by(
        "title", "pk"
    )
    if role == Role.REQUESTER:
        return positions.filter(pk=stakeholder.author_position_id)
    if role == Role.CMCOORD:
        carrying = PositionRole.objects.filter(role=Role.CMCOORD)
        return positions.filter(Q(pk__in=carrying.values("position_id")))
    return positions.none()
