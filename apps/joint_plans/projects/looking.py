"""What helps whoever checks for duplication: who is active in the same area, sector and time. Reads only.

Everything under the reader's own rights; of what they cannot read they learn no more than the hints of the register of
presence tell them: that somebody should be asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from apps.joint_plans.models import Activity, JointPlan
from apps.joint_plans.vocabulary import PlanKind
from apps.mission.models import Area, Position
from apps.records.actors import Actor
from apps.stakeholders.models import Presence
from apps.stakeholders.presence import overlaps
from apps.stakeholders.presence.filtering import active_between, on_the_register
from apps.stakeholders.vocabulary import PresenceStatus

MOST = 60
_DISTRICT = 2
_OVER = (PresenceStatus.COMPLETED, PresenceStatus.SUSPENDED)


@dataclass
class Around:
    """Others' presence and plans there, places where somebody should be asked, and whom to ask."""

    area: Area | None
    presence: list[Presence] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    hints: list[overlaps.Hint] = field(default_factory=list)
    officers: list[Position] = field(default_factory=list)
    more: bool = False


def around(actor: Actor, plan: JointPlan) -> Around:
    """What the actor reads of others in the district, sector and time of a project; at most MOST rows of each."""
    area, ids = district(plan)
    found = Around(area)
    if area is None:
        return found
    rows = on_the_register(actor).filter(area_id__in=ids).exclude(status__in=_OVER)
    rows = rows.filter(active_between(plan.starts_on, plan.ends_on))
    planned = Activity.objects.filter(
        area_id__in=ids, is_removed=False, of_plan__mission=actor.mission
    ).exclude(Q(of_plan=plan.pk) | Q(of_plan__state__in=("withdrawn", "archived")))
    planned = planned.exclude(of_plan__kind=PlanKind.EXERCISE)
    if plan.starts_on:
        planned = planned.filter(Q(ends_on=None) | Q(ends_on__gte=plan.starts_on))
    if plan.ends_on:
        planned = planned.filter(Q(starts_on=None) | Q(starts_on__lte=plan.ends_on))
    if plan.sector_id:
        rows = rows.filter(Q(sector_id=plan.sector_id) | Q(sector_id=None))
        planned = planned.filter(Q(sector_id=plan.sector_id) | Q(sector_id=None))
    found.presence = list(rows.order_by("stakeholder__title", "pk")[: MOST + 1])
    found.activities = list(
        planned.select_related("of_plan", "area", "sector").order_by("starts_on", "pk")[: MOST + 1]
    )
    found.more = len(found.presence) > MOST or len(found.activities) > MOST
    found.presence, found.activities = found.presence[:MOST], found.activities[:MOST]
    found.hints = overlaps.hints(areas=ids, sector=plan.sector_id)
    found.officers = overlaps.officers(actor)
    return found


def district(plan: Any) -> tuple[Area | None, list[int]]:
    """The district of the plan's area (or its wider area), with the ids of all areas within."""
    areas = {area.pk: area for area in Area.objects.filter(mission=plan.mission)}
    at = areas.get(plan.area_id)
    while at is not None and at.level > _DISTRICT and at.parent_id in areas:
        at = areas[at.parent_id]
    if at is None:
        return None, []
    wanted = {at.pk}
    while more := {area.pk for area in areas.values() if area.parent_id in wanted} - wanted:
        wanted |= more
    return at, sorted(wanted)
