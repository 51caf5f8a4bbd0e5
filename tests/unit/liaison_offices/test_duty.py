"""Who is on duty and when nobody is: hours of cover less the roster, in the office's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.liaison_offices import duty
from apps.liaison_offices.models import Channel, LiaisonOffice, Officer, Responsibility, Shift
from apps.mission.models import Mission
from tests.factories.liaison import office_open
from tests.factories.staff import Staff

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def office(**values: object) -> LiaisonOffice:
    return LiaisonOffice(mission=Mission(time_zone="UTC"), **values)


def shift(starts: datetime, hours: float) -> Shift:
    return Shift(starts=starts, ends=starts + timedelta(hours=hours))


def test_without_shifts_an_office_that_covers_day_and_night_has_one_gap_of_fourteen_days() -> None:
    assert duty.gaps(office(covers="always"), [], NOW) == [duty.Span(NOW, NOW + timedelta(days=14))]


def test_overlapping_shifts_leave_no_gap_and_touching_ones_neither() -> None:
    shifts = [
        shift(NOW - timedelta(hours=1), 200),
        shift(NOW + timedelta(hours=100), 99),
        shift(NOW + timedelta(hours=199), 200),
    ]
    assert duty.gaps(office(covers="always"), shifts, NOW) == []


def test_a_gap_lies_between_two_shifts() -> None:
    shifts = [shift(NOW, 24), shift(NOW + timedelta(hours=26), 24 * 14)]
    assert duty.gaps(office(covers="always"), shifts, NOW) == [
        duty.Span(NOW + timedelta(hours=24), NOW + timedelta(hours=26))
    ]


def test_daily_hours_are_counted_in_the_offices_own_time_zone() -> None:
    each = office(covers="daily", covers_from=time(8), covers_until=time(16), time_zone="Africa/Juba")
    spans = duty.gaps(each, [], NOW)
    assert spans[0] == duty.Span(NOW, datetime(2026, 3, 2, 14, 0, tzinfo=UTC))
    assert spans[1] == duty.Span(
        datetime(2026, 3, 3, 6, 0, tzinfo=UTC), datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
    )
    assert spans[-1].ends <= NOW + timedelta(days=14)


def test_hours_over_midnight_belong_to_the_evening() -> None:
    each = office(covers="daily", covers_from=time(20), covers_until=time(6))
    spans = duty.gaps(each, [], NOW)
    assert spans[0] == duty.Span(
        datetime(2026, 3, 2, 20, 0, tzinfo=UTC), datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    )


def test_an_office_without_a_roster_has_no_gaps() -> None:
    assert duty.gaps(office(covers="none"), [], NOW) == []


def furnished(staff: Staff, **changes: object) -> LiaisonOffice:
    opened = office_open(staff, covers="always", **changes)
    now = timezone.now()
    with staff.acting("cim"):
        Channel.objects.create(office=opened, kind="mobile", number="+211 900 000 001")
        Officer.objects.create(office=opened, position=staff.positions["joc"], languages="English, Arabic")
        Shift.objects.create(
            office=opened,
            position=staff.positions["joc"],
            starts=now - timedelta(hours=1),
            ends=now + timedelta(hours=5),
        )
        Responsibility.objects.create(office=opened, area=staff.area)
    return opened


def test_the_page_says_who_is_on_duty_which_number_to_ring_and_where_the_roster_has_gaps(
    staff: Staff, client: Client
) -> None:
    opened = furnished(staff)
    client.force_login(staff.people["req"])
    page = client.get(f"/liaison-offices/{opened.uuid}/").content.decode()
    assert "Holder joc" in page
    assert "+211 900 000 001" in page
    assert "Nobody is on duty from" in page
    assert "The duty roster has gaps" in page


def test_nobody_on_duty_is_said_in_words(staff: Staff, client: Client) -> None:
    opened = office_open(staff, covers="always")
    client.force_login(staff.people["req"])
    assert "Nobody is on duty now." in client.get(f"/liaison-offices/{opened.uuid}/").content.decode()


@pytest.mark.parametrize("reader", ["req", "cmc"])
def test_whoever_may_not_know_the_host_is_not_told_but_sees_the_office(
    staff: Staff, client: Client, reader: str
) -> None:
    from tests.factories.stakeholders import stakeholder_registered

    opened, host = office_open(staff), stakeholder_registered(staff, scope="organisation")
    client.force_login(staff.people["cim"])
    assert (
        client.post(f"/liaison-offices/{opened.uuid}/hosts/", {"stakeholder": host.title}).status_code == 302
    )
    assert host.title in client.get(f"/liaison-offices/{opened.uuid}/").content.decode()
    client.force_login(staff.people[reader])
    answer = client.get(f"/liaison-offices/{opened.uuid}/")
    assert answer.status_code == 200
    assert host.title not in answer.content.decode()


def test_whom_to_call_in_a_county_names_the_office_the_officer_and_the_number(
    staff: Staff, client: Client
) -> None:
    opened = furnished(staff)
    client.force_login(staff.people["req"])
    page = client.get(f"/liaison-offices/who-to-call/?area={staff.area.pcode}").content.decode()
    for said in (opened.title, "Holder joc", "+211 900 000 001"):
        assert said in page
    assert "There is no such area" in client.get("/liaison-offices/who-to-call/?area=XX").content.decode()
    assert client.get("/liaison-offices/who-to-call/").status_code == 200


def test_outside_its_hours_an_office_is_not_said_to_lack_anybody(staff: Staff, client: Client) -> None:
    later = timezone.now() + timedelta(hours=3)
    span = {"covers_from": later.time(), "covers_until": (later + timedelta(hours=2)).time()}
    opened = office_open(staff, covers="daily", time_zone="UTC", **span)
    client.force_login(staff.people["req"])
    page = client.get(f"/liaison-offices/{opened.uuid}/").content.decode()
    assert "Outside its hours" in page
    assert "Nobody is on duty now." not in page
    assert "Nobody is on duty from" in page
