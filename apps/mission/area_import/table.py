"""Reading a table of administrative areas, HXL-tagged or plain CSV, long or wide. Nothing is judged here.

A long table has one row for each area, with its level and its parent's code. A wide one, as the common
operational datasets come, has one row for each lowest area and a code and a name in each row for every level.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
_HEADER_WITHIN = 25

#: What a column is for, and the headers (letters and digits only) that say so.
_HEADERS = {
    "pcode": {"pcode", "code", "admcode", "admincode", "areacode", "admpcode", "adminpcode"},
    "name": {"name", "admname", "adminname", "areaname", "area", "featurename"},
    "level": {"level", "adminlevel", "admlevel"},
    "parent": {"parent", "parentpcode", "parentcode", "partof"},
    "valid_from": {"validfrom", "validfromdate", "validon", "startdate"},
    "valid_to": {"validto", "validtodate", "enddate"},
    "latitude": {"latitude", "lat", "centerlat", "centrelat"},
    "longitude": {"longitude", "lon", "long", "lng", "centerlon", "centrelon"},
}
_TITLES = {
    "pcode": gettext_lazy("P-code"),
    "name": gettext_lazy("Name"),
    "level": gettext_lazy("Level"),
    "parent": gettext_lazy("Parent"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_to": gettext_lazy("Valid to"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
}
_WIDE_HEADER = re.compile(r"adm(?:in)?([0-4])(pcode|code|[a-z]{2}|name[a-z]{0,2})")
_WIDE_TAG = re.compile(r"#adm([0-4])")
_TAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+\s*[a-z][a-z0-9_]*)*", re.IGNORECASE)


class UnreadableTable(ValueError):
    """The file as a whole cannot be read as a table of areas; its text says why."""


@dataclass(slots=True)
class AreaRow:
    """One area as the table has it: the text of each cell, and the column each text stands in."""

    number: int
    cells: dict[str, str]
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AreaTable:
    """The rows of a table, numbered as in the file, and what to know about how it was read."""

    rows: tuple[AreaRow, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where everything stands: purposes of a long table, or of each level of a wide one."""

    first: int
    long: dict[str, int]
    wide: dict[int, dict[str, int]]


def read_table(content: bytes) -> AreaTable:
    """Read a file. Raises UnreadableTable for one that is no table of areas at all."""
    if len(content) > MOST_BYTES:
        raise UnreadableTable(_("The file is larger than %(most)d kB.") % {"most": MOST_BYTES // 1000})
    text, notes = _decode(content)
    lines = _lines(text)
    if not lines:
        raise UnreadableTable(_("The file is empty."))
    layout = _layout(lines)
    titles = lines[layout.first - 2] if layout.first > 1 else []
    if titles and _is_tagged(titles) and layout.first > 2:
        titles = lines[layout.first - 3]
    rows: list[AreaRow] = []
    for number, line in enumerate(lines[layout.first - 1 :], start=layout.first):
        if any(cell.strip() for cell in line):
            rows.extend(_rows_of(number, line, layout, titles))
        if len(rows) > MOST_ROWS:
            raise UnreadableTable(_("The table has more than %(most)d rows.") % {"most": MOST_ROWS})
    if not rows:
        raise UnreadableTable(_("The table has a header and no rows."))
    return AreaTable(tuple(_merged(rows) if layout.wide else rows), tuple(notes))


def _decode(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), []
        except UnicodeDecodeError as error:
            raise UnreadableTable(_("The file is no text.")) from error
    if b"\0" in content:
        raise UnreadableTable(_("The file is no text. Save the table as CSV and try again."))
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = _(
            "The file is not in UTF-8; it was read as Windows-1252 (Latin-1). Look at names with accents."
        )
        return content.decode("cp1252", errors="replace"), [note]


def _lines(text: str) -> list[list[str]]:
    head = "\n".join(text.splitlines()[:_HEADER_WITHIN])
    delimiter = max(",;\t|", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableTable(_("The file is no CSV table: %(why)s.") % {"why": error}) from error


def _is_tagged(line: list[str]) -> bool:
    filled = [cell.strip() for cell in line if cell.strip()]
    return len(filled) >= 2 and all(_TAG.fullmatch(cell) for cell in filled)


def _layout(lines: list[list[str]]) -> _Layout:
    """Find the row of tags or, without one, the row of headers. Raises UnreadableTable."""
    head = lines[:_HEADER_WITHIN]
    for index, line in enumerate(head):
        if _is_tagged(line):
            return _checked(index + 2, *_by_tags(line))
    for index, line in enumerate(head):
        long, wide = _by_headers(line)
        if ("pcode" in long and "name" in long) or any("pcode" in level for level in wide.values()):
            return _checked(index + 2, long, wide)
    raise UnreadableTable(
        _(
            "No column holds P-codes and names. Tag them #adm+code and #adm+name, or call them “P-code” and "
            "“Name” (or ADM1_PCODE, ADM1_EN, ADM2_PCODE …)."
        )
    )


def _checked(first: int, long: dict[str, int], wide: dict[int, dict[str, int]]) -> _Layout:
    wide = {level: columns for level, columns in sorted(wide.items()) if {"pcode", "name"} <= set(columns)}
    if "pcode" in long and "name" in long:
        return _Layout(first, long, {})
    if not wide:
        raise UnreadableTable(_("The table has a column of P-codes but none of names, or the reverse."))
    return _Layout(first, {key: at for key, at in long.items() if key.startswith("valid")}, wide)


def _by_tags(line: list[str]) -> tuple[dict[str, int], dict[int, dict[str, int]]]:
    long: dict[str, int] = {}
    wide: dict[int, dict[str, int]] = {}
    for at, cell in enumerate(line):
        tag, *attributes = [part.strip() for part in cell.strip().lower().split("+")]
        given = set(attributes)
        if level := _WIDE_TAG.fullmatch(tag):
            kind = "pcode" if "code" in given else "name" if not given or "name" in given else ""
            if kind:
                wide.setdefault(int(level[1]), {}).setdefault(kind, at)
            continue
        purpose = ""
        if tag in {"#adm", "#geo", "#area"}:
            if "parent" in given:
                purpose = "parent"
            elif "code" in given:
                purpose = "pcode"
            elif "name" in given:
                purpose = "name"
            elif given & {"admin_level", "level"}:
                purpose = "level"
            elif "lat" in given:
                purpose = "latitude"
            elif "lon" in given:
                purpose = "longitude"
        elif tag == "#date":
            purpose = "valid_from" if "start" in given else "valid_to" if "end" in given else ""
        if purpose:
            long.setdefault(purpose, at)
    return long, wide


def _by_headers(line: list[str]) -> tuple[dict[str, int], dict[int, dict[str, int]]]:
    long: dict[str, int] = {}
    wide: dict[int, dict[str, int]] = {}
    for at, cell in enumerate(line):
        plain = _plain(cell)
        if found := _WIDE_HEADER.fullmatch(plain):
            kind = "pcode" if found[2] in {"pcode", "code"} else "name"
            # WHY: these tables repeat the name in several languages; the first one is the main one.
            wide.setdefault(int(found[1]), {}).setdefault(kind, at)
            continue
        for purpose, headers in _HEADERS.items():
            if plain in headers:
                long.setdefault(purpose, at)
    return long, wide


def _plain(header: str) -> str:
    bare = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", bare)


def _rows_of(number: int, line: list[str], layout: _Layout, titles: list[str]) -> list[AreaRow]:
    def cell(at: int) -> str:
        return unicodedata.normalize("NFC", line[at]).strip() if at < len(line) else ""

    def title(purpose: str, at: int) -> str:
        text = titles[at].strip() if at < len(titles) else ""
        return text or str(_TITLES[purpose])

    shared = {purpose: cell(at) for purpose, at in layout.long.items()}
    names = {purpose: title(purpose, at) for purpose, at in layout.long.items()}
    if not layout.wide:
        return [AreaRow(number, shared, names)]
    rows, parent = [], ""
    lowest = max(layout.wide)
    for level, columns in layout.wide.items():
        own = {purpose: cell(at) for purpose, at in columns.items()}
        if not own["pcode"] and not own["name"]:
            continue
        marks = {**names, **{purpose: title(purpose, at) for purpose, at in columns.items()}}
        dates = shared if level == lowest else {}
        rows.append(AreaRow(number, {**dates, **own, "level": str(level), "parent": parent}, marks))
        parent = own["pcode"]
    return rows


def _merged(rows: list[AreaRow]) -> list[AreaRow]:
    """A wide table repeats its upper areas in every row: keep the first of each."""
    seen: dict[tuple[tuple[str, str], ...], AreaRow] = {}
    for row in rows:
        seen.setdefault(tuple(sorted(row.cells.items())), row)
    return list(seen.values())
