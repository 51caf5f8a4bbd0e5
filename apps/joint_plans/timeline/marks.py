"""What stands out of an activity on the time line. Rooms and modules that know more of it add a source here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .board import OTHERS_NAMED, Board
from .rows import ActivityRow


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of an activity: a word, what it means, and the tone and icon in which it is drawn."""

    word: str
    text: str
    tone: str = "warn"
    icon: str = "warning"


Source = Callable[[Board, Sequence[ActivityRow]], Mapping[int, list[Mark]]]


def marks_of(board: Board, rows: Sequence[ActivityRow]) -> dict[int, list[Mark]]:
    """Id of an activity -> its marks: the one place where they are collected, for screen, paper and workbook.

    A source is asked once for all rows that are shown. It tells nothing that the reader does not read, and asks a
    fixed number of queries.
    """
    found: dict[int, list[Mark]] = defaultdict(list)
    for source in SOURCES:
        for key, marks in source(board, rows).items():
            found[key] += marks
    return dict(found)


def overlapping(board: Board, rows: Sequence[ActivityRow]) -> dict[int, list[Mark]]:
    """The same lead in the same area at the same time."""
    made = {}
    for row in rows:
        count = board.overlaps.count(row)
        if count:
            named = ", ".join(other.code for other in board.overlaps.others(row, OTHERS_NAMED))
            if count > OTHERS_NAMED:
                more = count - OTHERS_NAMED
                named += " " + ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
            text = _("Same lead, same area, same time: %(codes)s") % {"codes": named}
            made[row.pk] = [Mark(_("Overlap"), text)]
    return made


def sticking_out(board: Board, rows: Sequence[ActivityRow]) -> dict[int, list[Mark]]:
    """Outside the plan's own time, or late by what was reported of it."""
    plan, made = board.plan, {}
    for row in rows:
        if row.span is None:
            continue
        marks = []
        if plan.starts_on and row.span[0] < plan.starts_on:
            marks.append(Mark(_("Early"), _("Begins before the plan."), "info", "calendar"))
        if plan.ends_on and row.span[1] > plan.ends_on:
            marks.append(Mark(_("Beyond"), _("Goes on after the plan."), "info", "calendar"))
        if marks:
            made[row.pk] = marks
    return made


def meeting_others(board: Board, rows: Sequence[ActivityRow]) -> dict[int, list[Mark]]:
    """Meets another plan, a request or a promise that the reader reads, or somebody should be asked."""
    found = board.conflicts
    made: dict[int, list[Mark]] = {}
    for row in rows:
        mark = found.get(row.pk)
        if mark is None:
            continue
        marks = []
        if mark.meets:
            marks.append(
                Mark(_("Conflict"), _("Meets another plan, a request or a promise. See the conflicts."))
            )
        if mark.ask:
            marks.append(
                Mark(_("Ask"), _("Somebody should be asked first. See the conflicts."), "info", "info")
            )
        made[row.pk] = marks
    return made


SOURCES: list[Source] = [overlapping, sticking_out, meeting_others]
