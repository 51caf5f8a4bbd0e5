"""Tables of the register as files: CSV, Excel, and CSV tagged with HXL 1.1, each with its marking in every row.

Organisations that are only listed stay out of files, whoever draws them: a file is read where no stance is.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from apps.mission.models import Compartment, DataType
from apps.need_to_know.known import unknown_organisation_ids
from apps.pages import values
from apps.pages.exporting import CSV, XLSX, label_titles, mark_book, mark_sheet, moment_cell, safe, text_cell
from apps.pages.leaving import put_headers
from apps.records.actors import Actor
from apps.records.marking import Marking, marking_of, originators_of, rows_of
from apps.records.models import Record

ROWS_MOST = 5000
_SPOOLED = 1_000_000
FORMATS = ("csv", "xlsx", "hxl")
_LABEL_TAGS = (
    "#meta+classification", "#meta+sensitivity", "#meta+compartments", "#meta+protected", "#meta+originator",
    "#meta+recipient", "#meta+drawn",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column: its title in the reader's language, its hashtag (empty: not in an HXL file), and what a row says."""

    title: str
    tag: str
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class Table:
    """Rows for a file. `record_of(row)` is the record whose label a row bears; `name` stands in the file's name.

    `notes` are (what, text) above the rows of a workbook; `more` says that there are further rows.
    """

    actor: Actor
    name: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    record_of: Callable[[Any], Record]
    notes: Sequence[tuple[str, str]] = ()
    more: bool = False


def answer(table: Table, kind: str) -> FileResponse:
    """The file, to be saved; `kind` is one of FORMATS, anything else is CSV."""
    records = list({table.record_of(row).pk: table.record_of(row) for row in table.rows}.values())
    marking = marking_of(table.actor, records, reference=table.name, names=False)
    body = _body(table, records, marking, tagged=kind == "hxl")
    # WHY: the file is whole before the answer begins, while the reader's rights are still in force.
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115
    if kind == "xlsx":
        _workbook(spool, table, body, marking)
    else:
        _plain(spool, table, body, tagged=kind == "hxl")
    spool.seek(0)
    ending = {"xlsx": "xlsx", "hxl": "hxl.csv"}.get(kind, "csv")
    cut = " " + _("the first %(most)d of more") % {"most": ROWS_MOST} if table.more else ""
    response = FileResponse(
        spool, as_attachment=True, content_type=XLSX if kind == "xlsx" else CSV,
        filename=marking.file_name(f"{table.name} {timezone.localtime(marking.at):%Y-%m-%d-%H%M}{cut}.{ending}"),
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    put_headers(response, marking)
    return response


def _columns(table: Table, *, tagged: bool) -> list[Column]:
    return [column for column in table.columns if column.tag or not tagged]


def _body(table: Table, records: Sequence[Record], marking: Marking, *, tagged: bool) -> list[list[Any]]:
    """The rows with the marking of each."""
    originators = originators_of(records, unknown_organisation_ids(table.actor))
    compartments = rows_of(Compartment, {pk for record in records for pk in record.compartments})
    data_types = rows_of(DataType, {pk for record in records for pk in record.data_types})
    columns, made = _columns(table, tagged=tagged), []
    for row in table.rows:
        record = table.record_of(row)
        made.append(
            [
                *(column.value(row) for column in columns),
                str(record.get_classification_display()).upper(),
                str(record.get_sensitivity_display()),
                ", ".join(str(compartments[pk]) for pk in record.compartments if pk in compartments),
                ", ".join(str(data_types[pk]) for pk in record.data_types if pk in data_types),
                originators.get(record.originator_id, ""),
                str(marking.recipient),
                marking.at,
            ]
        )
    return made


def _plain(spool: IO[bytes], table: Table, body: Iterable[list[Any]], *, tagged: bool) -> None:
    columns = _columns(table, tagged=tagged)
    text = io.TextIOWrapper(spool, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([*(column.title for column in columns), *label_titles()])
    if tagged:
        writer.writerow([*(column.tag for column in columns), *_LABEL_TAGS])
    for row in body:
        writer.writerow([_said(cell) for cell in row])
    text.flush()
    text.detach()


def _said(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else safe(cell)


def _workbook(spool: IO[bytes], table: Table, body: Iterable[list[Any]], marking: Marking) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.name[:31])
    mark_sheet(sheet, marking)
    mark_book(book, marking)
    top = [
        (_("Classification"), marking.word),
        (_("Sensitivity"), str(marking.sensitivity.label)),
        (_("Label"), marking.line),
        (_("Mission"), table.actor.mission.name),
        (_("Originator"), marking.originator or "–"),
        (_("Drawn out by"), str(marking.recipient)),
        (_("Drawn out"), values.in_words(marking.at)),
        *table.notes,
        (_("Rows"), str(len(table.rows))),
    ]
    for name, said in top:
        sheet.append([text_cell(sheet, name), text_cell(sheet, said)])
    sheet.append([])
    sheet.append([text_cell(sheet, title) for title in [*(c.title for c in table.columns), *label_titles()]])
    for row in body:
        sheet.append([text_cell(sheet, cell) if isinstance(cell, str) else moment_cell(cell) for cell in row])
    book.save(spool)
