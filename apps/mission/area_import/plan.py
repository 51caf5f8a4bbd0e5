"""What an import of areas would do, row by row, with the reason for every refusal. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from apps.mission.models import Area, Mission

from .table import AreaRow, AreaTable

HIGHEST_LEVEL = 4
_CODE = re.compile(r"[A-Z]{2,3}[A-Z0-9_-]{0,17}")
_COUNTRY = re.compile(r"[A-Z]{2,3}")


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, and in which column."""

    column: str
    text: str


@dataclass(slots=True)
class PlannedRow:
    """A row, what becomes of it, and for an update what changes from what to what."""

    number: int
    pcode: str
    name: str
    outcome: Outcome = Outcome.UNCHANGED
    problems: list[Problem] = field(default_factory=list)
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    parent: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def refuse(self, purpose: str, text: str) -> None:
        """Note a problem in the column of that purpose."""
        self.outcome = Outcome.REFUSED
        self.problems.append(Problem(self.columns.get(purpose, purpose), text))


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row of a table in its order, with what becomes of it."""

    mission: Mission
    rows: tuple[PlannedRow, ...]
    notes: tuple[str, ...]

    def of(self, *outcomes: Outcome) -> list[PlannedRow]:
        """The rows with one of these outcomes."""
        return [row for row in self.rows if row.outcome in outcomes]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows meet each outcome."""
        return {outcome: len(self.of(outcome)) for outcome in Outcome}


def import_plan(table: AreaTable, mission: Mission) -> Plan:
    """Judge each row against the others and against the mission's areas."""
    known = {area.pcode: area for area in Area.objects.filter(mission=mission).select_related("parent")}
    rows = [_read(row) for row in table.rows]
    _refuse_repeated(rows)
    by_code = {row.pcode: row for row in rows if row.outcome is not Outcome.REFUSED}
    _refuse_circles(by_code)
    _settle_levels(rows, by_code, known)
    _refuse_orphans(by_code)
    above = {area.parent_id for area in known.values()}
    for row in rows:
        if row.outcome is not Outcome.REFUSED:
            _compare(row, known.get(row.pcode), above)
    _refuse_orphans(by_code)
    return Plan(mission, tuple(rows), table.notes)


def _read(row: AreaRow) -> PlannedRow:
    """The row's own values, each checked by itself."""
    cell = row.cells.get
    planned = PlannedRow(row.number, (cell("pcode") or "").upper(), cell("name") or "")
    planned.columns, planned.given = row.columns, frozenset(row.cells)
    planned.parent = (cell("parent") or "").upper()
    if not planned.pcode:
        planned.refuse("pcode", _("The P-code is missing."))
    elif not _CODE.fullmatch(planned.pcode):
        text = _("“%(code)s” is no P-code: two or three letters of the country, then letters and digits.")
        planned.refuse("pcode", text % {"code": cell("pcode")})
    longest = Area._meta.get_field("name").max_length or 0
    if not planned.name:
        planned.refuse("name", _("The name is missing."))
    elif len(planned.name) > longest:
        planned.refuse("name", _("The name is longer than %(most)d characters.") % {"most": longest})
    readers: dict[str, Callable[[str], Any]] = {
        "level": _level, "valid_from": _day, "valid_to": _day, "latitude": _degrees, "longitude": _degrees,
    }  # fmt: skip
    for purpose, read in readers.items():
        planned.values[purpose] = None
        if given := cell(purpose):
            try:
                planned.values[purpose] = read(given)
            except ValueError as error:
                planned.refuse(purpose, str(error))
    _check_pairs(planned)
    return planned


def _level(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_LEVEL:
        raise ValueError(
            _("“%(text)s” is no level from 0 to %(most)d.") % {"text": text, "most": HIGHEST_LEVEL}
        )
    return int(text)


def _day(text: str) -> date:
    try:
        # WHY: 03/04/2024 is two different days; only the one unambiguous form is read.
        if not re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:.]+Z?)?", text):
            raise ValueError
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(_("“%(text)s” is no date: write it like 2024-03-31.") % {"text": text}) from None


def _degrees(text: str) -> Decimal:
    try:
        number = Decimal(text)
        if not number.is_finite():
            raise InvalidOperation
        return round(number, 5)
    except InvalidOperation:
        raise ValueError(_("“%(text)s” is no number of degrees.") % {"text": text}) from None


def _check_pairs(row: PlannedRow) -> None:
    for purpose, most in (("latitude", 90), ("longitude", 180)):
        value = row.values[purpose]
        if value is not None and abs(value) > most:
            row.refuse(
                purpose,
                _("%(value)s lies outside −%(most)d to %(most)d degrees.") % {"value": value, "most": most},
            )
    if (row.values["latitude"] is None) != (row.values["longitude"] is None) and not row.problems:
        row.refuse("latitude", _("Latitude and longitude come together, or neither."))
    start, end = row.values["valid_from"], row.values["valid_to"]
    if start and end and end < start:
        row.refuse("valid_to", _("The end lies before the beginning."))


def _refuse_repeated(rows: Iterable[PlannedRow]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if not row.pcode or row.problems:
            continue
        if row.pcode in first:
            text = _("%(code)s stands in row %(row)d already.") % {"code": row.pcode, "row": first[row.pcode]}
            row.refuse("pcode", text)
        else:
            first[row.pcode] = row.number


def _refuse_circles(by_code: dict[str, PlannedRow]) -> None:
    safe: set[str] = set()
    for code in by_code:
        path: list[str] = []
        while code in by_code and code not in safe and code not in path:
            path.append(code)
            code = by_code[code].parent
        if code in path:
            circle = path[path.index(code) :]
            for member in circle:
                text = _("These areas lie within each other in a circle: %(codes)s.")
                by_code[member].refuse("parent", text % {"codes": " → ".join([*circle, circle[0]])})
        safe.update(path)


def _settle_levels(rows: list[PlannedRow], by_code: dict[str, PlannedRow], known: dict[str, Area]) -> None:
    """Give each row its level, and refuse one that does not lie right below its parent."""
    settled: set[str] = set()

    def settle(row: PlannedRow) -> None:
        if row.pcode in settled or row.outcome is Outcome.REFUSED:
            return
        settled.add(row.pcode)
        above: int | None = None
        if row.parent in by_code:
            parent = by_code[row.parent]
            settle(parent)
            above = parent.values["level"]
        elif row.parent in known:
            above = known[row.parent].level
        elif row.parent and not (row.values["level"] in (None, 1) and _COUNTRY.fullmatch(row.parent)):
            row.refuse(
                "parent", _("%(code)s is neither in this table nor in the mission.") % {"code": row.parent}
            )
            return
        elif row.parent:
            # WHY: tables name the country as the parent of level 1 and mostly hold no row for it.
            row.parent, above = "", 0
        level = row.values["level"]
        if level is None:
            row.values["level"] = 0 if above is None and _COUNTRY.fullmatch(row.pcode) else (above or 0) + 1
        elif above is not None and level != above + 1:
            text = _("The level is %(level)d, but the parent's is %(above)d.")
            row.refuse("level", text % {"level": level, "above": above})
        elif above is None and level > 1:
            row.refuse("parent", _("An area of level %(level)d needs its parent's code.") % {"level": level})
        if (row.values["level"] or 0) > HIGHEST_LEVEL:
            row.refuse("parent", _("The areas lie more than %(most)d levels deep.") % {"most": HIGHEST_LEVEL})

    for row in sorted(rows, key=lambda each: each.values["level"] or 0):
        settle(row)


def _refuse_orphans(by_code: dict[str, PlannedRow]) -> None:
    """Refuse what lies in a refused area, down to the lowest."""
    again = True
    while again:
        again = False
        for row in by_code.values():
            parent = by_code.get(row.parent)
            if row.outcome is not Outcome.REFUSED and parent and parent.outcome is Outcome.REFUSED:
                text = _("Its parent %(code)s, row %(row)d, is refused.")
                row.refuse("parent", text % {"code": parent.pcode, "row": parent.number})
                again = True


def _compare(row: PlannedRow, area: Area | None, above: set[int | None]) -> None:
    """Tell a new area from a changed one. A column that the table does not have changes nothing."""
    values = {
        purpose: row.values[purpose] for purpose in row.values if purpose in row.given or purpose == "level"
    }
    row.values = {"name": row.name, **values}
    if area is None:
        row.outcome = Outcome.CREATED
        return
    now = {key: getattr(area, key) for key in row.values}
    row.changes = {key: (now[key], value) for key, value in row.values.items() if now[key] != value}
    parent_now = area.parent.pcode if area.parent else ""
    if "parent" in row.given and parent_now != row.parent:
        row.changes["parent"] = (parent_now, row.parent)
    if "level" in row.changes and area.pk in above:
        row.refuse(
            "level", _("The area is known with level %(level)d and holds others.") % {"level": area.level}
        )
        return
    row.outcome = Outcome.UPDATED if row.changes else Outcome.UNCHANGED
