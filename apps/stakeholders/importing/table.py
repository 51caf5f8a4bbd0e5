"""An uploaded file as a table: what kind of file it is, how its text is coded, and its rows, one by one.

Rows are read when they are asked for and are not kept, so that a long table needs no more memory than a short one.
What a column is for is said in `purposes`; nothing is judged here.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from .workbook import WorkbookFile

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 250
MOST_LETTERS = 5_000
HEADER_WITHIN = 25

_PIECE = 1 << 16
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"sep=([,;\t|])", re.IGNORECASE)

#: What a cell may hold: text, a number, a day or moment, yes or no, or nothing.
Cell = Any
Line = tuple[int, list[Cell]]


class UnreadableTable(ValueError):
    """The file as a whole cannot be read as a table; its text says why."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file. `rows()` begins again each time; `about` is how many rows there may be."""

    name: str
    about: int
    read: Callable[[], Iterator[list[Cell]]]

    def rows(self) -> Iterator[Line]:
        """(number as the spreadsheet shows it, cells) of every row that is not empty. UnreadableTable past a limit."""
        filled = 0
        for number, cells in enumerate(self.read(), start=1):
            while cells and _is_blank(cells[-1]):
                cells.pop()
            if not cells:
                continue
            filled += 1
            _check_limits(number, cells, filled)
            yield number, cells


@dataclass(frozen=True)
class Table:
    """The sheets of a file, and what to know about how it was read."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def open_table(content: bytes) -> Table:
    """The file as a table. Raises UnreadableTable for one that is none, with the reason in words."""
    if len(content) > MOST_BYTES:
        most = filesizeformat(MOST_BYTES)
        raise UnreadableTable(_("The file is larger than %(most)s. Bring it in parts.") % {"most": most})
    if not content.strip():
        raise UnreadableTable(_("The file is empty."))
    if content.startswith(_ZIP):
        return _of_workbook(content)
    _refuse_others(content)
    return _of_text(content)


def _of_workbook(content: bytes) -> Table:
    try:
        book = WorkbookFile(content)
        sheets = tuple(
            Sheet(name, about, _workbook_rows(book, number))
            for number, (name, about) in enumerate(book.sheets())
        )
    except ValueError as error:
        raise UnreadableTable(str(error)) from error
    return Table(sheets)


def _workbook_rows(book: WorkbookFile, number: int) -> Callable[[], Iterator[list[Cell]]]:
    def rows() -> Iterator[list[Cell]]:
        try:
            yield from book.rows(number)
        except ValueError as error:
            raise UnreadableTable(str(error)) from error

    return rows


def _refuse_others(content: bytes) -> None:
    head = content[:1024].lstrip(codecs.BOM_UTF8).lstrip().lower()
    if content.startswith(_OLE):
        raise UnreadableTable(
            _(
                "This is an old Excel file (.xls), or one with a password. Save it as .xlsx without a password and "
                "choose it again."
            )
        )
    if content.startswith(_PDF):
        raise UnreadableTable(_("This is a PDF. Ask for the table as a spreadsheet or CSV file."))
    if head.startswith((b"<", b"{\\rtf")):
        raise UnreadableTable(
            _("This is a page or document, whatever its name says. Save the table as .xlsx or CSV.")
        )


def _of_text(content: bytes) -> Table:
    encoding, notes = _encoding(content)
    lines = _lines(content, encoding, ",")
    first = next(lines, [])
    given = _SEPARATOR.fullmatch("".join(map(str, first)).strip()) if len(first) <= 2 else None
    delimiter, skip = (given[1], 1) if given else (_delimiter(content, encoding), 0)

    def rows() -> Iterator[list[Cell]]:
        found = _lines(content, encoding, delimiter)
        for _skipped in range(skip):
            next(found, None)
        yield from found

    # WHY: what Excel hides is not counted as a row: a first line “sep=;” is such.
    return Table((Sheet("", content.count(b"\n") + 1, rows),), tuple(notes))


def _encoding(content: bytes) -> tuple[str, list[str]]:
    """How the text is coded, with a note where that had to be guessed. UnreadableTable for what is no text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if not _decodes(content, "utf-16"):
            raise UnreadableTable(_("The file is no text. Save the table as CSV or .xlsx and try again."))
        return "utf-16", []
    if b"\0" in content:
        raise UnreadableTable(_("The file is no text. Save the table as CSV or .xlsx and try again."))
    if _decodes(content, "utf-8-sig"):
        return "utf-8-sig", []
    note = _("The file is not in UTF-8; it was read as Windows-1252 (Latin-1). Look at names with accents.")
    return ("cp1252" if _decodes(content, "cp1252") else "latin-1"), [note]


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(content)
    with suppress(UnicodeDecodeError):
        for at in range(0, len(content), _PIECE):
            decoder.decode(view[at : at + _PIECE], final=at + _PIECE >= len(content))
        return True
    return False


def _lines(content: bytes, encoding: str, delimiter: str) -> Iterator[list[Cell]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    number = 0
    try:
        for cells in csv.reader(text, delimiter=delimiter):
            number += 1
            yield list(cells)
    except csv.Error as error:
        raise UnreadableTable(
            _("After row %(row)d the file is no CSV table: a quotation mark may be missing.")
            % {"row": number}
        ) from error


def _delimiter(content: bytes, encoding: str) -> str:
    """The one that cuts most of the first rows into the same number of cells."""
    best, chosen = (0, 0), ","
    for delimiter in _DELIMITERS:
        lengths: Counter[int] = Counter()
        with suppress(UnreadableTable):
            for number, cells in enumerate(_lines(content, encoding, delimiter)):
                if number >= HEADER_WITHIN:
                    break
                lengths[len(cells)] += 1
        score = max(((times, length) for length, times in lengths.items() if length > 1), default=(0, 0))
        if score > best:
            best, chosen = score, delimiter
    return chosen


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _check_limits(number: int, cells: list[Cell], filled: int) -> None:
    if filled > MOST_ROWS + HEADER_WITHIN:
        raise UnreadableTable(
            _("The table has more than %(most)d rows. Bring it in parts.") % {"most": MOST_ROWS}
        )
    if len(cells) > MOST_COLUMNS:
        raise UnreadableTable(
            _("Row %(row)d has more than %(most)d columns.") % {"row": number, "most": MOST_COLUMNS}
        )
    for at, cell in enumerate(cells):
        if isinstance(cell, str) and len(cell) > MOST_LETTERS:
            raise UnreadableTable(
                _("Row %(row)d, column %(column)s: the cell holds more than %(most)d characters.")
                % {"row": number, "column": column_letters(at), "most": MOST_LETTERS}
            )


def column_letters(at: int) -> str:
    """The letters by which spreadsheets name the column at this place: A, B … AA."""
    letters, left = "", at + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
