"""Tables for the tests of the import: made here, or read from the sample data beside the project."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the folder shared/data, beside the project, is absent"
)


def sample(name: str) -> bytes:
    """A file of the sample data."""
    return (DATA / name).read_bytes()


def sample_rows(name: str) -> list[dict[str, str]]:
    """Its rows by header, without the row of tags, counted by nothing but the csv module."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not next(iter(row.values())).startswith("#")]


def csv_of(*rows: Iterable[Any], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(*rows: Sequence[Any], **sheets: Sequence[Sequence[Any]]) -> bytes:
    """Rows as an Excel workbook; `sheets` are further ones by name."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "First"
    for row in rows:
        first.append(list(row))
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
