"""Who exercises which role on a release. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role
from apps.records.originators import voices

if TYPE_CHECKING:
    from apps.releases.models import Release


def role_positions(release: Release, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role` on the release; one query.

    Requester stands for whoever drafts it: the position that filed it. Release authority: those of the originating
    organisation; where it names none, the position of its own that filed the release.
    """
    positions = Position.objects.filter(mission_id=release.mission_id, is_active=True).order_by("title", "pk")
    if role == Role.REQUESTER:
        return positions.filter(pk=release.author_position_id)
    if role == Role.RELEASE:
        return positions.filter(pk__in=voices(release).values("pk"))
    return positions.none()


def authorities_of(organisation_id: int) -> QuerySet[PositionRole]:
    """Roles of release authority in an organisation, of positions in use."""
    return PositionRole.objects.filter(
        role=Role.RELEASE, position__organisation_id=organisation_id, position__is_active=True
    )
