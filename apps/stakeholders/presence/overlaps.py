"""Where civil and mission activities meet in one district, sector and time; and where somebody should be asked.

Two different things. An overlap is read by whoever reads both ends. A hint says, about a row of one's own, that
somebody of the other side is active there whom one cannot read: that much, and to a CMCoord officer who it is. The
database's function `stakeholders_hints` decides it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from django.db import connection
from django.db.models import QuerySet

from apps.mission.models import Area, Position
from apps.mission.vocabulary import Role
from apps.need_to_know.known import unknown
from apps.records import clock
from apps.records.actors import Actor
from apps.stakeholders.models import Presence
from apps.stakeholders.presence.filtering import MISSION_SIDES, active_between
from apps.stakeholders.vocabulary import PresenceStatus

MOST = 100
SHOWN = 3
HINTS_MOST = 60
_DISTRICT = 2
_OVER = (PresenceStatus.COMPLETED, PresenceStatus.SUSPENDED)


@dataclass(frozen=True)
class Overlap:
    """Activities of a civil and a mission organisation that may do the same for the same people, in one district.

    At most SHOWN of each; `rows` are the ids of all.
    """

    civil: tuple[Presence, ...]
    mission: tuple[Presence, ...]
    rows: frozenset[int]


@dataclass(frozen=True)
class Hint:
    """A row of one's own where somebody should be asked; `organisations` are named to CMCoord officers alone.

    `rows` are the ids of all rows of the organisation there, of which `presence` is the first.
    """

    presence: Presence
    organisations: tuple[str, ...]
    rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Live:
    """An activity that is not over, in the district in which it lies."""

    id: int
    stakeholder: int
    sector: int
    area: int
    district: int
    since: date
    until: date
    of_mission: bool

    def meets(self, other: _Live) -> bool:
        """Whether the two go on at the same time."""
        return self.since <= other.until and other.since <= self.until


def overlaps(
    actor: Actor,
    *,
    areas: Collection[int] | None = None,
    sector: int | None = None,
    stakeholder: int | None = None,
) -> list[Overlap]:
    """Pairs of organisations both of which the actor reads, at most MOST, by district and sector; three queries.

    WHY: paired here and not by the database, whose planner takes spans of days for rare and compares every row with
    every other.
    """
    districts = _districts(actor)
    rows = _live(actor, districts)
    if sector is not None:
        rows = rows.filter(sector_id=sector)
    if stakeholder is not None:
        own = rows.filter(stakeholder=stakeholder).order_by().values("sector_id").distinct()
        rows = rows.filter(sector_id__in=own)
    ends: dict[tuple[int, int], tuple[list[_Live], list[_Live]]] = defaultdict(lambda: ([], []))
    for values in rows.order_by("id").values_list(
        "id", "stakeholder_id", "sector_id", "area_id", "start", "end", "stakeholder__side"
    ):
        pk, of, in_sector, area, start, end, side = values
        each = _Live(
            pk,
            of,
            in_sector,
            area,
            districts[area],
            start or date.min,
            end or date.max,
            side in MISSION_SIDES,
        )
        ends[each.district, in_sector][each.of_mission].append(each)
    met: dict[tuple[int, int, int, int], tuple[dict[int, None], dict[int, None]]] = {}
    for civil, mission in _pairs(ends, areas, stakeholder):
        between = (civil.district, civil.sector, civil.stakeholder, mission.stakeholder)
        if between not in met and len(met) == MOST:
            continue
        sides = met.setdefault(between, ({}, {}))
        sides[0][civil.id] = sides[1][mission.id] = None
    shown = _rows({pk for sides in met.values() for side in sides for pk in islice(side, SHOWN)})
    return [
        Overlap(
            tuple(shown[pk] for pk in islice(one, SHOWN) if pk in shown),
            tuple(shown[pk] for pk in islice(other, SHOWN) if pk in shown),
            frozenset([*one, *other]),
        )
        for one, other in met.values()
    ]


def _pairs(
    ends: Mapping[tuple[int, int], tuple[list[_Live], list[_Live]]],
    areas: Collection[int] | None,
    stakeholder: int | None,
) -> Iterator[tuple[_Live, _Live]]:
    wanted = None if areas is None else set(areas)
    for where in sorted(ends):
        civil, mission = ends[where]
        for one, other in product(civil, mission):
            if not one.meets(other):
                continue
            if wanted is not None and not wanted & {one.district, one.area, other.area}:
                continue
            if stakeholder is None or stakeholder in (one.stakeholder, other.stakeholder):
                yield one, other


def _districts(actor: Actor) -> dict[int, int]:
    """The area of level 2 in which each area of the mission lies; a wider one is in none."""
    areas = {
        pk: (level, parent)
        for pk, level, parent in Area.objects.filter(mission=actor.mission)
        .order_by()
        .values_list("pk", "level", "parent_id")
    }
    found = {}
    for pk in areas:
        at: int | None = pk
        while at is not None and areas[at][0] > _DISTRICT:
            at = areas[at][1]
        if at is not None and areas[at][0] == _DISTRICT:
            found[pk] = at
    return found


def _live(actor: Actor, districts: Mapping[int, int]) -> QuerySet[Presence]:
    """Activities with a sector and a district, of organisations that are active, which are not over."""
    return (
        Presence.objects.filter(
            stakeholder__mission=actor.mission, stakeholder__state="registered", sector__isnull=False,
            area_id__in=list(districts),
        )
        .exclude(status__in=_OVER)
        .filter(active_between(clock.now().date(), None))
    )  # fmt: skip


def hints(
    *, areas: Collection[int] | None = None, sector: int | None = None, stakeholder: int | None = None
) -> list[Hint]:
    """Rows of the actor's own, or for a CMCoord officer of anybody's whom they read, where somebody should be asked.

    One for each organisation, area and sector: the first of its rows there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT presence_id, organisations FROM stakeholders_hints()")
        found = dict(cursor.fetchall())
    if not found:
        return []
    rows = Presence.objects.filter(pk__in=found)
    if areas is not None:
        rows = rows.filter(area_id__in=list(areas))
    if sector is not None:
        rows = rows.filter(sector_id=sector)
    if stakeholder is not None:
        rows = rows.filter(stakeholder_id=stakeholder)
    told: dict[tuple[int, int, int | None], list[int]] = defaultdict(list)
    for pk, of, area, in_sector in rows.order_by("area__pcode", "pk").values_list(
        "pk", "stakeholder_id", "area_id", "sector_id"
    ):
        told[of, area, in_sector].append(pk)
    first = list(told.values())[:HINTS_MOST]
    shown = _rows({pks[0] for pks in first})
    return [
        Hint(shown[pks[0]], tuple(sorted({name for pk in pks for name in found[pk]})), frozenset(pks))
        for pks in first
        if pks[0] in shown
    ]


def officers(actor: Actor) -> list[Position]:
    """The mission's CMCoord officers whom the actor may know by name: whom to ask."""
    return list(
        Position.objects.filter(mission=actor.mission, is_active=True, roles__role=Role.CMCOORD)
        .exclude(unknown(actor, "organisation"))
        .select_related("organisation", "area")
        .distinct()
        .order_by("title", "pk")
    )


def _rows(ids: Collection[int]) -> dict[int, Presence]:
    return {
        row.pk: row
        for row in Presence.objects.filter(pk__in=ids).select_related("stakeholder", "area", "sector")
    }
