"""Who exercises which role on an aid request: by sector, kind, tasking and origin. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from apps.mission.models import DecisionAuthority, Position, PositionRole
from apps.mission.vocabulary import Role

if TYPE_CHECKING:
    from apps.aid_requests.models import AidRequest

_HUMANITARIAN = frozenset({Role.CLUSTER, Role.CMCOORD})


def role_positions(request: AidRequest, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role` on the request; one query.

    Requester: the position that filed it, be it for another organisation, and the focal points of the organisation
    whose request it is. Cluster coordinator: of the request's sector, or of all. Cluster and CMCoord have no part in
    mission support. Decision authority: as the mission lists for this kind. Unit: the one tasked last. All others:
    every position with the role.
    """
    positions = Position.objects.filter(mission_id=request.mission_id, is_active=True).order_by("title", "pk")
    carrying = PositionRole.objects.filter(role=role)
    if role == Role.REQUESTER:
        colleagues = Q(organisation_id=request.originator_id, pk__in=carrying.values("position_id"))
        return positions.filter(Q(pk=request.author_position_id) | colleagues)
    if role == Role.UNIT:
        latest = request.tasking_rows.order_by("-at", "-id").values("unit_id")[:1]
        return positions.filter(pk__in=latest)
    if role in _HUMANITARIAN and request.is_mission_support:
        return positions.none()
    if role == Role.CLUSTER:
        carrying = carrying.filter(Q(sector__isnull=True) | Q(sector_id=request.sector_id))
    if role == Role.DECIDER:
        listed = DecisionAuthority.objects.filter(mission_id=request.mission_id, kind=request.kind)
        positions = positions.filter(pk__in=listed.values("position_id"))
    if role == Role.SECURITY:
        return positions.filter(pk__in=carrying.values("position_id")).filter(_is_consulted(request))
    return positions.filter(pk__in=carrying.values("position_id"))


def _is_consulted(request: AidRequest) -> Q:
    """Security advisers read what needs their opinion, and what they were asked about."""
    from apps.aid_requests.rules import SECURITY_FIRST

    if request.kind in SECURITY_FIRST:
        return Q()
    return Q(pk__in=request.addressees.filter(role=Role.SECURITY).values("position_id"))
