"""Reading an Excel workbook row by row; refuses what would not stay small, and what is no workbook."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

UNPACKED_MOST = 400_000_000
STRINGS_MOST = 40_000_000
MEMBERS_MOST = 2_000
RATIO_MOST = 200
_SMALL = 1_000_000
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, ParseError, DefusedXmlException, OSError, EOFError, KeyError,
    ValueError, TypeError, IndexError, AttributeError, RuntimeError, NotImplementedError, AssertionError,
)  # fmt: skip
_ERRORS = re.compile(r"#(N/A|NULL!)")


class WorkbookFile:
    """The visible sheets of a workbook. ValueError, with the reason in words, for one that is not read."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        _refuse(content)
        try:
            # WHY: `read_only` keeps one row in memory; `data_only` takes what a formula last came to.
            self._book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise ValueError(_damaged()) from error
        self._shown = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"]

    def sheets(self) -> list[tuple[str, int]]:
        """Name and about how many rows, of each visible sheet in its order."""
        try:
            return [(str(sheet.title), int(sheet.max_row or 0)) for sheet in self._shown]
        except _BROKEN as error:
            raise ValueError(_damaged()) from error

    def rows(self, number: int) -> Iterator[list[Any]]:
        """The cells of every row of that sheet, empty rows too."""
        sheet: Any = self._shown[number]
        # WHY: sheets state sizes that they do not have, up to the last cell that a spreadsheet can hold.
        sheet.reset_dimensions()
        found = sheet.iter_rows(values_only=True)
        while True:
            try:
                row = next(found, None)
            except _BROKEN as error:
                raise ValueError(_damaged()) from error
            if row is None:
                return
            yield [None if isinstance(cell, str) and _ERRORS.fullmatch(cell) else cell for cell in row]


def _damaged() -> str:
    return _("The workbook is damaged. Open it in a spreadsheet, save it as .xlsx and choose it again.")


def _refuse(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ValueError(_damaged()) from error
    names = {member.filename for member in members}
    if any(
        name.lower().endswith(("vbaproject.bin", ".bin.rels")) and "vba" in name.lower() for name in names
    ):
        raise ValueError(_("The workbook holds macros. Save it as .xlsx, without them, and choose it again."))
    if "xl/workbook.xml" not in names:
        if "mimetype" in names or "content.xml" in names:
            raise ValueError(
                _("This is an OpenDocument file. Save the table as .xlsx or CSV and choose it again.")
            )
        raise ValueError(
            _("This is an archive or another document. Choose the table itself, as .xlsx or CSV.")
        )
    # SECURITY: an archive states how large its parts become, and no more than that is read of them.
    unpacked = sum(member.file_size for member in members)
    strings = sum(m.file_size for m in members if m.filename.lower().endswith("sharedstrings.xml"))
    swollen = any(member.file_size > max(_SMALL, RATIO_MOST * member.compress_size) for member in members)
    if unpacked > UNPACKED_MOST or strings > STRINGS_MOST or len(members) > MEMBERS_MOST or swollen:
        raise ValueError(_("The workbook unpacks to far more than it seems to hold. It was not opened."))
