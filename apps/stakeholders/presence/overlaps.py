"""Where civil and mission activities meet in one district, sector and time; and where somebody should be asked.

Two different things. An overlap is read by whoever reads both ends. A hint says, about a row of one's own, that
somebody of the other side is active there whom one cannot read: that much, and to a CMCoord officer who it is. The
database's function `stakeholders_hints` decides it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.need_to_know.known import unknown
from apps.records.actors import Actor
from apps.stakeholders.models import Presence

MOST = 200

# Both ends are read under the row rule: a pair with a hidden end is no row here.
_PAIRS = """
    WITH RECURSIVE up(id, at, level, parent_id) AS (
        SELECT a.id, a.id, a.level, a.parent_id FROM mission_area a WHERE a.mission_id = %(mission)s
        UNION ALL SELECT u.id, a.id, a.level, a.parent_id FROM up u JOIN mission_area a ON a.id = u.parent_id),
    district(area_id, district_id) AS (SELECT id, at FROM up WHERE level = 2),
    live AS (
        SELECT p.id, p.stakeholder_id, p.sector_id, d.district_id, p.start, p."end",
               s.side IN ('mission_military', 'mission_police', 'mission_civil') AS of_mission
          FROM stakeholders_presence p
          JOIN stakeholders_stakeholder s ON s.record_ptr_id = p.stakeholder_id
          JOIN records_record r ON r.id = p.stakeholder_id AND r.state = 'registered' AND r.mission_id = %(mission)s
          JOIN district d ON d.area_id = p.area_id
         WHERE p.sector_id IS NOT NULL AND p.status NOT IN ('completed', 'suspended')
           AND coalesce(p."end", 'infinity'::date) >= records_clock()::date)
    SELECT c.id, m.id FROM live c JOIN live m
      ON m.of_mission AND NOT c.of_mission AND m.district_id = c.district_id AND m.sector_id = c.sector_id
     AND coalesce(m.start, '-infinity'::date) <= coalesce(c."end", 'infinity'::date)
     AND coalesce(c.start, '-infinity'::date) <= coalesce(m."end", 'infinity'::date)
    WHERE (%(areas)s::bigint[] IS NULL OR c.district_id = ANY (%(areas)s) OR m.district_id = ANY (%(areas)s))
      AND (%(sector)s::bigint IS NULL OR c.sector_id = %(sector)s)
      AND (%(of)s::bigint IS NULL OR %(of)s IN (c.stakeholder_id, m.stakeholder_id))
    ORDER BY c.district_id, c.sector_id, c.id, m.id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Overlap:
    """A civil and a mission activity that may do the same for the same people."""

    civil: Presence
    mission: Presence


@dataclass(frozen=True)
class Hint:
    """A row of one's own where somebody should be asked; `organisations` are named to CMCoord officers alone."""

    presence: Presence
    organisations: tuple[str, ...]


def overlaps(
    actor: Actor,
    *,
    areas: Collection[int] | None = None,
    sector: int | None = None,
    stakeholder: int | None = None,
) -> list[Overlap]:
    """Pairs that the actor reads both ends of, at most MOST, by district and sector; two queries."""
    asked: dict[str, Any] = {
        "mission": actor.mission.pk, "areas": None if areas is None else list(areas), "sector": sector,
        "of": stakeholder, "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, asked)
        pairs = cursor.fetchall()
    rows = _rows({pk for pair in pairs for pk in pair})
    return [
        Overlap(rows[civil], rows[mission]) for civil, mission in pairs if civil in rows and mission in rows
    ]


def hints(*, stakeholder: int | None = None) -> list[Hint]:
    """Rows of the actor's own, or for a CMCoord officer of anybody's whom they read, where somebody should be asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT presence_id, organisations FROM stakeholders_hints()")
        found = dict(cursor.fetchall())
    if not found:
        return []
    rows = _rows(found)
    made = [Hint(rows[pk], tuple(found[pk])) for pk in found if pk in rows]
    if stakeholder is not None:
        made = [hint for hint in made if hint.presence.stakeholder_id == stakeholder]
    return sorted(made, key=lambda hint: (hint.presence.area.pcode, hint.presence.pk))


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
