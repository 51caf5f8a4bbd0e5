"""Carrying out a planned import of areas, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from apps.mission.models import Area, Mission

from .plan import Outcome, import_plan
from .table import AreaTable


class RefusedRows(ValueError):
    """The table has rows that cannot be imported, and the rest was not asked for."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """How many areas were made, changed, left as they were, and refused."""

    created: int
    updated: int
    unchanged: int
    refused: int


@transaction.atomic
def import_apply(table: AreaTable, mission: Mission, *, valid_only: bool = False) -> ImportSummary:
    """Import the table, judged anew; importing it again changes nothing.

    Raises RefusedRows, and changes nothing, if a row is refused, unless `valid_only`.
    """
    # WHY: two imports at once would both find an area missing.
    Mission.objects.select_for_update(no_key=True).get(pk=mission.pk)
    plan = import_plan(table, mission)
    counts = plan.counts
    if counts[Outcome.REFUSED] and not valid_only:
        raise RefusedRows
    areas = {area.pcode: area for area in Area.objects.filter(mission=mission)}
    for row in sorted(plan.of(Outcome.CREATED, Outcome.UPDATED), key=lambda row: row.values["level"]):
        area = areas.get(row.pcode) or Area(mission=mission, pcode=row.pcode)
        for name, value in row.values.items():
            setattr(area, name, value)
        if area.pk is None or "parent" in row.changes:
            area.parent = areas.get(row.parent)
        area.save()
        areas[row.pcode] = area
    return ImportSummary(**{outcome.value: count for outcome, count in counts.items()})
