"""Who is in which area with which sector, in numbers; and where one organisation works. Reads under the row rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from apps.mission.models import Area, Sector
from apps.records import clock
from apps.records.actors import Actor
from apps.stakeholders.models import Presence, Stakeholder
from apps.stakeholders.presence.filtering import active_between, on_the_register
from apps.stakeholders.vocabulary import PresenceStatus

LINES = 12
_OVER = (PresenceStatus.COMPLETED, PresenceStatus.SUSPENDED)


@dataclass
class AreaLine:
    """An area, and how many organisations are active there by sector id (0: none); `total` counts each once."""

    area: Area
    cells: dict[int, int] = field(default_factory=dict)
    total: int = 0


def present_now(rows: QuerySet[Presence]) -> QuerySet[Presence]:
    """Rows that are neither over nor suspended today."""
    return rows.exclude(status__in=_OVER).filter(active_between(clock.now().date(), None))


def by_area(actor: Actor, *, level: int) -> tuple[list[Sector], list[AreaLine]]:
    """Sectors with somebody, and lines for the areas of that level in which somebody is active today, by P-code."""
    rows = (
        present_now(on_the_register(actor)).values_list("stakeholder_id", "area_id", "sector_id").distinct()
    )
    areas = {area.pk: area for area in Area.objects.filter(mission=actor.mission)}
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for stakeholder, area_id, sector in rows.order_by():
        at = areas.get(area_id)
        while at is not None and at.level > level:
            at = areas.get(at.parent_id) if at.parent_id else None
        if at is not None and at.level == level:
            found[at.pk][sector or 0].add(stakeholder)
    used = {sector for cells in found.values() for sector in cells}
    sectors = list(Sector.objects.filter(mission=actor.mission, pk__in=used))
    lines = [
        AreaLine(
            areas[pk], {sector: len(who) for sector, who in cells.items()},
            len(set().union(*cells.values())),
        )
        for pk, cells in found.items()
    ]  # fmt: skip
    return sectors, sorted(lines, key=lambda line: line.area.pcode)


@dataclass(frozen=True)
class Works:
    """Where one organisation works: area, sector, how many activities, from when until when (None: not said)."""

    area: str
    pcode: str
    sector: str
    number: int
    start: date | None
    end: date | None


def where_it_works(stakeholder: Stakeholder) -> tuple[list[Works], bool]:
    """The first LINES places with what it does there now; whether there are more."""
    grouped: Any = (
        present_now(Presence.objects.filter(stakeholder=stakeholder))
        .values("area__name", "area__pcode", "sector__name")
        .annotate(number=Count("pk"), start=Min("start"), end=Max("end"))
        .order_by("area__name", "sector__name")[: LINES + 1]
    )
    found = [
        Works(g["area__name"], g["area__pcode"], g["sector__name"] or "", g["number"], g["start"], g["end"])
        for g in grouped
    ]
    return found[:LINES], len(found) > LINES
