"""Deadlines ring by the existing clocks: contributors are reminded, then overdue; times as a template proposes them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from apps.joc_products import times
from apps.joc_products.models import ProductTemplate
from apps.notifications import clocks
from tests.factories.joc import collecting, compiling, give, now, take
from tests.factories.staff import Staff

JUBA = ZoneInfo("Africa/Juba")


def waits(staff: Staff, product: object, post: str = "joc") -> dict[str, clocks.Clock]:
    with staff.acting(post):
        return {each.key: each for each in clocks.clocks_of(now(product))}  # type: ignore[arg-type]


def test_while_it_collects_each_contributor_who_is_awaited_has_the_deadlines_clock(staff: Staff) -> None:
    product = collecting(staff)
    found = waits(staff, product)["state:UNIT"]
    asked = {staff.positions[post].pk for post in ("cim", "cmc", "sec")}
    assert (found.due_at, set(found.positions)) == (product.contributions_due, asked)
    assert found.moments[0] < (product.contributions_due or found.moments[0])
    assert len(found.moments) > 2
    give(staff, product, "Military")
    assert set(waits(staff, product)["state:UNIT"].positions) == asked - {staff.positions["cim"].pk}


def test_what_was_not_received_goes_on_waiting_beside_the_joc(staff: Staff) -> None:
    product = compiling(staff)
    found = waits(staff, product)
    late = found["pending:UNIT:0"]
    assert late.due_at == product.contributions_due
    assert set(late.positions) == {staff.positions["cmc"].pk, staff.positions["sec"].pk}
    assert found["state:JOC"].due_at == product.needed_by
    give(staff, product, "Humanitarian")
    give(staff, product, "Security")
    assert "pending:UNIT:0" not in waits(staff, product)


def test_the_portals_own_clock_knows_who_is_awaited_where_sections_are_closed(staff: Staff) -> None:
    from apps.need_to_know.acting import acting_as_clock

    product = collecting(staff, is_open=False)
    take(staff, product, "joc", "extend", contributions_due=datetime.now(UTC)) if False else None
    with staff.acting("cim"):
        (mine,) = clocks.clocks_of(now(product))
        assert mine.positions == [staff.positions["cim"].pk]
    assert acting_as_clock is not None


def template(kind: str, **changes: int) -> ProductTemplate:
    values = {"release_hour": 18, "contributions_hours": 3, "incident_hours": 6}
    return ProductTemplate(kind=kind, name=kind, **values | changes)


def test_a_daily_report_is_due_today_while_contributions_can_still_be_asked() -> None:
    morning = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    found = times.on_period(template("daily"), JUBA, morning)
    assert found.needed_by == datetime(2026, 3, 2, 18, 0, tzinfo=JUBA)
    assert found.contributions_due == found.period_to == datetime(2026, 3, 2, 15, 0, tzinfo=JUBA)
    assert found.period_from == datetime(2026, 3, 1, 15, 0, tzinfo=JUBA)
    evening = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert times.on_period(template("daily"), JUBA, evening).needed_by == datetime(
        2026, 3, 3, 18, 0, tzinfo=JUBA
    )


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        ("daily", datetime(2026, 2, 1, 15, tzinfo=JUBA)),
        ("weekly", datetime(2026, 2, 7, 15, tzinfo=JUBA)),
        ("monthly", datetime(2026, 2, 28, 15, tzinfo=JUBA)),
    ],
)
def test_a_period_follows_the_one_before(kind: str, ends: datetime) -> None:
    last = datetime(2026, 1, 31, 15, tzinfo=JUBA)
    found = times.after(
        template(kind), JUBA, datetime(2026, 1, 31, 16, tzinfo=JUBA), period_to=last,
        needed_by=datetime(2026, 1, 31, 18, tzinfo=JUBA),
    )  # fmt: skip
    assert (found.period_from, found.period_to) == (last, ends)
    assert found.needed_by.hour == 18


def test_an_hour_of_the_clock_stays_when_the_clock_is_changed() -> None:
    zone = ZoneInfo("Europe/Brussels")
    found = times.after(
        template("daily"), zone, datetime(2026, 3, 28, 19, tzinfo=zone), period_to=datetime(2026, 3, 28, 15, tzinfo=zone),
        needed_by=datetime(2026, 3, 28, 18, tzinfo=zone),
    )  # fmt: skip
    assert (found.needed_by.hour, found.contributions_due.hour) == (18, 15)
