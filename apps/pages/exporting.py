"""Lists as files: CSV and Excel, each with its marking. No spreadsheet formula passes.

What a workbook has on top and in its properties, a CSV file has in columns of every row: lines above the header
would break whatever reads it (decision 0005).
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font

from apps.mission.models import Compartment, DataType
from apps.mission.vocabulary import Side
from apps.need_to_know.known import unknown_organisation_ids
from apps.pages import values
from apps.pages.leaving import put_headers
from apps.pages.listing import Listing
from apps.records.actors import Actor
from apps.records.marking import Marking, marking_of, originators_of, rows_of
from apps.records.models import Record
from apps.records.workflow import Text

ROWS_MOST = 5000
_SPOOLED = 1_000_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_HEADER_MOST = 255
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Export:
    """What goes into a file: the rows under the filters, at most ROWS_MOST; `more` when there are further ones.

    Names by id: of originators, as the reader may know them, of compartments and of kinds of protected data.
    """

    actor: Actor
    listing: Listing
    rows: list[Record]
    more: bool
    marking: Marking
    originators: dict[int, str]
    compartments: dict[int, Compartment]
    data_types: dict[int, DataType]
    protected: Mapping[int, Text]


def export_of(actor: Actor, listing: Listing) -> Export:
    """The readable rows under the listing's filters and order, with their marking: the label is the highest of any."""
    ordered = listing.record_type.leaving(listing.ordered())
    rows = list(ordered[:ROWS_MOST])
    # WHY: a row that is not in the file is not loaded: whatever is loaded counts as read.
    more = len(rows) == ROWS_MOST and ordered[ROWS_MOST : ROWS_MOST + 1].values("pk").exists()
    originators = originators_of(rows, unknown_organisation_ids(actor))
    protected = listing.record_type.protected(rows)
    named = {
        actor.mission.name if _unit_of(record, protected) else originators.get(record.originator_id, "")
        for record in rows
    }
    compartments = rows_of(Compartment, {pk for record in rows for pk in record.compartments})
    data_types = rows_of(DataType, {pk for record in rows for pk in record.data_types})
    marking = replace(
        marking_of(actor, rows, reference=listing.record_type.plural, names=False),
        originators=tuple(
            name for name in dict.fromkeys([*originators.values(), actor.mission.name]) if name in named
        ),
        compartments={row.code: str(row) for row in compartments.values()},
        data_types={row.code: str(row) for row in data_types.values()},
    )
    return Export(actor, listing, rows, more, marking, originators, compartments, data_types, protected)


def _unit_of(record: Record, protected: Mapping[int, Text]) -> bool:
    """Whether a unit would stand as the one behind a protected object: its row names the mission."""
    return record.pk in protected and record.originator.side in (Side.MISSION_MILITARY, Side.MISSION_POLICE)


def answer(export: Export, *, as_workbook: bool) -> FileResponse:
    """The file, to be saved."""
    marking, listing = export.marking, export.listing
    # WHY: the file is whole before the answer begins, while the reader's rights are still in force.
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115
    titles = [*(str(column.label) for column in listing.record_type.columns), _("Address"), *label_titles()]
    titles += [*([_("Exercise")] if marking.is_exercise else []), *_notes(export)]
    (_write_workbook if as_workbook else _write_csv)(spool, export, titles, _body(export))
    spool.seek(0)
    ending = "xlsx" if as_workbook else "csv"
    response = FileResponse(
        spool, as_attachment=True, content_type=XLSX if as_workbook else CSV,
        filename=marking.file_name(f"{timezone.localtime(marking.at):%Y-%m-%d-%H%M}{_cut(export)}.{ending}"),
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    put_headers(response, marking)
    return response


def _notes(export: Export) -> list[str]:
    """The title of the column that says what is protected, where anything is."""
    return [_("Protected")] if export.protected else []


def _cut(export: Export) -> str:
    """What the name of a file says that does not hold all."""
    return " " + _("the first %(most)d of more") % {"most": ROWS_MOST} if export.more else ""


def label_titles() -> list[str]:
    """The titles of the columns that carry the marking of each row."""
    return [
        _("Classification"), _("Sensitivity"), _("Compartments"), _("Protected data"), _("Originator"),
        _("Drawn out by"), _("Drawn out"),
    ]  # fmt: skip


def _top(export: Export) -> list[tuple[str, str]]:
    """What stands above the rows of a workbook."""
    marking, listing = export.marking, export.listing
    filters = "; ".join(f"{each['label']}: {each['value']}" for each in listing.described())
    count = "%(number)d"
    if export.more:
        count = _("%(number)d, the first of more: a file holds at most %(most)d rows")
    return [
        (_("Classification"), marking.word),
        (_("Sensitivity"), str(marking.sensitivity.label)),
        (_("Label"), marking.line),
        (_("Mission"), export.actor.mission.name),
        (_("Originator"), marking.originator or "–"),
        (_("Drawn out by"), str(marking.recipient)),
        (_("Drawn out"), values.in_words(marking.at)),
        (_("Content"), str(listing.record_type.label_plural)),
        (_("Filters"), filters or _("none")),
        (_("Rows"), count % {"number": len(export.rows), "most": ROWS_MOST}),
    ]


def _body(export: Export) -> Iterator[list[Any]]:
    declared, marking = export.listing.record_type, export.marking
    for record in export.rows:
        mission = export.actor.mission.name if _unit_of(record, export.protected) else ""
        yield [
            *(
                mission
                if mission and column.kind in ("organisation", "position")
                else values.plain(declared, column, record, export.actor)
                for column in declared.columns
            ),
            f"/r/{record.reference}/",
            str(record.get_classification_display()).upper(),
            str(record.get_sensitivity_display()),
            _joined(export.compartments, record.compartments),
            _joined(export.data_types, record.data_types),
            mission or export.originators.get(record.originator_id, ""),
            str(marking.recipient),
            marking.at,
            *([marking.exercise] if marking.is_exercise else []),
            *([str(export.protected.get(record.pk, ""))] if export.protected else []),
        ]


def _joined(rows: Mapping[int, Any], ids: Iterable[int]) -> str:
    return ", ".join(str(rows[pk]) for pk in ids if pk in rows)


def safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is led by an apostrophe; everything else stays."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_DANGEROUS):
        return f"'{value}"
    return value


def moment_cell(value: Any) -> Any:
    return (
        timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        if isinstance(value, datetime)
        else value
    )


def _write_csv(spool: IO[bytes], export: Export, titles: list[str], body: Iterator[list[Any]]) -> None:
    text = io.TextIOWrapper(spool, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(titles)
    for row in body:
        writer.writerow(
            [
                timezone.localtime(cell).isoformat(timespec="minutes")
                if isinstance(cell, datetime)
                else safe(cell)
                for cell in row
            ]
        )
    text.flush()
    text.detach()


def _write_workbook(spool: IO[bytes], export: Export, titles: list[str], body: Iterator[list[Any]]) -> None:
    marking = export.marking
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Records")[:31])
    bold = Font(bold=True)

    def strong(text: str) -> Any:
        made = WriteOnlyCell(sheet, value=text)
        made.font = bold
        return made

    mark_sheet(sheet, marking)
    mark_book(book, marking)
    for name, value in _top(export):
        sheet.append([strong(name), text_cell(sheet, value)])
    sheet.append([])
    sheet.append([strong(title) for title in titles])
    for row in body:
        sheet.append([text_cell(sheet, cell) if isinstance(cell, str) else moment_cell(cell) for cell in row])
    book.save(spool)


def mark_sheet(sheet: Any, marking: Marking) -> None:
    """The label at the head, and label, recipient and date at the foot, of every page that is printed of the sheet."""
    said = [marking.line.replace("&", "&&"), marking.provenance.replace("&", "&&")]
    sheet.oddHeader.center.text = said[0][:_HEADER_MOST]
    sheet.oddFooter.center.text = "\n".join(said)[:_HEADER_MOST]
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def mark_book(book: Any, marking: Marking) -> None:
    """The marking in the properties of the document."""
    for name, text in marking.properties().items():
        book.custom_doc_props.append(StringProperty(name=name, value=text))
    book.properties.creator = marking.originator or _("CIMIC Portal")
    book.properties.lastModifiedBy = str(marking.recipient)
    book.properties.category = marking.word
    book.properties.contentStatus = marking.word


def text_cell(sheet: Any, value: str) -> Any:
    """A cell that is text whatever it begins with."""
    # SECURITY: openpyxl would make a formula of text with an equals sign.
    clean = "".join(c for c in safe(value) if c in "\t\n\r" or ord(c) >= 32)
    made = WriteOnlyCell(sheet, value=clean)
    made.data_type = "s"
    return made
