"""Who exercises which role on an announcement. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from apps.announcements.models.setting import IssuingRules
from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role
from apps.records.actors import Actor

if TYPE_CHECKING:
    from apps.announcements.models import Announcement

_KEPT = "rules of who may announce"


def rules_for(actor: Actor) -> IssuingRules:
    """The rules of the actor's mission; asked once for an actor."""
    found: IssuingRules | None = actor.kept.get(_KEPT)
    if found is None:
        found = actor.kept[_KEPT] = IssuingRules.of(actor.mission.pk)
    return found


def files_as(actor: Actor) -> list[Position]:
    """The actor's positions that may announce something, those that may announce an emergency first."""
    rules = rules_for(actor)
    urgent, any_ = set(rules.roles("emergency")), set(rules.roles(""))

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
    carrying = PositionRole.objects.filter(role__in=announcement.issuing.roles(announcement.kind))
    return positions.filter(
        filed | Q(organisation_id=announcement.originator_id, pk__in=carrying.values("position_id"))
    )
