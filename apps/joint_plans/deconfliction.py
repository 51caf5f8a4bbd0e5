"""Where a plan's activities meet others in place and time, requests, and resources; and whom to ask.

A conflict is told in full to whoever reads both ends: plain queries under the row rule. A hint says of an activity of
one's own that a position should be asked, because of something that one cannot read; it says no more. The database's
function `joint_plans_hints` decides it. Exercises meet exercises alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from apps.joint_plans.contacts import contacts
from apps.joint_plans.models import Activity, JointPlan, PartLink, Promise
from apps.joint_plans.resources import OVER
from apps.joint_plans.vocabulary import PlanKind, Progress, Promised
from apps.mission.models import Area, Position
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import by_key
from apps.records.workflow import Outcome

PLACE, REQUEST, RESOURCE = "place", "request", "resource"
#: The record type of requests; its room stands above this one.
_REQUESTS = "aid_request"
_GONE = (Progress.DONE, Progress.DROPPED)
_LIVE_PROMISES = (Promised.ASKED, Promised.PROMISED)
#: What nobody asks of an activity here; of thousands it would be most of what the database sends.
_UNREAD = ("details", "needs", "report", "open_title", "open_text", "readers", "supports")
MOST = 200
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9998, 12, 30)


@dataclass(frozen=True)
class Conflict:
    """An activity of the plan that meets something which the actor reads too.

    `other` is an Activity with its plan, a Record, or a Promise with its resource; `plan` is the plan of the other end.
    """

    kind: str
    activity: Activity
    other: Any
    same_sector: bool
    since: date
    until: date
    plan: JointPlan | None = None


class _Pair(NamedTuple):
    """A conflict before anybody is shown it: the other end by its id, unless it was read already."""

    kind: str
    activity: Any
    other: Any
    same_sector: bool
    since: date
    until: date

    @property
    def weight(self) -> tuple[bool, date, int]:
        """What weighs most first: within one sector, and soon."""
        return (not self.same_sector, self.since, self.activity.pk)


@dataclass(frozen=True)
class Hint:
    """An activity of the plan for which these positions should be asked."""

    activity: Activity
    positions: tuple[Position, ...]
    over: str


@dataclass
class Mark:
    """What a time line shows at an activity: whether it meets something, and whether somebody should be asked."""

    meets: bool = False
    ask: bool = False


@dataclass
class Conflicts:
    """What is shown of what was found; `more` says that there is more."""

    found: list[Conflict] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    more: bool = False


def conflicts_of(actor: Actor, plan: JointPlan) -> Conflicts:
    """What the plan's activities meet, what weighs most first; a fixed number of queries.

    WHY: paired here and not by the database, whose planner takes spans of days for rare and compares every row with
    every other.
    """
    rows = Activity.objects.filter(of_plan=plan, is_removed=False)
    own = _live(plan, rows.defer(*_UNREAD).order_by("order", "pk"))
    pairs = sorted(_pairs(actor, plan, own), key=lambda pair: pair.weight)
    return Conflicts(_read(pairs[:MOST]), _hints(actor, plan, own), len(pairs) > MOST)


def conflict_marks(actor: Actor, plan: JointPlan, rows: Iterable[Any]) -> dict[int, Mark]:
    """The same by activity, of all of `rows`: the plan's activities as the actor reads them. Nothing else is read."""
    own = _live(plan, rows)
    made: dict[int, Mark] = defaultdict(Mark)
    for pair in _pairs(actor, plan, own):
        made[pair.activity.pk].meets = True
    for hint in _hints(actor, plan, own):
        made[hint.activity.pk].ask = True
    return dict(made)


def _live(plan: JointPlan, rows: Iterable[Any]) -> list[Any]:
    return [] if plan.state in OVER else [row for row in rows if row.progress not in _GONE]


def _pairs(actor: Actor, plan: JointPlan, own: list[Any]) -> list[_Pair]:
    placed = [a for a in own if a.area_id and a.starts_on and a.ends_on]
    return [*_places(actor, plan, placed), *_resources(plan, own)] if own else []


def _read(pairs: list[_Pair]) -> list[Conflict]:
    """These with their other ends. WHY: of thousands that meet, only what is shown is read.

    An end that was taken back in between is left out.
    """
    ends = {kind: {pair.other for pair in pairs if pair.kind == kind} for kind in (PLACE, REQUEST)}
    rows = Activity.objects.defer(*_UNREAD).select_related("of_plan").in_bulk(ends[PLACE])
    records = Record.objects.in_bulk(ends[REQUEST])
    promises = [pair.other for pair in pairs if pair.kind == RESOURCE]
    plans = JointPlan.objects.in_bulk({promise.plan_id for promise in promises})
    made = []
    for kind, activity, end, same_sector, since, until in pairs:
        other: Any = end
        there: JointPlan | None = None
        if kind == PLACE:
            other = rows.get(end)
            there = other.of_plan if other is not None else None
        elif kind == REQUEST:
            other = records.get(end)
        else:
            there = plans.get(end.plan_id)
        if other is not None and (there is not None or kind == REQUEST):
            made.append(Conflict(kind, activity, other, same_sector, since, until, there))
    return made


# ---------------------------------------------------------------- place and time
def _places(actor: Actor, plan: JointPlan, own: list[Activity]) -> list[_Pair]:
    if not own:
        return []
    near = _near(actor, {a.area_id for a in own if a.area_id})
    first = min(a.starts_on for a in own if a.starts_on)
    last = max(a.ends_on for a in own if a.ends_on)
    at = defaultdict(list)
    for each in own:
        for area in near[each.area_id or 0]:
            at[area].append(each)
    is_exercise = plan.kind == PlanKind.EXERCISE
    others = (
        Activity.objects.filter(
            area_id__in=list(at), starts_on__lte=last, ends_on__gte=first, is_removed=False,
            of_plan__mission=actor.mission,
        )
        .exclude(of_plan=plan).exclude(progress__in=_GONE).exclude(of_plan__state__in=OVER)
        .order_by("starts_on", "pk")
    )  # fmt: skip
    others = (
        others.filter(of_plan__kind=PlanKind.EXERCISE)
        if is_exercise
        else others.exclude(of_plan__kind=PlanKind.EXERCISE)
    )
    found = [
        _Pair(PLACE, mine, other, _same(mine, sector), *span)
        for other, area, sector, since, until in others.values_list(
            "pk", "area_id", "sector_id", "starts_on", "ends_on"
        )
        for mine, span in _meeting(at[area], since, until)
    ]
    if not is_exercise:
        found += _requests(actor, plan, at, first, last)
    return found


def _meeting(own: Iterable[Activity], since: Any, until: Any) -> Iterator[tuple[Activity, tuple[date, date]]]:
    """Activities that go on at that time, each with the days that both have."""
    for mine in own:
        begins, ends = max(mine.starts_on or since, since), min(mine.ends_on or until, until)
        if begins <= ends:
            yield mine, (begins, ends)


def _same(mine: Any, sector: int | None) -> bool:
    return sector is not None and mine.sector_id == sector


def _near(actor: Actor, areas: Iterable[int]) -> dict[int, set[int]]:
    """Area -> itself, the areas within it, and those in which it lies."""
    parent = dict(Area.objects.filter(mission=actor.mission).order_by().values_list("pk", "parent_id"))

    def above(area: int) -> Iterator[int]:
        at: int | None = area
        while at is not None:
            yield at
            at = parent.get(at)

    wanted = set(areas)
    found = {area: set(above(area)) for area in wanted}
    for area in parent:
        for outer in above(area):
            if outer in wanted:
                found[outer].add(area)
    return found


def _requests(
    actor: Actor, plan: JointPlan, at: dict[int, list[Activity]], first: date, last: date
) -> list[_Pair]:
    """Requests for aid that are needed there while an activity goes on; not those that were raised from the plan."""
    declared = by_key(_REQUESTS)
    zone = ZoneInfo(actor.mission.time_zone)
    # WHY: a day at the end of the calendar has no moment after it; nothing is needed then.
    begins, ends = (
        datetime(day.year, day.month, day.day, tzinfo=zone)
        for day in (max(first, _FIRST_DAY), min(max(last, _FIRST_DAY), _LAST_DAY) + timedelta(days=1))
    )
    over = [state.code for state in declared.workflow.states if state.outcome is not Outcome.OPEN]
    rows = (
        Record.objects.filter(
            mission=actor.mission, type=_REQUESTS, area_id__in=list(at), needed_by__gte=begins, needed_by__lt=ends
        )
        .exclude(state__in=[*over, declared.workflow.initial])
        .exclude(pk__in=PartLink.objects.filter(plan=plan).values("record_id"))
    )  # fmt: skip
    found = []
    needed = rows.order_by("needed_by", "pk").values_list("pk", "area_id", "sector_id", "needed_by")
    for record, area, sector, moment in needed[: MOST * 5]:
        assert moment is not None
        day = moment.astimezone(zone).date()
        for mine, span in _meeting(at[area], day, day):
            found.append(_Pair(REQUEST, mine, record, _same(mine, sector), *span))
    return found


# ---------------------------------------------------------------- resources
def _resources(plan: JointPlan, own: list[Activity]) -> list[_Pair]:
    """What is asked for or promised at the same time elsewhere, of what the plan asks for."""
    by_part = {each.pk: each for each in own}
    mine = list(Promise.objects.filter(plan=plan, part_id__in=list(by_part), state__in=_LIVE_PROMISES))
    others = defaultdict(list)
    for other in (
        Promise.objects.filter(resource_id__in={each.resource_id for each in mine}, state__in=_LIVE_PROMISES)
        .exclude(plan=plan).select_related("resource").order_by("starts", "pk")
    ):  # fmt: skip
        others[other.resource_id].append(other)
    # WHY: read by themselves: whoever keeps a resource reads what is asked of it, and not always for which plan.
    plans = JointPlan.objects.in_bulk({o.plan_id for rows in others.values() for o in rows})
    is_exercise = plan.kind == PlanKind.EXERCISE
    found = []
    for one in mine:
        for other in others[one.resource_id]:
            there = plans.get(other.plan_id)
            if there is None or (there.kind == PlanKind.EXERCISE) != is_exercise:
                continue
            since, until = max(one.starts, other.starts), min(one.ends, other.ends)
            if since < until:
                days = (since.date(), (until - timedelta(seconds=1)).date())
                found.append(_Pair(RESOURCE, by_part[one.part_id], other, False, *days))
    return found


# ---------------------------------------------------------------- whom to ask
def _hints(actor: Actor, plan: JointPlan, own: list[Activity]) -> list[Hint]:
    if not own:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT activity_id, position_id, meets FROM joint_plans_hints(%s)", [plan.pk])
        rows = cursor.fetchall()
    by_part = {each.pk: each for each in own}
    known = contacts(actor, {position for _part, position, _over in rows}) if rows else {}
    asked: dict[tuple[int, str], dict[int, Position]] = defaultdict(dict)
    for part, position, over in rows:
        for each in known[position]:
            asked[part, over][each.pk] = each
    order = {pk: number for number, pk in enumerate(by_part)}
    return [
        Hint(by_part[part], tuple(sorted(found.values(), key=lambda p: (p.title, p.pk))), over)
        for (part, over), found in sorted(asked.items(), key=lambda item: order.get(item[0][0], 0))
        if part in by_part
    ]
