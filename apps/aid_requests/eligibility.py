"""Which units may not be tasked with a request because of a caveat. Selectors only.

Whoever tasks learns that a unit is not eligible; why stands in the caveat, which only the cleared read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Organisation, Position
from apps.mission.vocabulary import Role
from apps.records import clock
from apps.records.workflow import Text
from apps.stakeholders.models import Caveat
from apps.stakeholders.selectors import ineligible_units

if TYPE_CHECKING:
    from apps.aid_requests.models import AidRequest


def barred_organisations(request: AidRequest) -> frozenset[int]:
    """Organisations that a caveat keeps from this kind of task, where it begins or ends; for those who task."""
    areas = dict.fromkeys([request.area_id, request.origin_area_id])
    found: set[int] = set()
    for area in areas:
        found |= ineligible_units(kind=request.kind, area_id=area, day=clock.now().date())
    return frozenset(found)


def reasons(request: AidRequest, organisations: Iterable[int]) -> dict[int, str]:
    """Organisation -> what its caveats say, and those of what it is part of, as far as the reader is cleared."""
    said: dict[int, str] = {}
    for organisation in Organisation.objects.filter(pk__in=list(organisations)).select_related(
        "parent__parent"
    ):
        above = [organisation, organisation.parent, organisation.parent and organisation.parent.parent]
        found = Caveat.objects.filter(
            Q(kind="any") | Q(kind=request.kind), stakeholder__organisation__in=[o.pk for o in above if o]
        ).order_by("pk")
        said[organisation.pk] = " ".join(dict.fromkeys(caveat.reason for caveat in found))
    return said


def weighed(request: AidRequest) -> list[tuple[Text, bool | None, str]]:
    """What whoever tasks weighs: each organisation of units that is not eligible, with the reason for the cleared."""
    barred = barred_organisations(request)
    if not barred:
        return []
    carrying = Position.objects.filter(mission_id=request.mission_id, is_active=True, roles__role=Role.UNIT)
    units = Organisation.objects.filter(pk__in=carrying.values("organisation_id")).filter(pk__in=barred)
    why = reasons(request, [unit.pk for unit in units])
    return [
        (_("%(unit)s is eligible") % {"unit": unit.name}, False, why[unit.pk])
        for unit in units.order_by("name")
    ]
