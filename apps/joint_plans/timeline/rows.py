"""What the time line knows of a plan's parts: two queries, however many there are. Row policies decide which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from apps.joint_plans.models import Activity, JointPlan, Part
from apps.joint_plans.vocabulary import Assumed, PartKind, Progress
from apps.records.reading import note_rows


class ActivityRow(NamedTuple):
    """An activity. `starts_on` and `ends_on` are as they were entered: `span` says when it is."""

    pk: int
    uuid: UUID
    code: str
    title: str
    classification: int
    opens_to: str
    objective: int | None
    lead: int | None
    area: int | None
    sector: int | None
    starts_on: date | None
    ends_on: date | None
    progress: str
    reported_at: datetime | None

    @property
    def span(self) -> tuple[date, date] | None:
        """From when until when; a single day where one of them is not said, None where neither is."""
        start, end = self.starts_on or self.ends_on, self.ends_on or self.starts_on
        if start is None or end is None:
            return None
        return (start, max(start, end))

    @property
    def area_id(self) -> int | None:
        """The area, by the name that a row of the table has for it."""
        return self.area

    @property
    def sector_id(self) -> int | None:
        """The sector, by the name that a row of the table has for it."""
        return self.sector

    @property
    def is_meant(self) -> bool:
        """Whether it is to be done at all."""
        return self.progress != Progress.DROPPED


@dataclass(frozen=True, slots=True)
class Milestone:
    """A decision point by its day, or an assumption by the last day for which it is made."""

    pk: int
    uuid: UUID
    kind: str
    code: str
    title: str
    classification: int
    opens_to: str
    day: date | None
    at: datetime | None
    is_over: bool
    is_broken: bool
    decider: int | None
    outcome: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective by its id."""

    pk: int
    uuid: UUID
    code: str
    title: str
    classification: int
    opens_to: str


@dataclass(frozen=True)
class Read:
    """All parts of a plan that stand in time, as far as whoever acts reads them."""

    activities: list[ActivityRow]
    decisions: list[Milestone]
    assumptions: list[Milestone]
    objectives: dict[int, Objective]


_COLUMNS = (
    "pk", "uuid", "code", "title", "classification", "opens_to", "objective_id", "lead_id", "area_id", "sector_id",
    "starts_on", "ends_on", "progress", "reported_at",
)  # fmt: skip


def read(plan: JointPlan) -> Read:
    """The parts of the plan, in two queries."""
    found = Activity.objects.filter(of_plan_id=plan.pk, is_removed=False).order_by(
        F("starts_on").asc(nulls_last=True), "order", "pk"
    )
    activities = [ActivityRow._make(values) for values in found.values_list(*_COLUMNS)]
    decisions, assumptions, objectives = [], [], {}
    for each in _others(plan):
        kind, fixed, moments = each[0], each[1:7], each[7:]
        if kind == PartKind.OBJECTIVE:
            objectives[fixed[0]] = Objective(*fixed)
        elif kind == PartKind.DECISION_POINT:
            decisions.append(_decision(fixed, moments))
        else:
            assumptions.append(_assumption(fixed, moments))
    labels = {each.classification for each in activities}
    labels.update(each.classification for each in (*decisions, *assumptions))
    labels.update(each.classification for each in objectives.values())
    note_rows(plan.pk, labels)
    return Read(activities, _by_day(decisions), _by_day(assumptions), objectives)


def _others(plan: JointPlan) -> Iterable[tuple]:
    kinds = (PartKind.OBJECTIVE, PartKind.DECISION_POINT, PartKind.ASSUMPTION)
    rows = Part.objects.filter(plan_id=plan.pk, is_removed=False, kind__in=kinds).order_by("order", "pk")
    return rows.values_list(
        "kind", "pk", "uuid", "code", "title", "classification", "opens_to",
        "decision_point__decide_by", "decision_point__decider_id", "decision_point__outcome",
        "decision_point__decided_on", "assumption__holds_until", "assumption__assumed",
    )  # fmt: skip


def _decision(fixed: tuple, moments: tuple) -> Milestone:
    pk, uuid, code, title, classification, opens_to = fixed
    at, decider, outcome, decided_on = moments[:4]
    day = timezone.localtime(at).date() if at else None
    return Milestone(
        pk, uuid, PartKind.DECISION_POINT, code, title, classification, opens_to, day, at,
        decided_on is not None, False, decider, outcome or "", decided_on,
    )  # fmt: skip


def _assumption(fixed: tuple, moments: tuple) -> Milestone:
    pk, uuid, code, title, classification, opens_to = fixed
    until, assumed = moments[4:]
    return Milestone(
        pk, uuid, PartKind.ASSUMPTION, code, title, classification, opens_to, until, None,
        assumed == Assumed.DROPPED, assumed == Assumed.TRIPPED, None, "", None,
    )  # fmt: skip


def _by_day(rows: list[Milestone]) -> list[Milestone]:
    return sorted(rows, key=lambda row: (row.day is None, row.day or date.min))
