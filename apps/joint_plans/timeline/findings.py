"""What stands out in a plan's time: activities that overlap, and times in which nothing is planned. Pure.

Both are found among what the reader reads and nothing else: a plan that never had the rest says the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .rows import ActivityRow

#: A time without anything is told of when it is longer than so many days.
GAP_DAYS = 7
_DAY = timedelta(days=1)


class Overlaps:
    """Activities of one lead in one area at the same time.

    `unknown` are leads that the reader may not know: that two of them are one organisation is not told either.
    """

    def __init__(self, rows: Iterable[ActivityRow], unknown: Iterable[int] = ()) -> None:
        self._hidden = frozenset(unknown)
        self._groups: dict[tuple[int, int], list[ActivityRow]] = defaultdict(list)
        for row in rows:
            if (key := self._key(row)) is not None:
                self._groups[key].append(row)
        self._starts: dict[tuple[int, int], list[date]] = {}
        self._ends: dict[tuple[int, int], list[date]] = {}
        self._spans_end: dict[tuple[int, int], list[date]] = {}
        for key, members in self._groups.items():
            members.sort(key=lambda row: (row.span or (date.max,))[0])
            spans = [row.span for row in members if row.span]
            self._starts[key] = [start for start, _end in spans]
            self._spans_end[key] = [end for _start, end in spans]
            self._ends[key] = sorted(self._spans_end[key])

    def _key(self, row: ActivityRow) -> tuple[int, int] | None:
        if (
            row.lead is None
            or row.area is None
            or row.lead in self._hidden
            or not row.is_meant
            or not row.span
        ):
            return None
        return (row.lead, row.area)

    def count(self, row: ActivityRow) -> int:
        """How many others it overlaps with."""
        key = self._key(row)
        if key is None or row.span is None:
            return 0
        start, end = row.span
        begun = bisect_right(self._starts[key], end)
        over = bisect_left(self._ends[key], start)
        return begun - over - 1

    def others(self, row: ActivityRow, most: int) -> list[ActivityRow]:
        """Some of them, those that begin last, by when they begin.

        WHY: looked for backwards from its end, so that in a crowd the first ones looked at are found.
        """
        key = self._key(row)
        wanted = min(self.count(row), most)
        if key is None or row.span is None or not wanted:
            return []
        start, end = row.span
        members, ends = self._groups[key], self._spans_end[key]
        found: list[ActivityRow] = []
        for number in range(bisect_right(self._starts[key], end) - 1, -1, -1):
            if ends[number] >= start and members[number].pk != row.pk:
                found.append(members[number])
                if len(found) == wanted:
                    break
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing is planned, both days counted in."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1


def gaps(
    spans: Iterable[tuple[date, date]], first: date, last: date, longer_than: int = GAP_DAYS
) -> list[Gap]:
    """Times within `first` to `last` that no span touches and that are longer than so many days."""
    made: list[Gap] = []
    free_from: date | None = first
    for start, end in sorted(spans):
        if free_from is None or free_from > last:
            break
        if start > free_from:
            made.append(Gap(free_from, min(start - _DAY, last) if start > date.min else free_from))
        free_from = max(free_from, end + _DAY) if end < date.max else None
    if free_from is not None and free_from <= last:
        made.append(Gap(free_from, last))
    return [gap for gap in made if gap.days > longer_than]


def gaps_by(
    spans: Iterable[tuple[Hashable, tuple[date, date]]], keys: Iterable[Hashable], first: date, last: date
) -> dict[Hashable, list[Gap]]:
    """For each key the times in which nothing of it is planned; keys without any are left out."""
    of: dict[Hashable, list[tuple[date, date]]] = {key: [] for key in keys}
    for key, span in spans:
        if key in of:
            of[key].append(span)
    return {key: found for key, planned in of.items() if (found := gaps(planned, first, last))}
