"""Deadlines ring by the existing clocks: contributors are reminded, then overdue; times as a template proposes them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from apps.joc_products import times
from apps.joc_products.models import JocProduct, ProductTemplate
from apps.notifications import clocks, herald
from apps.notifications.relay import relay_drain
from apps.notifications.vocabulary import Reason
from apps.records.events import publish
from tests.factories.joc import collecting, compiling, give, now, take
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import told

JUBA = ZoneInfo("Africa/Juba")


def waits(staff: Staff, product: JocProduct) -> dict[str, tuple[datetime | None, set[str]]]:
    """What the portal's herald, which is nobody, finds to wait on the product: until when, and for which posts."""
    posts = {position.pk: name for name, position in staff.positions.items()}
    relay_drain()
    with staff.acting("joc"):
        publish(now(product), "joc_product.comment")
    with herald.taking() as found:
        assert found is not None
        each = clocks.clocks_of(now(product))
        return {clock.key: (clock.due_at, {posts[pk] for pk in clock.positions}) for clock in each}


@pytest.mark.parametrize("is_open", [True, False])
def test_while_it_collects_the_deadline_rings_for_each_contributor_who_is_awaited(
    staff: Staff, is_open: bool
) -> None:
    product = collecting(staff, is_open=is_open)
    assert waits(staff, product) == {"state:UNIT": (product.contributions_due, {"cim", "cmc", "sec"})}
    give(staff, product, "Military")
    assert waits(staff, product) == {"state:UNIT": (product.contributions_due, {"cmc", "sec"})}
    give(staff, product, "Humanitarian")
    give(staff, product, "Security")
    assert waits(staff, product) == {"state:JOC": (product.contributions_due, {"joc"})}


@pytest.mark.parametrize("is_open", [True, False])
def test_what_was_not_received_goes_on_waiting_beside_the_joc(staff: Staff, is_open: bool) -> None:
    product = compiling(staff, is_open=is_open)
    assert waits(staff, product) == {
        "state:JOC": (product.needed_by, {"joc"}),
        "pending:UNIT:0": (product.contributions_due, {"cmc", "sec"}),
    }
    give(staff, product, "Humanitarian")
    give(staff, product, "Security")
    assert set(waits(staff, product)) == {"state:JOC"}


def test_contributors_are_told_that_they_are_awaited_and_readers_of_the_release(staff: Staff) -> None:
    product = collecting(staff)
    relay_drain()
    for post in ("cim", "cmc", "sec"):
        assert [each.reason for each in told(staff, post, record_id=product.pk)] == [Reason.NEEDS_ME]
    assert not told(staff, "bystander", record_id=product.pk)
    give(staff, product, "Highlights")
    for by, name in (("joc", "close"), ("joc", "submit"), ("rel", "release")):
        take(staff, product, by, name)
    relay_drain()
    assert Reason.ANNOUNCEMENT in {each.reason for each in told(staff, "bystander", record_id=product.pk)}
    assert not told(staff, "req", record_id=product.pk)


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
        template("daily"), zone, datetime(2026, 3, 28, 19, tzinfo=zone),
        period_to=datetime(2026, 3, 28, 15, tzinfo=zone), needed_by=datetime(2026, 3, 28, 18, tzinfo=zone),
    )  # fmt: skip
    assert (found.needed_by.hour, found.contributions_due.hour) == (18, 15)
