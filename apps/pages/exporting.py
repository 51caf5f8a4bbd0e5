"""Lists as files: CSV and Excel, with label, originator of the file, date and recipient on top.

No spreadsheet formula passes.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from apps.mission.vocabulary import Classification, Sensitivity
from apps.pages import values
from apps.pages.listing import Listing
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record

ROWS_MOST = 5000
_BATCH = 500
_SPOOLED = 1_000_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(actor: Actor, listing: Listing, *, as_workbook: bool) -> FileResponse:
    """The readable rows under the listing's filters and order, at most ROWS_MOST, as a file to be saved."""
    rows = _rows(listing)
    more = len(rows) > ROWS_MOST
    rows = rows[:ROWS_MOST]
    top = _top(actor, listing, rows, more)
    titles = [str(column.label) for column in listing.record_type.columns] + [_("Sensitivity"), _("Address")]
    body = _body(listing, rows)
    # WHY: the file is whole before the answer begins, while the reader's rights are still in force.
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115
    (_write_workbook if as_workbook else _write_csv)(spool, top, titles, body)
    spool.seek(0)
    name = f"{listing.record_type.plural}-{clock.now():%Y-%m-%d-%H%M}.{'xlsx' if as_workbook else 'csv'}"
    response = FileResponse(
        spool, as_attachment=True, filename=name, content_type=XLSX if as_workbook else CSV
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _rows(listing: Listing) -> list[Record]:
    return list(listing.ordered()[: ROWS_MOST + 1])


def _top(actor: Actor, listing: Listing, rows: list[Record], more: bool) -> list[tuple[str, str]]:
    """What stands above the rows; the label is the highest of any row."""
    label = Classification(max((r.classification for r in rows), default=0))
    harm = Sensitivity(max((r.sensitivity for r in rows), default=0))
    position = actor.positions[0]
    filters = "; ".join(f"{each['label']}: {each['value']}" for each in listing.described())
    count = _("%(number)d, the first of more: a file holds at most %(most)d rows") if more else "%(number)d"
    return [
        (_("Classification"), str(label.label).upper()),
        (_("Sensitivity"), str(harm.label)),
        (_("Mission"), actor.mission.name),
        (
            _("Exported for"),
            f"{actor.user.name if actor.user else ''}, {position.title}, {position.organisation.name}",
        ),
        (_("Exported"), values.in_words(clock.now())),
        (_("Content"), str(listing.record_type.label_plural)),
        (_("Filters"), filters or _("none")),
        (_("Rows"), count % {"number": len(rows), "most": ROWS_MOST}),
    ]


def _body(listing: Listing, rows: list[Record]) -> Iterator[list[Any]]:
    declared = listing.record_type
    for record in rows:
        yield [
            *(values.plain(declared, column, record) for column in declared.columns),
            str(record.get_sensitivity_display()),
            f"/r/{record.reference}/",
        ]


def safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is led by an apostrophe; everything else stays."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_DANGEROUS):
        return f"'{value}"
    return value


def _moment(value: Any) -> Any:
    return (
        timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        if isinstance(value, datetime)
        else value
    )


def _write_csv(
    spool: IO[bytes], top: list[tuple[str, str]], titles: list[str], body: Iterator[list[Any]]
) -> None:
    text = io.TextIOWrapper(spool, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerows([name, safe(value)] for name, value in top)
    writer.writerow([])
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


def _write_workbook(
    spool: IO[bytes], top: list[tuple[str, str]], titles: list[str], body: Iterator[list[Any]]
) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Records")[:31])
    bold = Font(bold=True)

    def strong(text: str) -> Any:
        made = WriteOnlyCell(sheet, value=text)
        made.font = bold
        return made

    sheet.oddHeader.center.text = sheet.oddFooter.center.text = top[0][1].replace("&", "&&")
    for name, value in top:
        sheet.append([strong(name), _text(sheet, value)])
    sheet.append([])
    sheet.append([strong(title) for title in titles])
    for row in body:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else _moment(cell) for cell in row])
    book.save(spool)


def _text(sheet: Any, value: str) -> Any:
    """A cell that is text whatever it begins with."""
    # SECURITY: openpyxl would make a formula of text with an equals sign.
    clean = "".join(c for c in safe(value) if c in "\t\n\r" or ord(c) >= 32)
    made = WriteOnlyCell(sheet, value=clean)
    made.data_type = "s"
    return made
