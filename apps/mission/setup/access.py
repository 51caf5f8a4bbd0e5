"""Who administers which mission: holders of a position with the administrator's role there, now."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.mission.models import Holding, Mission, Position
from apps.mission.vocabulary import Role

_CACHE = "_administered_missions"


def administered(request: HttpRequest) -> list[Mission]:
    """Missions whose structure the signed-in person may edit; a superuser's are all.

    SECURITY: nobody reads records by it; the row rule knows positions only.
    """
    found: list[Mission] | None = getattr(request, _CACHE, None)
    if found is None:
        found = list(_missions_of(request))
        setattr(request, _CACHE, found)
    return found


def _missions_of(request: HttpRequest) -> QuerySet[Mission]:
    person = request.user
    if not (person.is_authenticated and person.is_active and person.is_staff):
        return Mission.objects.none()
    if person.is_superuser:
        return Mission.objects.order_by("name")
    held = Holding.objects.current().filter(
        person=person, position__is_active=True, position__roles__role=Role.ADMIN
    )
    return Mission.objects.filter(pk__in=held.values("position__mission_id")).order_by("name")


def holds_now_or_later(request: HttpRequest, position: Position) -> bool:
    """Whether the signed-in person is in that position, or will be."""
    ends = Q(until__isnull=True) | Q(until__gt=timezone.now())
    return position.holdings.filter(ends, person_id=request.user.pk).exists()
