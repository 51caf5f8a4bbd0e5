"""Who exercises which role on a product. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from apps.joc_products.models import Contribution
from apps.joc_products.vocabulary import SectionState
from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role

if TYPE_CHECKING:
    from apps.joc_products.models import JocProduct

#: States in which contributors write.
COLLECTS = ("collecting", "compiling")


def awaited() -> QuerySet[Contribution]:
    """Sections that somebody is asked for and that have neither come nor been taken up by the JOC."""
    open_states = (SectionState.AWAITED, SectionState.MISSING)
    return Contribution.objects.filter(position__isnull=False, state__in=open_states, edited_at__isnull=True)


def release_authorities(product: JocProduct) -> QuerySet[Position]:
    """Positions in use of the originating organisation that are its release authority."""
    carrying = PositionRole.objects.filter(role=Role.RELEASE).values("position_id")
    return Position.objects.filter(organisation_id=product.originator_id, is_active=True, pk__in=carrying)


def role_positions(product: Any, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role` on the product.

    JOC stands for whoever compiles: the position that filed it. Requester for all who are asked for a section, unit
    for those of them who are still awaited. A release authority is one of the originating organisation; without one
    nobody releases: a decision authority decides on assets, not on what may be told.
    """
    positions = Position.objects.filter(mission_id=product.mission_id, is_active=True).order_by("title", "pk")
    if role == Role.JOC:
        return positions.filter(pk=product.author_position_id)
    if role == Role.REQUESTER:
        asked = Contribution.objects.filter(product_id=product.pk, position__isnull=False)
        return positions.filter(pk__in=asked.values("position_id"))
    if role == Role.UNIT:
        return positions.filter(pk__in=awaited().filter(product_id=product.pk).values("position_id"))
    if role == Role.RELEASE:
        return positions.filter(Q(pk__in=release_authorities(product).values("pk")))
    return positions.none()
