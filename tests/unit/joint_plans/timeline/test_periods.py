"""Columns: weeks, months and quarters over borders of months and years, and what sticks out of them. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.joint_plans.timeline.asked import asked_of
from apps.joint_plans.timeline.findings import Gap, Overlaps, gaps, gaps_by
from apps.joint_plans.timeline.periods import (
    COLUMNS_MOST,
    UNITS,
    Columns,
    Place,
    count_of,
    first_of,
    later,
    periods_of,
    unit_for,
)
from apps.joint_plans.timeline.rows import ActivityRow

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def row(pk: int, start: date | None, end: date | None, **values: object) -> ActivityRow:
    said = {"lead": 1, "area": 1, "progress": "planned", "objective": None} | values
    return ActivityRow(
        pk=pk, uuid=uuid4(), code=f"A-{pk}", title="", classification=0, opens_to="all", sector=None,
        starts_on=start, ends_on=end, reported_at=None, **said,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "unit", "count"),
    [
        (date(2026, 12, 28), date(2027, 1, 3), "week", 1),  # one week over the border of the year
        (date(2027, 1, 3), date(2027, 1, 4), "week", 2),  # a Sunday and a Monday
        (date(2026, 12, 31), date(2027, 1, 1), "month", 2),
        (date(2026, 12, 31), date(2027, 1, 1), "quarter", 2),
        (date(2028, 2, 29), date(2028, 2, 29), "month", 1),
        (date(2026, 1, 1), date(2026, 12, 31), "quarter", 4),
    ],
)
def test_periods_over_borders(start: date, end: date, unit: str, count: int) -> None:
    found = periods_of(start, end, unit)
    assert len(found) == count == count_of(start, end, unit)
    assert found[0].first <= start <= found[0].last
    assert found[-1].first <= end <= found[-1].last


@given(DAYS, st.integers(0, 3000), st.sampled_from(UNITS))
def test_periods_follow_each_other_without_a_hole(start: date, length: int, unit: str) -> None:
    end = start + timedelta(days=length)
    found = periods_of(start, end, unit)
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(found))
    assert len(found) == min(count_of(start, end, unit), COLUMNS_MOST)
    assert later(later(first_of(start, unit), unit), unit, -1) == first_of(start, unit)


@given(DAYS, st.integers(0, 700), DAYS, st.integers(0, 900), st.sampled_from(UNITS))
def test_a_bar_takes_exactly_the_columns_that_its_days_touch(
    start: date, length: int, begin: date, shown: int, unit: str
) -> None:
    end = start + timedelta(days=length)
    columns = Columns(periods_of(begin, begin + timedelta(days=shown), unit))
    touched = [n for n, period in enumerate(columns.periods) if period.first <= end and start <= period.last]
    place = columns.place(start, end)
    if not touched:
        assert place is None
        return
    assert place is not None
    assert list(range(place.first, place.last + 1)) == touched
    assert place.begins_before == (start < columns.periods[0].first)
    assert place.ends_after == (end > columns.periods[-1].last)


def test_what_sticks_out_of_the_columns_says_so() -> None:
    columns = Columns(periods_of(date(2026, 11, 1), date(2027, 2, 28), "month"))
    assert columns.place(date(2026, 10, 31), date(2027, 3, 1)) == Place(0, 3, True, True)
    assert columns.place(date(2026, 12, 31), date(2027, 1, 1)) == Place(1, 2, False, False)
    assert columns.place(date(2026, 1, 1), date(2026, 10, 31)) is None
    assert columns.of_day(date(2027, 2, 28)) == 3
    assert columns.of_day(date(2027, 3, 1)) is None
    assert columns.groups() == [("2026", 2), ("2027", 2)]


@pytest.mark.parametrize(
    ("days", "unit"), [(90, "week"), (400, "month"), (1500, "quarter"), (20_000, "quarter")]
)
def test_the_unit_follows_from_the_length(days: int, unit: str) -> None:
    assert unit_for(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days)) == unit


# ---------------------------------------------------------------- overlaps
D = date(2027, 1, 1)


def day(number: int) -> date:
    return D + timedelta(days=number)


def test_overlaps_are_of_one_lead_in_one_area_at_one_time() -> None:
    a, b = row(1, day(0), day(10)), row(2, day(10), day(20))
    after, elsewhere = row(3, day(21), day(30)), row(4, day(0), day(30), area=2)
    of_others, dropped = row(5, day(0), day(30), lead=2), row(6, day(0), day(30), progress="dropped")
    nowhere, undated = row(7, day(0), day(30), area=None), row(8, None, None)
    hidden = [row(9, day(0), day(9), lead=3), row(10, day(0), day(9), lead=3)]
    rows = [a, b, after, elsewhere, of_others, dropped, nowhere, undated, *hidden]
    found = Overlaps(rows, unknown={3})
    assert {each.pk: found.count(each) for each in rows} == dict.fromkeys(range(1, 11), 0) | {1: 1, 2: 1}
    assert [other.pk for other in found.others(a, 3)] == [2]
    assert found.others(after, 3) == []


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 15), st.integers(1, 2)), max_size=25))
def test_overlaps_are_those_that_comparing_all_pairs_finds(made: list[tuple[int, int, int]]) -> None:
    rows = [row(n, day(s), day(s + length), lead=lead) for n, (s, length, lead) in enumerate(made)]
    found = Overlaps(rows)
    for one in rows:
        pairs = {
            other.pk for other in rows
            if other.pk != one.pk and other.lead == one.lead
            and other.starts_on <= one.ends_on and one.starts_on <= other.ends_on  # type: ignore[operator]
        }  # fmt: skip
        assert found.count(one) == len(pairs)
        assert {other.pk for other in found.others(one, 100)} == pairs


# ---------------------------------------------------------------- gaps
def test_gaps_are_longer_than_a_week_and_within_the_plan() -> None:
    assert gaps([], day(0), day(30)) == [Gap(day(0), day(30))]
    assert gaps([(day(0), day(30))], day(0), day(30)) == []
    assert gaps([(day(7), day(20))], day(0), day(27)) == [], "seven days are not more than a week"
    assert gaps([(day(8), day(20))], day(0), day(30)) == [Gap(day(0), day(7)), Gap(day(21), day(30))]
    assert gaps([(day(-50), day(-40)), (day(90), day(99))], day(0), day(30)) == [Gap(day(0), day(30))]
    assert gaps([(date.min, day(5)), (day(3), date.max)], day(0), day(30)) == []
    assert gaps_by([("a", (day(0), day(30))), ("c", (day(0), day(9)))], ["a", "b"], day(0), day(30)) == {
        "b": [Gap(day(0), day(30))]
    }


@given(st.lists(st.tuples(st.integers(-20, 80), st.integers(0, 20)), max_size=12), st.integers(0, 60))
def test_gaps_are_those_that_looking_at_each_day_finds(made: list[tuple[int, int]], length: int) -> None:
    spans = [(day(start), day(start + more)) for start, more in made]
    free = {n for n in range(length + 1) if not any(s <= day(n) <= e for s, e in spans)}
    told = {
        n
        for gap in gaps(spans, day(0), day(length), longer_than=0)
        for n in range((gap.first - D).days, (gap.last - D).days + 1)
    }
    assert told == free
    assert all(gap.days > 7 for gap in gaps(spans, day(0), day(length)))


# ---------------------------------------------------------------- what is asked
def test_a_query_string_comes_back_as_it_was_read() -> None:
    asked = asked_of({"view": "matrix", "lanes": "area", "by": "quarter", "since": "2027-01-01", "page": "3"})
    assert asked.query() == "?view=matrix&lanes=area&by=quarter&since=2027-01-01&page=3"
    assert asked.query(view="line", page=1, since=None) == "?lanes=area&by=quarter"
    assert asked_of({}).query() == "?"
