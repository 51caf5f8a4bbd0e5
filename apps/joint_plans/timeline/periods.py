"""Weeks, months and quarters, and which of them a span of days touches. Pure; no models, no HTTP."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

UNITS = ("week", "month", "quarter")
#: Columns with which a unit is fine enough, where nobody chose one.
COLUMNS_WANTED = 26
#: Columns that are shown at once, whatever was chosen.
COLUMNS_MOST = 60
_MONTHS = {"month": 1, "quarter": 3}
_LAST_YEAR = 9998


@dataclass(frozen=True, slots=True)
class Period:
    """A week (from Monday), month or quarter: its first and its last day."""

    unit: str
    first: date
    last: date

    @property
    def label(self) -> str:
        """What stands at the head of its column, below `group`."""
        if self.unit == "week":
            return str(self.first.day)
        if self.unit == "month":
            return date_format(self.first, "M")
        return _("Q%(number)d") % {"number": (self.first.month + 2) // 3}

    @property
    def group(self) -> str:
        """What stands above it and its neighbours: the month of a week's Monday, else the year."""
        return date_format(self.first, "M Y") if self.unit == "week" else str(self.first.year)

    @property
    def name(self) -> str:
        """In full, for tables in which it stands alone."""
        if self.unit == "week":
            return date_format(self.first, "j M Y")
        return f"{self.label} {self.first.year}"


def first_of(day: date, unit: str) -> date:
    """The first day of the period in which a day lies."""
    if unit == "week":
        return date.fromordinal(max(day.toordinal() - day.weekday(), 1))
    size = _MONTHS[unit]
    return date(day.year, (day.month - 1) // size * size + 1, 1)


def later(first: date, unit: str, number: int = 1) -> date:
    """The first day of the period so many further on (or back); the calendar's ends bound it."""
    if unit == "week":
        return date.fromordinal(
            min(max(first.toordinal() + 7 * number, 1), date(_LAST_YEAR, 12, 31).toordinal())
        )
    months = first.year * 12 + first.month - 1 + _MONTHS[unit] * number
    year, month = divmod(months, 12)
    return date(min(max(year, 1), _LAST_YEAR), month + 1, 1)


def count_of(start: date, end: date, unit: str) -> int:
    """How many periods a span of days touches."""
    first, last = first_of(start, unit), first_of(end, unit)
    if unit == "week":
        return (last - first).days // 7 + 1
    return ((last.year - first.year) * 12 + last.month - first.month) // _MONTHS[unit] + 1


def unit_for(start: date, end: date) -> str:
    """The finest unit in which the span fits into COLUMNS_WANTED columns; quarters where none does."""
    return next((unit for unit in UNITS if count_of(start, end, unit) <= COLUMNS_WANTED), UNITS[-1])


def periods_of(start: date, end: date, unit: str) -> list[Period]:
    """The periods that a span touches, the first COLUMNS_MOST of them."""
    made, first = [], first_of(start, unit)
    for _number in range(min(count_of(start, end, unit), COLUMNS_MOST)):
        following = later(first, unit)
        made.append(Period(unit, first, following - timedelta(days=1)))
        first = following
    return made


@dataclass(frozen=True, slots=True)
class Place:
    """The columns that a span takes, both counted in, and whether it goes on beyond them."""

    first: int
    last: int
    begins_before: bool
    ends_after: bool


class Columns:
    """Periods side by side; answers which of them a span of days touches."""

    def __init__(self, periods: Sequence[Period]) -> None:
        self.periods = periods
        self._starts = [period.first for period in periods]

    def __len__(self) -> int:
        return len(self.periods)

    def of_day(self, day: date) -> int | None:
        """The column of a day; None when it is not shown."""
        if not self.periods or not self.periods[0].first <= day <= self.periods[-1].last:
            return None
        return bisect_right(self._starts, day) - 1

    def place(self, start: date, end: date) -> Place | None:
        """Where a span lies; None when no day of it is shown."""
        if not self.periods or end < start:
            return None
        shown_first, shown_last = self.periods[0].first, self.periods[-1].last
        if end < shown_first or start > shown_last:
            return None
        first, last = max(start, shown_first), min(end, shown_last)
        return Place(
            bisect_right(self._starts, first) - 1,
            bisect_right(self._starts, last) - 1,
            start < first,
            end > last,
        )

    def groups(self) -> list[tuple[str, int]]:
        """What stands above the columns, and over how many of them."""
        made: list[tuple[str, int]] = []
        for period in self.periods:
            if made and made[-1][0] == period.group:
                made[-1] = (period.group, made[-1][1] + 1)
            else:
                made.append((period.group, 1))
        return made
