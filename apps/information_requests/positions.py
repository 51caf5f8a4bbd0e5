"""Who exercises which role on a request for information. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from apps.mission.models import Organisation, Position, PositionRole
from apps.mission.vocabulary import Role
from apps.releases.positions import role_positions as release_positions

if TYPE_CHECKING:
    from apps.information_requests.models import InformationRequest

#: Roles whose holders take requests in for their organisation, and assign them.
INTAKE = (Role.JOC, Role.CIMIC, Role.CMCOORD, Role.RELEASE)


def takes_requests(organisation_id: int) -> QuerySet[Position]:
    """Positions in use of an organisation that take in requests for information."""
    carrying = PositionRole.objects.filter(role__in=INTAKE).values("position_id")
    return Position.objects.filter(organisation_id=organisation_id, is_active=True, pk__in=carrying)


def organisations_asked(mission_id: int) -> QuerySet[Organisation]:
    """Organisations of a mission that can be asked."""
    carrying = PositionRole.objects.filter(
        role__in=INTAKE, position__is_active=True, position__mission_id=mission_id
    )
    return Organisation.objects.filter(pk__in=carrying.values("position__organisation_id")).order_by("name")


def desk_of(mission_id: int) -> Organisation | None:
    """The organisation that is asked where nobody is named: the mission's setting, else the one with the JOC."""
    chosen = Organisation.objects.filter(pk__in=_desk(mission_id)).first()
    if chosen is not None:
        return chosen
    carrying = PositionRole.objects.filter(
        role=Role.JOC, position__is_active=True, position__mission_id=mission_id
    )
    return (
        Organisation.objects.filter(pk__in=carrying.values("position__organisation_id"))
        .order_by("name", "pk")
        .first()
    )


def _desk(mission_id: int) -> QuerySet[Organisation]:
    from apps.information_requests.models import InformationDesk

    return InformationDesk.objects.filter(mission_id=mission_id).values("organisation_id")  # type: ignore[return-value]


def role_positions(request: InformationRequest, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role` on the request.

    Requester: the position that asked, be it for another organisation, and the focal points of the one that asks.
    JOC: whoever takes requests in at the organisation asked. Unit: the position that drafts, as assigned last. Release
    authority: the one whose signature the answer needs; before there is one, those of the organisation asked.
    """
    positions = Position.objects.filter(mission_id=request.mission_id, is_active=True).order_by("title", "pk")
    if role == Role.REQUESTER:
        carrying = PositionRole.objects.filter(role=role).values("position_id")
        colleagues = Q(organisation_id=request.originator_id, pk__in=carrying)
        return positions.filter(Q(pk=request.author_position_id) | colleagues)
    if role == Role.JOC:
        return positions.filter(pk__in=takes_requests(request.asked_of_id or 0).values("pk"))
    if role == Role.UNIT:
        latest = request.assignments.order_by("-at", "-id").values("drafter_id")[:1]
        return positions.filter(pk__in=latest)
    if role == Role.RELEASE:
        answer = request.answers.select_related("release").order_by("-at", "-id").first()
        if answer is not None:
            return release_positions(answer.release, role)
        carrying = PositionRole.objects.filter(role=role).values("position_id")
        return positions.filter(organisation_id=request.asked_of_id or 0, pk__in=carrying)
    return positions.none()
