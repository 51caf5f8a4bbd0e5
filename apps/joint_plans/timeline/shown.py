"""What the pages of the time line draw: lanes with their bars, the matrix, decision points, gaps. No queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.joint_plans.models import JointPlan
from apps.joint_plans.vocabulary import Progress
from apps.mission.models import Position
from apps.pages.names import Names

from .board import Board, Lane
from .choosing import filters, filters_said, views
from .findings import Gap
from .marks import Mark, marks_of
from .rows import ActivityRow, Milestone

#: So many activities are shown without opening lanes one by one.
OPEN_ALL = 50
#: Of an opened lane, so many at a time.
LANE_PAGE = 50
#: Lanes at a time.
LANES_MOST = 40
#: Lanes of the matrix at a time: its cells say more.
MATRIX_LANES_MOST = 25
#: On paper activities stand one by one up to this number, beyond it in numbers for each lane.
PRINTED_MOST = 300
#: Of what stands in lists below, so much.
LISTED_MOST = 40
CODES_IN_CELL = 2
#: Progress -> (class, icon): told by word, shape and colour.
PROGRESS = {
    Progress.PLANNED: ("quiet", "circle-dashed"),
    Progress.UNDER_WAY: ("info", "circle-dot"),
    Progress.DELAYED: ("warn", "hourglass"),
    Progress.DONE: ("good", "check-circle"),
    Progress.DROPPED: ("stopped", "stop"),
}


@dataclass(frozen=True)
class Base:
    """Where links of a page lead; empty on paper, where there are none."""

    parts: str = ""
    here: str = ""


def span_text(span: tuple[date, date] | None) -> str:
    """“12 Jan – 3 Mar 2026”; the year once where it is the same."""
    if span is None:
        return _("no dates")
    start, end = span
    if start == end:
        return date_format(start, "j M Y")
    first = date_format(start, "j M" if start.year == end.year else "j M Y")
    return f"{first} – {date_format(end, 'j M Y')}"


def progress_of(row: ActivityRow) -> dict[str, str]:
    """The word, class and icon of how far an activity is."""
    tone, icon = PROGRESS[Progress(row.progress)]
    return {"word": str(Progress(row.progress).label), "tone": tone, "icon": icon}


# ---------------------------------------------------------------- parts of the table
def heads(board: Board) -> dict[str, Any]:
    """The two lines above the columns."""
    now = board.columns.of_day(board.today)
    return {
        "groups": [{"text": text, "span": span} for text, span in board.columns.groups()],
        "columns": [
            {"text": period.label, "now": number == now}
            for number, period in enumerate(board.columns.periods)
        ],
        "size": len(board.columns),
        "wide": len(board.columns) + 1,
        "today": board.today,
        "today_shown": now is not None,
    }


def lane_cells(board: Board, lane: Lane) -> list[dict[str, Any]]:
    """How many activities touch each column; columns without any stand in one cell, a gap in one of its own.

    A lane whose cells were filled names the first of them.
    """
    made: list[dict[str, Any]] = []
    today = board.columns.of_day(board.today)
    for number, period in enumerate(board.columns.periods):
        count = lane.counts[number]
        if count:
            cell: dict[str, Any] = {"count": count, "span": 1, "now": number == today}
            if lane.cells:
                cell["codes"] = [row.code for row in lane.cells[number][:CODES_IN_CELL]]
                cell["more"] = max(0, count - CODES_IN_CELL)
            made.append(cell)
            continue
        gap = any(gap.first <= period.first and period.last <= gap.last for gap in lane.gaps)
        if made and not made[-1].get("count") and made[-1]["gap"] == gap:
            made[-1]["span"] += 1
        else:
            made.append({"gap": gap, "span": 1})
    return made


def blanks(board: Board, first: int, count: int) -> list[dict[str, Any]]:
    """Columns in which nothing is, in one cell; today's stands in one of its own."""
    now = board.columns.of_day(board.today)
    if now is None or not first <= now < first + count:
        return [{"span": count}] if count else []
    parts = [(now - first, False), (1, True), (first + count - now - 1, False)]
    return [{"span": span, "now": is_now} for span, is_now in parts if span]


def bar(board: Board, row: ActivityRow, marks: Sequence[Mark], base: Base) -> dict[str, Any] | None:
    """An activity as a line of the table; None when no day of it is shown."""
    place = board.columns.place(*row.span) if row.span else None
    if place is None:
        return None
    width = place.last - place.first + 1
    return {
        **_said(board, row, marks, base),
        "before": blanks(board, 0, place.first),
        "width": width,
        "is_wide": width * 12 >= len(board.columns),
        "after": blanks(board, place.last + 1, len(board.columns) - 1 - place.last),
        "begins_before": place.begins_before,
        "ends_after": place.ends_after,
    }


def _said(board: Board, row: ActivityRow, marks: Sequence[Mark], base: Base) -> dict[str, Any]:
    by_area = board.asked.lanes == "area"
    return {
        "code": row.code,
        "title": row.title,
        "url": f"{base.parts}{row.uuid}/" if base.parts else "",
        "days": span_text(row.span),
        "where": board.name("organisation", row.lead) if by_area else board.name("area", row.area),
        "progress": progress_of(row),
        "marks": marks,
        "narrower": row if row.classification > board.plan.classification else None,
    }


def points(board: Board, rows: Iterable[Milestone]) -> list[dict[str, Any]]:
    """Milestones by column: cells with how many and which; neighbours without any in one."""
    columns: list[list[Milestone]] = [[] for _column in board.columns.periods]
    for row in rows:
        number = board.columns.of_day(row.day) if row.day else None
        if number is not None:
            columns[number].append(row)
    made: list[dict[str, Any]] = []
    today = board.columns.of_day(board.today)
    for number, found in enumerate(columns):
        if found:
            codes = ", ".join(each.code for each in found[:3])
            more = len(found) - 3
            said = f"{codes} {_('and %(count)d more') % {'count': more}}" if more > 0 else codes
            made.append(
                {"count": len(found), "text": said, "span": 1, "broken": any(e.is_broken for e in found)}
            )
        elif number != today and made and not made[-1].get("count") and not made[-1].get("now"):
            made[-1]["span"] += 1
        else:
            made.append({"span": 1, "now": number == today})
    return made


def milestones(rows: Sequence[Milestone], names: Names, base: Base) -> list[dict[str, Any]]:
    """Milestones as a list below the table."""
    return [
        {
            "code": row.code,
            "title": row.title,
            "url": f"{base.parts}{row.uuid}/" if base.parts else "",
            "at": row.at or row.day,
            "decider": names.text(Position, row.decider),
            "outcome": row.outcome,
            "is_over": row.is_over,
            "is_broken": row.is_broken,
            "decided_on": row.decided_on,
        }
        for row in rows[:LISTED_MOST]
    ]


def gap_lines(name: str, aside: str, gaps: Iterable[Gap]) -> list[dict[str, Any]]:
    """Gaps of one lane or objective, in words."""
    return [
        {
            "name": name,
            "aside": aside,
            "days": span_text((gap.first, gap.last)),
            "length": ngettext("%(count)d day", "%(count)d days", gap.days) % {"count": gap.days},
        }
        for gap in gaps
    ]


# ---------------------------------------------------------------- pages
def page(board: Board, names: Names, plan_url: str) -> dict[str, Any]:
    """What `joint_plans/timeline.html` draws beyond the head of the record."""
    asked = board.asked
    base = Base(parts=f"{plan_url}parts/", here="")
    most = MATRIX_LANES_MOST if asked.view == "matrix" else LANES_MOST
    pages = max(1, -(-len(board.lanes) // most))
    part = min(asked.part, pages)
    lanes = board.lanes[(part - 1) * most : part * most]
    made = {
        **_common(board, names, base),
        **heads(board),
        "view": asked.view,
        "views": views(board),
        "filters": filters(board),
        "form": asked,
        "lanes": matrix(board, lanes) if asked.view == "matrix" else lines(board, lanes, base),
        "earlier_url": asked.query(at=board.earlier) if board.earlier else "",
        "further_url": asked.query(at=board.further) if board.further else "",
        "part_before_url": asked.query(part=part - 1, open="", page=1) if part > 1 else "",
        "part_after_url": asked.query(part=part + 1, open="", page=1) if part < pages else "",
        "clear_url": f"?view={asked.view}&lanes={asked.lanes}" if asked.narrows else "",
        "conflicts_url": f"{plan_url}conflicts/",
        "print_url": f"print/{asked.query()}",
        "export_url": f"export/{asked.query()}",
    }
    return made


def paper(board: Board, names: Names) -> dict[str, Any]:
    """What `joint_plans/timeline_print.html` draws: every activity, or numbers where they are too many for paper."""
    base, asked = Base(), board.asked
    in_numbers = len(board.rows) > PRINTED_MOST
    if asked.view == "matrix":
        lanes = matrix(board, board.lanes)
    else:
        lanes = lines(board, board.lanes, base, whole=not in_numbers)
    return {
        **_common(board, names, base),
        **heads(board),
        "view": asked.view,
        "lanes": lanes,
        "in_numbers": in_numbers and asked.view != "matrix",
        "filters_said": filters_said(board),
    }


def _common(board: Board, names: Names, base: Base) -> dict[str, Any]:
    overlapping = sum(1 for row in board.rows if board.overlaps.count(row))
    gaps = [line for lane in board.lanes for line in gap_lines(lane.name, lane.aside, lane.gaps)]
    for objective, found in board.objective_gaps:
        gaps += gap_lines(objective.title, objective.code, found)
    undated = board.undated[:LISTED_MOST]
    marks = marks_of(board, undated)
    outside = sum(lane.outside for lane in board.lanes)
    return {
        "count_text": _counted(board),
        "overlapping": overlapping,
        "meeting": sum(lane.meeting for lane in board.lanes),
        "overlap_url": board.asked.query(only="overlap", open="", page=1, part=1),
        "outside": outside,
        "gaps": gaps[:LISTED_MOST],
        "gap_count": len(gaps),
        "undated": [_said(board, row, marks.get(row.pk, ()), base) for row in undated],
        "undated_count": len(board.undated),
        "decision_cells": points(board, board.decisions) if board.decisions else [],
        "assumption_cells": points(board, board.assumptions) if board.assumptions else [],
        "decisions": milestones(board.decisions, names, base),
        "decision_count": len(board.decisions),
        "assumptions": milestones(board.assumptions, names, base),
        "assumption_count": len(board.assumptions),
        "listed_most": LISTED_MOST,
        "by_area": board.asked.lanes == "area",
        "plan_span": _plan_span(board.plan),
    }


def _plan_span(plan: JointPlan) -> str:
    if plan.starts_on and plan.ends_on:
        return span_text((plan.starts_on, plan.ends_on))
    return ""


def _counted(board: Board) -> str:
    count = len(board.rows)
    said = ngettext("%(count)s activity", "%(count)s activities", count) % {"count": number_format(count)}
    if board.asked.narrows:
        return _("%(shown)s of %(all)s") % {"shown": said, "all": number_format(len(board.read.activities))}
    return said


def lines(board: Board, lanes: Sequence[Lane], base: Base, *, whole: bool = False) -> list[dict[str, Any]]:
    """Lanes with counts and, where they are open, their activities as bars."""
    asked = board.asked
    every = whole or len(board.rows) <= OPEN_ALL
    shown: dict[str, tuple[list[ActivityRow], int, int]] = {}
    for lane in lanes:
        is_open = every or (bool(base.parts) and asked.open == lane.key)
        if is_open:
            rows = [row for row in lane.rows if row.span and board.columns.place(*row.span)]
            pages = 1 if every else max(1, -(-len(rows) // LANE_PAGE))
            number = min(asked.page, pages)
            here = rows if every else rows[(number - 1) * LANE_PAGE : number * LANE_PAGE]
            shown[lane.key] = (here, number, pages)
    marks = marks_of(board, [row for rows, _number, _pages in shown.values() for row in rows])
    made = []
    for lane in lanes:
        rows, number, pages = shown.get(lane.key, ([], 1, 1))
        bars = [each for row in rows if (each := bar(board, row, marks.get(row.pk, ()), base))]
        made.append(
            {
                "key": lane.key,
                "name": lane.name,
                "aside": lane.aside,
                "total": lane.total,
                "overlapping": lane.overlapping,
                "meeting": lane.meeting,
                "cells": lane_cells(board, lane),
                "open": lane.key in shown,
                "toggle": "" if every else asked.query(open="" if lane.key in shown else lane.key, page=1),
                "bars": bars,
                "pages": pages,
                "page": number,
                "before_url": asked.query(page=number - 1) if number > 1 else "",
                "after_url": asked.query(page=number + 1) if number < pages else "",
            }
        )
    return made


def matrix(board: Board, lanes: Sequence[Lane]) -> list[dict[str, Any]]:
    """Lanes by period: how many, and the codes of the first."""
    board.fill_cells(lanes)
    numbers = {lane.key: number for number, lane in enumerate(board.lanes)}
    return [
        {
            "key": lane.key,
            "name": lane.name,
            "aside": lane.aside,
            "total": lane.total,
            "url": board.asked.query(
                view="line", open=lane.key, page=1, part=1 + numbers[lane.key] // LANES_MOST
            ),
            "overlapping": lane.overlapping,
            "meeting": lane.meeting,
            "cells": lane_cells(board, lane),
        }
        for lane in lanes
    ]
