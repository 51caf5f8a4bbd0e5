"""Who exercises which role on an announcement. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from apps.announcements.rules import issuers
from apps.announcements.vocabulary import Kind
from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role
from apps.records.actors import Actor

if TYPE_CHECKING:
    from apps.announcements.models import Announcement


def files_as(actor: Actor) -> list[Position]:
    """The actor's positions that may announce something, those that may announce an emergency first."""
    urgent, any_ = set(issuers(actor.mission, Kind.EMERGENCY)), set(issuers(actor.mission, ""))

    def carried(position: Position) -> set[str]:
        return {held.role for held in position.roles.all()}

    found = [position for position in actor.positions if carried(position) & any_]
    return sorted(found, key=lambda position: not carried(position) & urgent)


def role_positions(announcement: Announcement, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role` on the announcement.

    Requester stands for its issuer: the position that filed it and, once it is issued, those of the same
    organisation that may issue its kind.
    """
    positions = Position.objects.filter(mission_id=announcement.mission_id, is_active=True).order_by(
        "title", "pk"
    )
    if role != Role.REQUESTER:
        return positions.none()
    filed = Q(pk=announcement.author_position_id)
    if announcement.state == announcement.record_type.workflow.initial:
        return positions.filter(filed)
    carrying = PositionRole.objects.filter(role__in=issuers(announcement.mission, announcement.kind))
    return positions.filter(
        filed | Q(organisation_id=announcement.originator_id, pk__in=carrying.values("position_id"))
    )
