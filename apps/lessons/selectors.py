"""Lessons that similar records taught, and those of one record. The row rule decides which of them one reads."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from apps.lessons.models import Lesson
from apps.lessons.teaching import topic
from apps.mission.models import Area
from apps.records.actors import Actor
from apps.records.models import Record, RecordLink

#: Weights of what a lesson and a record have in common: the kind outweighs the area, the area the sector.
KIND, AREA, SECTOR = 4, 2, 1
#: How far above a record's area one looks: levels 0 to 4 are all there are.
_ABOVE = ("parent_id", "parent__parent_id", "parent__parent__parent_id", "parent__parent__parent__parent_id")


def lessons_for(actor: Actor, record: Any, *, most: int = 3) -> list[Lesson]:
    """Shared lessons for records like this one, those with most in common first, then the newest; one query.

    In common is the kind, then the area or one above it, then the sector. A lesson for all records of the type, of no
    area and no sector, comes last. What this record taught itself is not among them.
    """
    for_all = topic(record.type)
    weights = [_weight(Q(area_id__isnull=True, sector_id__isnull=True, applies_to__contains=[for_all]), 0)]
    of_type = Q(applies_to__contains=[for_all])
    if record.record_type.kinds is not None:
        kinds = record.record_type.kinds.values
        of_type = Q(applies_to__overlap=[for_all, *(topic(record.type, code) for code in kinds)])
    if record.kind:
        weights.append(_weight(Q(applies_to__contains=[topic(record.type, record.kind)]), KIND))
    if record.area_id is not None:
        here = Area.objects.filter(pk=record.area_id)
        above = Q(area_id=record.area_id)
        for path in _ABOVE:
            above |= Q(area_id__in=here.values(path))
        weights.append(_weight(above, AREA))
    if record.sector_id is not None:
        weights.append(_weight(Q(sector_id=record.sector_id), SECTOR))
    taught_here = RecordLink.objects.filter(
        source_id=OuterRef("pk"), target_id=record.pk, relation=RecordLink.Relation.AROSE_FROM
    )
    whole = sum(weights[1:], start=weights[0])
    found = (
        Lesson.objects.filter(of_type, mission_id=record.mission_id, type="lesson", state="shared")
        .exclude(pk=record.pk)
        .annotate(weight=whole)
        .filter(
            Q(weight__gt=0) | Q(area_id__isnull=True, sector_id__isnull=True, applies_to__contains=[for_all])
        )
        .filter(~Exists(taught_here))
        .order_by(F("weight").desc(), F("state_since").desc(), F("pk").desc())
    )
    return list(found[:most])


def _weight(condition: Q, weight: int) -> Case:
    return Case(When(condition, then=Value(weight)), default=Value(0))


def lessons_of(record: Record) -> list[Lesson]:
    """Lessons that arose from a record and hold or may yet hold, as far as the actor reads them."""
    return list(
        Lesson.objects.filter(
            links_from__target_id=record.pk, links_from__relation=RecordLink.Relation.AROSE_FROM
        )
        .exclude(state="withdrawn")
        .order_by("pk")
    )
