"""How often, and when not: defaults, quiet hours and digests over midnight and changes of the clock; the page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.mission.models import Holding
from apps.mission.vocabulary import Capacity, Role
from apps.notifications.models import BouncedAddress, DefaultFrequency, Preference
from apps.notifications.preferences import (
    Settings,
    digest_due,
    frequency_for,
    is_quiet,
    mail_moment,
    settings_of,
)
from apps.notifications.unsubscribing import unsubscribe_url
from apps.notifications.vocabulary import Frequency, Kind
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import Signed

PAGE = "/notifications/preferences/"
BERLIN, JUBA = ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Juba")
NOTHING = {
    "mentions": "", "announcements": "", "part": "", "follow": "", "digest_hour": "7", "digest_weekday": "0",
    "quiet_from": "", "quiet_until": "", "away_from": "", "away_until": "",
}  # fmt: skip


def at(text: str, zone: ZoneInfo, fold: int = 0) -> datetime:
    """A moment by the clock on the wall of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def quiet(begins: str, ends: str, zone: ZoneInfo = BERLIN, **more: Any) -> Settings:
    """Somebody with quiet hours."""
    return Settings(
        1, zone, quiet_from=time.fromisoformat(begins), quiet_until=time.fromisoformat(ends), **more
    )


# ---------------------------------------------------------------- what is usual
def test_what_is_usual_goes_by_the_roles_held(staff: Staff) -> None:
    people = {staff.people[name].pk: name for name in ("req", "dec", "cim", "unit", "aud")}
    found = {people[pk]: chosen for pk, chosen in frequency_for(people, staff.mission.pk).items()}
    part = {name: chosen[Kind.PART].value for name, chosen in found.items()}
    assert part == {"req": "at_once", "unit": "at_once", "cim": "daily", "dec": "weekly", "aud": "daily"}
    assert {chosen[Kind.NEEDS_ME] for chosen in found.values()} == {Frequency.AT_ONCE}
    assert {chosen[Kind.ANNOUNCEMENTS] for chosen in found.values()} == {Frequency.AT_ONCE}
    staff.also_holds("dec", "cim")
    (both,) = frequency_for([staff.people["dec"].pk], staff.mission.pk).values()
    assert both[Kind.PART] == Frequency.DAILY


def test_the_missions_defaults_go_before_the_portals_and_ones_own_choice_before_both(staff: Staff) -> None:
    person = staff.people["dec"].pk

    def part() -> str:
        return frequency_for([person], staff.mission.pk)[person][Kind.PART].value

    rows = DefaultFrequency.objects
    rows.create(mission=staff.mission, role="", kind=Kind.PART, frequency=Frequency.INBOX)
    assert part() == "inbox"
    rows.create(mission=staff.mission, role=Role.DECIDER, kind=Kind.PART, frequency=Frequency.DAILY)
    assert part() == "daily"
    rows.create(mission=staff.mission, role=Role.CIMIC, kind=Kind.PART, frequency=Frequency.AT_ONCE)
    assert part() == "daily"
    staff.also_holds("dec", "cim")
    assert part() == "at_once"
    Preference.objects.create(person_id=person, part=Frequency.WEEKLY)
    assert part() == "weekly"


def test_settings_of_many_cost_three_queries(staff: Staff) -> None:
    User.objects.filter(pk=staff.people["req"].pk).update(time_zone="Africa/Juba")
    Preference.objects.create(
        person=staff.people["req"], quiet_from="22:00", quiet_until="06:00", digest_hour=18
    )
    people = [person.pk for person in staff.people.values()]
    with CaptureQueriesContext(connection) as asked:
        found = settings_of(people, staff.mission.pk)
    assert (len(asked), len(found)) == (3, len(people))
    mine = found[staff.people["req"].pk]
    assert (mine.zone, mine.quiet_from, mine.digest_hour) == (JUBA, time(22), 18)
    assert found[staff.people["clu"].pk].quiet_from is None
    assert settings_of([], staff.mission.pk) == {}


# ---------------------------------------------------------------- quiet hours
@pytest.mark.parametrize(
    ("begins", "ends", "now", "expected"),
    [
        ("22:00", "06:30", "2026-11-24T21:59", None),
        ("22:00", "06:30", "2026-11-24T22:00", "2026-11-25T06:30"),
        ("22:00", "06:30", "2026-11-24T23:59:59", "2026-11-25T06:30"),
        ("22:00", "06:30", "2026-11-25T00:00", "2026-11-25T06:30"),
        ("22:00", "06:30", "2026-11-25T06:29", "2026-11-25T06:30"),
        ("22:00", "06:30", "2026-11-25T06:30", None),
        ("12:00", "14:00", "2026-11-25T13:00", "2026-11-25T14:00"),
        ("12:00", "14:00", "2026-11-25T14:00", None),
        ("00:00", "05:00", "2026-11-25T00:00", "2026-11-25T05:00"),
        ("20:00", "00:00", "2026-11-25T23:00", "2026-11-26T00:00"),
        ("08:00", "08:00", "2026-11-25T08:00", None),
    ],
)
def test_mail_waits_for_the_end_of_quiet_hours(
    begins: str, ends: str, now: str, expected: str | None
) -> None:
    settings, moment = quiet(begins, ends), at(now, BERLIN)
    assert mail_moment(settings, urgent=False, now=moment) == (at(expected, BERLIN) if expected else moment)
    assert mail_moment(settings, urgent=True, now=moment) == moment


@pytest.mark.parametrize(
    ("begins", "ends", "now", "fold", "expected"),
    [
        # Clocks go from two to three: the night is an hour shorter, and 02:30 never comes.
        ("22:00", "06:00", "2026-03-29T01:59", 0, "2026-03-29T04:00+00:00"),
        ("22:00", "02:30", "2026-03-29T01:59", 0, "2026-03-29T01:30+00:00"),
        # Clocks go from three back to two: 02:30 comes twice.
        ("22:00", "06:00", "2026-10-25T02:15", 1, "2026-10-25T05:00+00:00"),
        ("22:00", "02:30", "2026-10-25T02:15", 0, "2026-10-25T00:30+00:00"),
        ("22:00", "02:30", "2026-10-25T02:15", 1, "2026-10-25T01:30+00:00"),
    ],
)
def test_quiet_hours_end_once_when_the_clocks_change(
    begins: str, ends: str, now: str, fold: int, expected: str
) -> None:
    moment = at(now, BERLIN, fold)
    found = mail_moment(quiet(begins, ends), urgent=False, now=moment)
    assert found == datetime.fromisoformat(expected)
    assert found > moment


def test_every_minute_of_a_night_of_change_waits_for_one_end() -> None:
    """Whatever the minute: never back in time, never into quiet hours again, at most a night long."""
    for day in ("2026-03-28T18:00", "2026-10-24T18:00"):
        for settings in (quiet("22:00", "06:00"), quiet("01:30", "02:30"), quiet("02:00", "03:00")):
            start = at(day, BERLIN)
            for minute in range(0, 16 * 60, 7):
                now = start + timedelta(minutes=minute)
                found = mail_moment(settings, urgent=False, now=now)
                assert now <= found <= now + timedelta(hours=9)
                assert found == now or is_quiet(settings, now)


# ---------------------------------------------------------------- digests
@pytest.mark.parametrize(
    ("now", "since", "last", "expected"),
    [
        ("2026-11-25T07:00", "2026-11-25T02:00", None, "2026-11-25"),
        ("2026-11-25T06:59", "2026-11-25T02:00", None, None),
        ("2026-11-25T09:00", "2026-11-25T08:00", None, None),
        ("2026-11-25T09:00", "2026-11-25T06:00", "2026-11-24", "2026-11-25"),
        ("2026-11-25T09:00", "2026-11-25T06:00", "2026-11-25", None),
        # Nothing ran the day before: it is made up for in the night, once.
        ("2026-11-26T00:10", "2026-11-25T06:00", "2026-11-24", "2026-11-25"),
        ("2026-11-26T00:20", "2026-11-25T06:00", "2026-11-25", None),
        ("2026-11-26T07:00", "2026-11-25T08:00", "2026-11-25", "2026-11-26"),
    ],
)
def test_a_day_has_one_digest_at_its_hour(
    now: str, since: str, last: str | None, expected: str | None
) -> None:
    settings = Settings(1, JUBA, digest_hour=7)
    day = date.fromisoformat(last) if last else None
    found = digest_due(settings, "daily", at(now, JUBA), day, since=at(since, JUBA))
    assert found == (date.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ("2026-11-27T07:00", None, "2026-11-27"),  # a Friday
        ("2026-11-27T06:00", "2026-11-13", "2026-11-20"),
        ("2026-11-28T12:00", "2026-11-27", None),
        ("2026-11-30T12:00", "2026-11-20", "2026-11-27"),
    ],
)
def test_a_week_has_one_digest_on_its_day(now: str, last: str | None, expected: str | None) -> None:
    settings = Settings(1, JUBA, digest_hour=7, digest_weekday=4)
    day = date.fromisoformat(last) if last else None
    found = digest_due(settings, "weekly", at(now, JUBA), day, since=at("2026-11-01T00:00", JUBA))
    assert found == (date.fromisoformat(expected) if expected else None)


def test_a_digest_waits_for_the_end_of_quiet_hours() -> None:
    settings = quiet("22:00", "08:00", digest_hour=7)
    since = at("2026-11-24T12:00", BERLIN)
    assert digest_due(settings, "daily", at("2026-11-25T07:30", BERLIN), None, since=since) is None
    assert digest_due(settings, "daily", at("2026-11-25T08:00", BERLIN), None, since=since) == date(
        2026, 11, 25
    )


@pytest.mark.parametrize("day", ["2026-03-27", "2026-10-23"])
def test_no_day_is_left_out_or_doubled_when_the_clocks_change(day: str) -> None:
    for hour in range(24):
        settings, last, found = Settings(1, BERLIN, digest_hour=hour), None, []
        start = at(f"{day}T00:00", BERLIN)
        for quarter in range(5 * 24 * 4):
            now = start + timedelta(minutes=15 * quarter)
            due = digest_due(settings, "daily", now, last, since=start - timedelta(days=9))
            if due is not None:
                found.append(due)
                last = due
        first = found[0]
        assert found == [first + timedelta(days=n) for n in range(len(found))]
        assert len(found) in (5, 6)


def test_without_knowing_since_when_a_digest_keeps_to_its_hour() -> None:
    settings = Settings(1, JUBA, digest_hour=7)
    assert digest_due(settings, "daily", at("2026-11-25T06:00", JUBA), None) is None
    assert digest_due(settings, "daily", at("2026-11-25T07:00", JUBA), None) == date(2026, 11, 25)


# ---------------------------------------------------------------- the page
def test_the_page_says_what_is_usual_and_what_cannot_be_switched_off(staff: Staff, signed: Signed) -> None:
    text = signed("dec").get(PAGE).content.decode()
    assert "As usual for my position: In a weekly digest" in text
    assert "It cannot be switched off" in text
    assert 'name="needs_me"' not in text
    assert "Emergencies come through." in text


def test_choices_are_kept_and_shown_again(staff: Staff, signed: Signed) -> None:
    client = signed("req")
    given = NOTHING | {
        "mentions": "inbox", "part": "daily", "digest_hour": "18", "digest_weekday": "4", "quiet_from": "21:30",
        "quiet_until": "05:45", "away_until": "2099-01-31T10:00",
    }  # fmt: skip
    assert client.post(PAGE, given)["Location"] == PAGE
    kept = Preference.objects.get(person=staff.people["req"])
    assert (kept.mentions, kept.part, kept.follow) == ("inbox", "daily", "")
    assert (kept.digest_hour, kept.digest_weekday, kept.quiet_from) == (18, 4, time(21, 30))
    text = client.get(PAGE).content.decode()
    assert 'value="21:30"' in text
    assert 'value="2099-01-31T10:00"' in text
    assert re.search(r'<option value="inbox" selected>', text)
    client.post(PAGE, NOTHING)
    kept.refresh_from_db()
    assert (kept.mentions, kept.quiet_from, kept.away_until) == ("", None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_until": "06:00"}, "quiet_from"),
        ({"quiet_from": "06:00", "quiet_until": "06:00"}, "quiet_until"),
        ({"quiet_from": "25:00", "quiet_until": "06:00"}, "quiet_from"),
        ({"away_from": "2099-01-31T10:00"}, "away_until"),
        ({"away_from": "2099-01-31T10:00", "away_until": "2099-01-30T10:00"}, "away_until"),
        ({"mentions": "hourly"}, "mentions"),
        ({"digest_hour": "24"}, "digest_hour"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    staff: Staff, signed: Signed, changes: dict[str, str], field: str
) -> None:
    answer = signed("req").post(PAGE, NOTHING | changes)
    assert answer.status_code == 422
    assert f'href="#id_{field}' in answer.content.decode()
    assert not Preference.objects.filter(person=staff.people["req"]).exists()


def test_whoever_stands_in_is_named_or_that_nobody_does(staff: Staff, signed: Signed) -> None:
    assert "Nobody: it waits for you." in signed("req").get(PAGE).content.decode()
    above = staff.positions["req_colleague"]
    type(above).objects.filter(pk=staff.positions["req"].pk).update(reports_to=above)
    assert "Holder req_colleague" in signed("req").get(PAGE).content.decode()
    Holding.objects.create(
        position=staff.positions["req"], person=staff.people["clu"], capacity=Capacity.SUBSTITUTE,
        starts=timezone.now(),
    )  # fmt: skip
    text = signed("req").get(PAGE).content.decode()
    assert "Holder clu" in text
    assert "Holder req_colleague" not in text


def test_an_address_that_bounces_is_told_of(staff: Staff, signed: Signed) -> None:
    BouncedAddress.objects.create(person=staff.people["req"], email="old@example.org", code="bounced")
    assert "Mail to your address came back" not in signed("req").get(PAGE).content.decode()
    BouncedAddress.objects.update(email=staff.people["req"].email)
    assert "Mail to your address came back" in signed("req").get(PAGE).content.decode()


# ---------------------------------------------------------------- the link in digests
def path_of(url: str) -> str:
    """The path of an address of the portal."""
    return "/" + url.split("://")[1].partition("/")[2]


def test_one_click_stops_what_goes_into_that_digest_and_nothing_else(staff: Staff) -> None:
    person = staff.people["dec"]
    client = Client(enforce_csrf_checks=True)
    path = path_of(unsubscribe_url(person.pk, Frequency.WEEKLY))
    assert client.get(path).status_code == 200
    assert not Preference.objects.filter(person=person).exists()
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    found = frequency_for([person.pk], staff.mission.pk)[person.pk]
    assert {kind for kind, often in found.items() if often == Frequency.INBOX} == {Kind.PART, Kind.FOLLOW}
    assert found[Kind.NEEDS_ME] == found[Kind.MENTIONS] == Frequency.AT_ONCE
    kept = Preference.objects.get(person=person)
    assert (kept.part, kept.follow, kept.mentions, kept.announcements) == ("inbox", "inbox", "", "")


def main(answer: Any) -> str:
    """The main part of a page."""
    text: str = answer.content.decode()
    assert answer.status_code == 200
    return text[text.index('<main id="main"') : text.index("</main>")]


def test_a_wrong_link_gets_the_same_pages_and_does_nothing(staff: Staff) -> None:
    client = Client(enforce_csrf_checks=True)
    path = path_of(unsubscribe_url(staff.people["dec"].pk, Frequency.WEEKLY))
    wrong = (path[:-2] + "x/", "/notifications/unsubscribe/x/")
    assert len({main(client.get(each)) for each in (path, *wrong)}) == 1
    said = {main(client.post(each)) for each in wrong}
    client.post(path_of(unsubscribe_url(staff.people["req"].pk, Frequency.AT_ONCE)))
    assert not Preference.objects.exists()
    assert said == {main(client.post(path))}
    assert Preference.objects.count() == 1
