"""The time line as a workbook: activities, the matrix, decision points, each sheet and each row with its marking."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from apps.joint_plans.models import JointPlan
from apps.joint_plans.vocabulary import Assumed, OpensTo, PartKind, Progress
from apps.mission.models import Position
from apps.mission.vocabulary import Classification
from apps.pages import values
from apps.pages.exporting import XLSX, mark_book, mark_sheet, moment_cell, text_cell
from apps.pages.leaving import marking_for, put_headers
from apps.pages.names import Names
from apps.records.marking import Marking

from .board import Board
from .choosing import filters_said
from .marks import marks_of
from .rows import ActivityRow, Milestone

_SPOOLED = 1_000_000
_CODES_MOST = 200


def answer(board: Board, plan: JointPlan, names: Names) -> FileResponse:
    """The file, to be saved. `plan` bears the label of all that is in it."""
    marking = marking_for(board.actor, [plan])
    # WHY: the file is whole before the answer begins, while the reader's rights are still in force.
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115
    book = Workbook(write_only=True)
    mark_book(book, marking)
    writer = _Writer(book, board, plan, marking)
    writer.sheet(_("Activities"), _activity_titles(), _activities(board))
    writer.sheet(_("Matrix"), *_matrix(board, plan))
    writer.sheet(_("Decision points"), _point_titles(), _points(board.decisions, names))
    writer.sheet(_("Assumptions"), _assumption_titles(), _assumptions(board.assumptions))
    book.save(spool)
    spool.seek(0)
    name = f"{_('time line')} {timezone.localtime(marking.at):%Y-%m-%d-%H%M}.xlsx"
    response = FileResponse(spool, as_attachment=True, content_type=XLSX, filename=marking.file_name(name))
    response["X-Content-Type-Options"] = "nosniff"
    put_headers(response, marking)
    return response


class _Writer:
    """Writes sheets that each say what they are, whose, and how they are labelled."""

    def __init__(self, book: Workbook, board: Board, plan: JointPlan, marking: Marking) -> None:
        self.book, self.board, self.plan, self.marking = book, board, plan, marking

    def sheet(
        self, title: str, titles: Sequence[str], rows: Iterable[tuple[int, str, Sequence[Any]]]
    ) -> None:
        """A sheet; a row is its own classification, whom it opens to, and what it says."""
        sheet, plan, marking = self.book.create_sheet(title[:31]), self.plan, self.marking
        mark_sheet(sheet, marking)
        rows = list(rows)
        for name, text in [
            (_("Classification"), marking.word),
            (_("Sensitivity"), str(marking.sensitivity.label)),
            (_("Label"), marking.line),
            (_("Mission"), self.board.actor.mission.name),
            (_("Plan"), f"{plan.reference} {plan.title}"),
            (_("Originator"), marking.originator or "–"),
            (_("Drawn out by"), str(marking.recipient)),
            (_("Drawn out"), values.in_words(marking.at)),
            (_("Filters"), filters_said(self.board) or _("none")),
            (_("Rows"), str(len(rows))),
        ]:
            sheet.append([text_cell(sheet, name), text_cell(sheet, text)])
        sheet.append([])
        label = [_("Who reads it"), _("Classification"), _("Sensitivity"), _("Compartments"), _("Protected data"),
                 _("Originator"), _("Drawn out by"), _("Drawn out")]  # fmt: skip
        sheet.append([text_cell(sheet, each) for each in (*titles, *label)])
        for classification, opens_to, said in rows:
            sheet.append([_cell(sheet, value) for value in (*said, *self._label(classification, opens_to))])

    def _label(self, classification: int, opens_to: str) -> list[Any]:
        marking = self.marking
        least = max(classification, self.board.plan.classification)
        return [
            opens_to,
            str(Classification(least).label).upper(),
            str(marking.sensitivity.label),
            ", ".join(marking.compartments.values()),
            ", ".join(marking.data_types.values()),
            marking.originator,
            str(marking.recipient),
            marking.at,
        ]


def _cell(sheet: Any, value: Any) -> Any:
    return text_cell(sheet, value) if isinstance(value, str) else moment_cell(value)


def _activity_titles() -> list[str]:
    return [
        _("Code"), _("Activity"), _("Objective"), _("Lead"), _("Area"), _("P-code"), _("Sector"), _("From"),
        _("Until"), _("Progress"), _("Reported"), _("Marks"),
    ]  # fmt: skip


def _activities(board: Board) -> Iterable[tuple[int, str, Sequence[Any]]]:
    marks = marks_of(board, board.rows)
    opens = {value: str(label) for value, label in OpensTo.choices}
    for row in board.rows:
        area = board.entry("area", row.area)
        sector = board.entry("sector", row.sector)
        yield (
            row.classification,
            opens[row.opens_to],
            [
                row.code,
                row.title,
                _objective(board, row),
                board.name("organisation", row.lead),
                area.name if area else "",
                area.code if area else "",
                sector.name if sector else "",
                row.starts_on,
                row.ends_on,
                str(Progress(row.progress).label),
                row.reported_at,
                "; ".join(f"{mark.word}: {mark.text}" for mark in marks.get(row.pk, ())),
            ],
        )


def _objective(board: Board, row: ActivityRow) -> str:
    found = board.read.objectives.get(row.objective) if row.objective else None
    return f"{found.code} {found.title}" if found else ""


def _matrix(board: Board, plan: JointPlan) -> tuple[list[str], Iterable[tuple[int, str, Sequence[Any]]]]:
    board.fill_cells(board.lanes)
    first = _("Area") if board.asked.lanes == "area" else _("Lead")
    titles = [first, _("Activities"), *(period.name for period in board.columns.periods)]
    rows = []
    for lane in board.lanes:
        inside = [row for cell in lane.cells for row in cell]
        highest = max((row.classification for row in inside), default=0)
        narrow = any(row.opens_to != OpensTo.ALL for row in inside)
        said = [f"{lane.name} {lane.aside}".strip(), lane.total, *(_codes(cell) for cell in lane.cells)]
        rows.append((highest, _("Not everybody") if narrow else str(OpensTo.ALL.label), said))
    return titles, rows


def _codes(rows: Sequence[ActivityRow]) -> str:
    if not rows:
        return ""
    more = len(rows) - _CODES_MOST
    codes = ", ".join(row.code for row in rows[:_CODES_MOST])
    return f"{len(rows)}: {codes}" + (f" +{more}" if more > 0 else "")


def _point_titles() -> list[str]:
    return [
        _("Code"),
        _("Decision point"),
        _("To be decided by"),
        _("Decided by"),
        _("Decided on"),
        _("Outcome"),
    ]


def _points(rows: Sequence[Milestone], names: Names) -> Iterable[tuple[int, str, Sequence[Any]]]:
    opens = {value: str(label) for value, label in OpensTo.choices}
    for row in rows:
        yield row.classification, opens[row.opens_to], [
            row.code, row.title, row.at, names.text(Position, row.decider), row.decided_on, row.outcome
        ]  # fmt: skip


def _assumption_titles() -> list[str]:
    return [_("Code"), str(PartKind.ASSUMPTION.label), _("Assumed until"), _("Still assumed")]


def _assumptions(rows: Sequence[Milestone]) -> Iterable[tuple[int, str, Sequence[Any]]]:
    opens = {value: str(label) for value, label in OpensTo.choices}
    for row in rows:
        state = Assumed.TRIPPED if row.is_broken else Assumed.DROPPED if row.is_over else Assumed.HOLDS
        yield row.classification, opens[row.opens_to], [row.code, row.title, row.day, str(state.label)]
