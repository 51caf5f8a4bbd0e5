"""A file becomes rows, numbered as its reader sees them, or is refused in words."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import datetime

import pytest

from apps.stakeholders.importing import table as tables
from apps.stakeholders.importing.table import UnreadableTable, column_letters, open_table
from tests.unit.stakeholders.importing.sample import csv_of, xlsx_of

HEAD = ("Organisation", "Secteur")


def rows_of(content: bytes) -> list[tuple[int, list[object]]]:
    return list(open_table(content).sheets[0].rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_encodings_are_found_out(delimiter: str, encoding: str) -> None:
    content = csv_of(HEAD, ("Solidarités, International", "Santé"), delimiter=delimiter, encoding=encoding)
    assert rows_of(content) == [(1, list(HEAD)), (2, ["Solidarités, International", "Santé"])]
    assert open_table(content).notes == ()


def test_what_is_not_unicode_is_read_with_a_note() -> None:
    table = open_table(csv_of(HEAD, ("Solidarités", "Santé"), encoding="latin-1"))
    assert list(table.sheets[0].rows())[1][1] == ["Solidarités", "Santé"]
    assert "Windows-1252" in table.notes[0]


def test_rows_are_numbered_as_in_the_spreadsheet() -> None:
    content = b'a,b\r\n\r\n"two\r\nlines",c\r\n,,\r\nd,e\r\n'
    assert [number for number, _cells in rows_of(content)] == [1, 3, 5]
    assert [number for number, _cells in rows_of(xlsx_of(("a",), (None,), ("b",)))] == [1, 3]


def test_the_hint_of_excel_is_no_row() -> None:
    assert rows_of(b"sep=;\na;b\n1,5;2\n") == [(1, ["a", "b"]), (2, ["1,5", "2"])]


def test_rows_can_be_read_again() -> None:
    for content in (csv_of(HEAD, ("a", "b")), xlsx_of(HEAD, ("a", "b"))):
        sheet = open_table(content).sheets[0]
        assert list(sheet.rows()) == list(sheet.rows())


def test_a_workbook_keeps_its_dates_and_numbers() -> None:
    day = datetime(2024, 3, 31)
    assert rows_of(xlsx_of(("x", day, 9.5, True)))[0][1] == ["x", day, 9.5, True]


def test_a_hidden_sheet_is_not_read() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(xlsx_of(("secret",), Second=[("shown",)])))
    book["First"].sheet_state = "hidden"
    kept = io.BytesIO()
    book.save(kept)
    assert [sheet.name for sheet in open_table(kept.getvalue()).sheets] == ["Second"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx without a password"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table>", "page or document"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"a,b\0c", "no text"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableTable, match=why):
        open_table(content)


def packed(**members: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


def test_archives_that_are_no_workbook_are_refused() -> None:
    with pytest.raises(UnreadableTable, match="archive or another document"):
        open_table(packed(readme=b"x"))
    with pytest.raises(UnreadableTable, match="OpenDocument"):
        open_table(packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"))


def with_member(content: bytes, name: str, more: bytes) -> bytes:
    kept = io.BytesIO(content)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, more)
    return kept.getvalue()


def test_a_workbook_with_macros_is_refused() -> None:
    with pytest.raises(UnreadableTable, match="macros"):
        open_table(with_member(xlsx_of(HEAD), "xl/vbaProject.bin", b"x"))


def test_a_workbook_that_swells_is_not_opened() -> None:
    with pytest.raises(UnreadableTable, match="unpacks to far more"):
        open_table(with_member(xlsx_of(HEAD), "xl/media/x.bin", b"\0" * 5_000_000))


def test_a_broken_sheet_is_refused_and_does_not_crash() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_of(HEAD, ("a", "b")))) as source, zipfile.ZipFile(kept, "w") as made:
        for member in source.infolist():
            data = source.read(member)
            made.writestr(member.filename, data[: len(data) // 2] if "sheet1" in member.filename else data)
    with pytest.raises(UnreadableTable, match="damaged"):
        rows_of(kept.getvalue())


def test_limits_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 10)
    with pytest.raises(UnreadableTable, match="more than 10 rows"):
        rows_of(csv_of(*[("a", "b")] * 36))
    with pytest.raises(UnreadableTable, match="Row 1 has more than 250 columns"):
        rows_of(csv_of(["x"] * 251))
    with pytest.raises(UnreadableTable, match="Row 2, column B: the cell holds more than 5000 characters"):
        rows_of(csv_of(("a", "b"), ("a", "x" * 5001)))
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    with pytest.raises(UnreadableTable, match="larger than"):
        open_table(b"x" * 11)


def test_a_missing_quotation_mark_is_refused_with_its_row() -> None:
    with pytest.raises(UnreadableTable, match="After row 1"):
        rows_of(b'a,b\n"c,d\n' + b"e,f\n" * 60_000)


def test_a_long_table_is_read_in_little_memory() -> None:
    content = csv_of(*[(f"Organisation {n}", f"Activity {n}", "SS0101", "x" * 60) for n in range(50_000)])
    sheet = open_table(content).sheets[0]
    tracemalloc.start()
    try:
        assert sum(1 for _row in sheet.rows()) == 50_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(content) + 1_000_000, "no more than a few rows at a time beside the file itself"


def test_columns_have_the_letters_of_spreadsheets() -> None:
    assert [column_letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
