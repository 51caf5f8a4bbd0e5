"""A plan's time line as data: lanes, columns, what lies where, and what stands out. No HTML, no HTTP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.joint_plans.deconfliction import Mark, conflict_marks
from apps.joint_plans.models import JointPlan
from apps.joint_plans.paper import labelled
from apps.pages.structure import Entry, Structure
from apps.records import clock
from apps.records.actors import Actor

from .asked import Asked
from .findings import Gap, Overlaps, gaps_by
from .periods import COLUMNS_MOST, Columns, count_of, later, periods_of, unit_for
from .rows import ActivityRow, Milestone, Objective, read

#: Of the activities that one overlaps with, so many are named.
OTHERS_NAMED = 3
#: Keys of lanes without a name: led by nobody or nowhere, and led by those whom the reader may not know.
NONE, RESTRICTED = "none", "restricted"


@dataclass
class Lane:
    """Activities of one lead or in one area. `counts` are those that touch each column; `outside` lie in none."""

    key: str
    name: str
    aside: str = ""
    rows: list[ActivityRow] = field(default_factory=list)
    undated: int = 0
    outside: int = 0
    overlapping: int = 0
    meeting: int = 0
    counts: list[int] = field(default_factory=list)
    cells: list[list[ActivityRow]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All of them, with those that have no dates."""
        return len(self.rows) + self.undated


class Board:
    """The time line of a plan as its reader may read it, under what was asked. Three queries in all."""

    def __init__(self, actor: Actor, plan: JointPlan, asked: Asked) -> None:
        self.actor, self.plan, self.asked = actor, plan, asked
        self.read = read(plan)
        self.structure = Structure(actor)
        self.today: date = timezone.localtime(clock.now()).date()

    # ------------------------------------------------------------ names
    @cached_property
    def _entries(self) -> dict[str, dict[int, Entry]]:
        return {
            kind: {entry.id: entry for entry in self.structure.rows(kind)}
            for kind in ("organisation", "area", "sector")
        }

    def entry(self, kind: str, key: int | None) -> Entry | None:
        """A row of structure; None for none, and for an organisation that the reader may not know."""
        return None if key is None else self._entries[kind].get(key)

    def name(self, kind: str, key: int | None) -> str:
        """Its name; “restricted” for an organisation that the reader may not know."""
        found = self.entry(kind, key)
        if found is None:
            return "" if key is None else _("restricted")
        return f"{found.name} ({found.code})" if kind == "area" else found.name

    # ------------------------------------------------------------ what is shown
    @cached_property
    def overlaps(self) -> Overlaps:
        """Overlaps among all that the reader reads: a filter hides none."""
        leads = {row.lead for row in self.read.activities if row.lead is not None}
        return Overlaps(self.read.activities, leads - self._entries["organisation"].keys())

    @cached_property
    def rows(self) -> list[ActivityRow]:
        """The activities under the filters."""
        return [row for row in self.read.activities if self._passes(row)]

    @cached_property
    def _wanted(self) -> dict[str, set[int]]:
        asked, made = self.asked, {}
        for name, kind, code in (("area", "area", asked.area), ("sector", "sector", asked.sector)):
            if code and (ids := self.structure.ids(kind, code)):
                made[name] = set(ids)
        if asked.objective:
            made["objective"] = {
                each.pk for each in self.read.objectives.values() if str(each.uuid) == asked.objective
            }
        return {name: ids for name, ids in made.items() if ids}

    def _passes(self, row: ActivityRow) -> bool:
        asked = self.asked
        if any(getattr(row, name) not in ids for name, ids in self._wanted.items()):
            return False
        if asked.lead and asked.lead in self._leads and self.lane_key(row, "lead") != asked.lead:
            return False
        if asked.progress and row.progress != asked.progress:
            return False
        if asked.only and not self.overlaps.count(row):
            return False
        if asked.since or asked.until:
            span = row.span
            return span is not None and not (
                (asked.since and span[1] < asked.since) or (asked.until and span[0] > asked.until)
            )
        return True

    @cached_property
    def _leads(self) -> set[str]:
        return {self.lane_key(row, "lead") for row in self.read.activities}

    @cached_property
    def undated(self) -> list[ActivityRow]:
        """Those of them that nobody dated."""
        return [row for row in self.rows if row.span is None]

    def within(self, rows: Iterable[Milestone]) -> list[Milestone]:
        """Decision points or assumptions in the period that was asked for; without a day in none."""
        asked = self.asked
        if not (asked.since or asked.until):
            return list(rows)
        return [
            row for row in rows
            if row.day and (not asked.since or row.day >= asked.since)
            and (not asked.until or row.day <= asked.until)
        ]  # fmt: skip

    @cached_property
    def decisions(self) -> list[Milestone]:
        """Decision points, by their day."""
        return self.within(self.read.decisions)

    @cached_property
    def assumptions(self) -> list[Milestone]:
        """Assumptions, by the day until which they are made."""
        return self.within(self.read.assumptions)

    # ------------------------------------------------------------ columns
    @cached_property
    def span(self) -> tuple[date, date] | None:
        """From when until when columns reach: the plan's time, and what sticks out of it; None without any day."""
        plan, asked = self.plan, self.asked
        days = [day for row in self.rows if row.span for day in row.span]
        days += [row.day for row in (*self.decisions, *self.assumptions) if row.day]
        own = [day for day in (plan.starts_on, plan.ends_on) if day]
        if not days and not own:
            return (asked.since, asked.until or asked.since) if asked.since else None
        first, last = min(days + own), max(days + own)
        if count_of(first, last, "quarter") > COLUMNS_MOST and own:
            first, last = min(own), max(own)
        first, last = asked.since or first, asked.until or last
        return (first, max(first, last))

    @cached_property
    def unit(self) -> str:
        """Week, month or quarter."""
        return self.asked.by or (unit_for(*self.span) if self.span else "month")

    @cached_property
    def columns(self) -> Columns:
        """The columns that are shown at once."""
        if self.span is None:
            return Columns(())
        first, last = self.span
        begin = self.asked.at if self.asked.at and first <= self.asked.at <= last else first
        return Columns(periods_of(begin, last, self.unit))

    @property
    def earlier(self) -> date | None:
        """Where the columns before these begin; None when there are none."""
        if self.span is None or self.columns.periods[0].first <= self.span[0]:
            return None
        return max(later(self.columns.periods[0].first, self.unit, -COLUMNS_MOST), self.span[0])

    @property
    def further(self) -> date | None:
        """Where the columns after these begin; None when there are none."""
        if self.span is None or self.columns.periods[-1].last >= self.span[1]:
            return None
        return self.columns.periods[-1].last + timedelta(days=1)

    # ------------------------------------------------------------ lanes
    def lane_key(self, row: ActivityRow, by: str = "") -> str:
        """The lane in which an activity stands. All whom the reader may not know share one."""
        key, kind = (row.area, "area") if (by or self.asked.lanes) == "area" else (row.lead, "organisation")
        if key is None:
            return NONE
        found = self.entry(kind, key)
        return found.code if found else RESTRICTED

    def _lane(self, key: str, row: ActivityRow) -> Lane:
        by_area = self.asked.lanes == "area"
        if key == NONE:
            return Lane(key, _("Nowhere in particular") if by_area else _("No lead yet"))
        if key == RESTRICTED:
            return Lane(key, _("restricted"))
        found = self.entry("area", row.area) if by_area else self.entry("organisation", row.lead)
        return Lane(key, found.name if found else "", found.code if found and by_area else "")

    @cached_property
    def lanes(self) -> list[Lane]:
        """All lanes that hold anything, by name; those without a name at the end."""
        made: dict[str, Lane] = {}
        steps: dict[str, list[int]] = {}
        size = len(self.columns)
        meets = {pk for pk, mark in self.conflicts.items() if mark.meets}
        for row in self.rows:
            key = self.lane_key(row)
            if key not in made:
                made[key], steps[key] = self._lane(key, row), [0] * (size + 1)
            lane = made[key]
            lane.overlapping += bool(self.overlaps.count(row))
            lane.meeting += row.pk in meets
            if row.span is None:
                lane.undated += 1
                continue
            lane.rows.append(row)
            place = self.columns.place(*row.span)
            if place is None:
                lane.outside += 1
                continue
            steps[key][place.first] += 1
            steps[key][place.last + 1] -= 1
        for key, lane in made.items():
            height = 0
            for step in steps[key][:size]:
                height += step
                lane.counts.append(height)
            lane.gaps = self._lane_gaps.get(key, [])
        return sorted(made.values(), key=lambda lane: (lane.key in (NONE, RESTRICTED), lane.name, lane.key))

    def fill_cells(self, lanes: Iterable[Lane]) -> None:
        """Which activities touch each column, where the matrix names them."""
        for lane in lanes:
            lane.cells = [[] for _column in self.columns.periods]
            for row in lane.rows:
                place = self.columns.place(*row.span) if row.span else None
                if place is not None:
                    for column in range(place.first, place.last + 1):
                        lane.cells[column].append(row)

    @cached_property
    def conflicts(self) -> dict[int, Mark]:
        """Which of the plan's activities meet what the reader reads too, and of which somebody should be asked."""
        return conflict_marks(self.actor, self.plan, self.read.activities)

    # ------------------------------------------------------------ gaps
    @cached_property
    def _meant(self) -> list[tuple[ActivityRow, tuple[date, date]]]:
        return [(row, row.span) for row in self.read.activities if row.span and row.is_meant]

    @cached_property
    def _lane_gaps(self) -> dict[Any, list[Gap]]:
        """By key of a lane. WHY: those that are no one lead's or area's own have none."""
        if not (self.plan.starts_on and self.plan.ends_on):
            return {}
        keys = {self.lane_key(row) for row in self.read.activities} - {NONE, RESTRICTED}
        spans = [(self.lane_key(row), span) for row, span in self._meant]
        return gaps_by(spans, keys, self.plan.starts_on, self.plan.ends_on)

    @cached_property
    def objective_gaps(self) -> list[tuple[Objective, list[Gap]]]:
        """Objectives with the times in which nothing that the reader reads is planned for them."""
        if not (self.plan.starts_on and self.plan.ends_on):
            return []
        objectives = self.read.objectives
        shown = self._wanted.get("objective", objectives.keys())
        spans = [(row.objective, span) for row, span in self._meant]
        found = gaps_by(spans, objectives, self.plan.starts_on, self.plan.ends_on)
        return [(objectives[key], gaps) for key, gaps in found.items() if key in shown]  # type: ignore[index]

    # ------------------------------------------------------------ label
    def labelled(self) -> JointPlan:
        """The plan as it must be labelled for what stands here."""
        parts: list[ActivityRow | Milestone | Objective] = [
            *self.rows,
            *self.decisions,
            *self.assumptions,
            *self.read.objectives.values(),
        ]
        if self.asked.narrows:
            # WHY: marks name others by their code, and a filter may have left these out.
            parts += [other for row in self.rows for other in self.overlaps.others(row, OTHERS_NAMED)]
        return labelled(self.plan, parts)

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What may be chosen in each filter: what the reader's activities hold."""
        rows = self.read.activities
        return {
            "objective": [(str(o.uuid), f"{o.code} {o.title}") for o in self.read.objectives.values()],
            "area": self._in_use("area", {row.area for row in rows}),
            "sector": self._in_use("sector", {row.sector for row in rows}),
            "lead": self._lead_choices(rows),
        }

    def _in_use(self, kind: str, ids: set[int | None]) -> list[tuple[str, str]]:
        known = self._entries[kind]
        codes, waiting = set(), [key for key in ids if key is not None]
        while waiting:
            found = known.get(waiting.pop())
            if found is not None and found.code not in codes:
                codes.add(found.code)
                waiting += [found.parent] if found.parent is not None else []
        return [choice for choice in self.structure.choices(kind) if choice[0] in codes]

    def _lead_choices(self, rows: list[ActivityRow]) -> list[tuple[str, str]]:
        named: dict[str, str] = defaultdict(str)
        for row in rows:
            named[self.lane_key(row, "lead")] = self.name("organisation", row.lead) or _("No lead yet")
        return sorted(named.items(), key=lambda pair: (pair[0] in (NONE, RESTRICTED), pair[1]))
