"""The calendar as independent programs read it from a real web process: moved, cancelled, restricted, revoked."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar, Component

from apps.mission.vocabulary import Classification
from apps.notifications.calendar_feeds import digest_of, feed_path, feed_revoke, feeds_of
from apps.records.services import record_update
from apps.working_groups.models import Meeting, Series, WorkingGroup
from apps.working_groups.series import series_extend, series_save
from tests.browser.web_process import WebProcess
from tests.conftest import SERVERS
from tests.factories.calendars import feed_of
from tests.factories.groups import group_active, meeting_planned, step
from tests.factories.staff import Staff, staff_make
from tests.house.calendar_clients import Device, Shown

pytestmark = pytest.mark.timeout(180)
BERLIN = ZoneInfo("Europe/Berlin")
#: Weeks from now within which the clocks of Berlin are certain to change once.
WEEKS = 32


@pytest.fixture(scope="module")
def staff(committed_db_module: str) -> Staff:
    made = staff_make()
    for name in ("cmc", "clu"):
        made.positions[name].clearance = Classification.CONFIDENTIAL
        made.positions[name].save()
    return made


@pytest.fixture(scope="module")
def web(committed_db_module: str, staff: Staff) -> Iterator[WebProcess]:
    given = {**SERVERS.environment(), "CALENDAR_READS_PER_MINUTE": "1000"}
    process = WebProcess(given, SERVERS.url(committed_db_module))
    yield process
    process.stop()
    shutil.rmtree(process.folder, ignore_errors=True)


def weekly(staff: Staff) -> Series:
    """A group that meets every Monday at ten, Berlin's time, called over a change of clocks."""
    group = group_active(staff)
    monday = timezone.now().astimezone(BERLIN).date()
    monday += timedelta(days=7 - monday.weekday())
    with staff.acting("cmc") as actor:
        series = Series.objects.create(
            group=WorkingGroup.objects.get(pk=group.pk), title="CMCoord, weekly", weekdays=["MO"], first_on=monday,
            at=time(10), time_zone="Europe/Berlin", lasts=60, place="Room 4", ahead=WEEKS,
        )  # fmt: skip
        series_extend(actor, series=series)
    return series


def ask(url: str) -> tuple[int, bytes]:
    """Status and content, for a program without a session."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def entries(url: str) -> dict[str, Component]:
    """The entries at an address, by the UUID of their record."""
    status, content = ask(url)
    assert status == 200
    return {str(e["uid"]).partition("@")[0]: e for e in Calendar.from_ical(content).walk("VEVENT")}


def meeting_of(staff: Staff, uuid: str) -> Meeting:
    """The meeting of an entry."""
    with staff.acting("cmc"):
        return Meeting.objects.get(uuid=uuid)


def change_recurrence(staff: Staff, series: Series) -> None:
    """Thursdays at half past two, in another room."""
    with staff.acting("cmc") as actor:
        found = Series.objects.select_related("group").get(pk=series.pk)
        found.weekdays, found.at, found.place = ["TH"], time(14, 30), "Room 9"
        series_save(actor, series=found)


def test_a_series_through_all_that_happens_to_it(staff: Staff, web: WebProcess, tmp_path: Path) -> None:
    series = weekly(staff)
    token = feed_of(staff, "clu")
    url = web.address + feed_path(token)
    device = Device(tmp_path, url, "Europe/Berlin")
    first = timezone.now().astimezone(BERLIN).date()
    span = (first.isoformat(), (first + timedelta(weeks=WEEKS + 4)).isoformat())

    def fetched() -> list[Shown]:
        done = device.fetch()
        assert done.returncode == 0, done.stderr
        return device.shown(*span)

    # As it was called: the local hour stays when the clocks change, the moment does not.
    begun, at_first = fetched(), entries(url)
    assert len(begun) == len(at_first) == WEEKS
    assert {(e.begins, e.ends, e.title, e.place) for e in begun} == {
        ("10:00", "11:00", "CMCoord, weekly", "Room 4")
    }
    assert {date.fromisoformat(e.day).weekday() for e in begun} == {0}
    assert {e.start.astimezone(UTC).hour for e in at_first.values()} == {8, 9}
    assert device.shown_at(f"{begun[5].day} 10:30") == [begun[5]]
    assert device.shown_at(f"{begun[5].day} 11:30") == []

    # Another recurrence: the same entries, elsewhere in time; nothing is left where they were.
    change_recurrence(staff, series)
    moved, later = fetched(), entries(url)
    assert later.keys() == at_first.keys()
    assert all(int(e["sequence"]) > int(at_first[uuid]["sequence"]) for uuid, e in later.items())
    assert len(moved) == WEEKS
    assert {(e.begins, e.ends, e.place) for e in moved} == {("14:30", "15:30", "Room 9")}
    assert {date.fromisoformat(e.day).weekday() for e in moved} == {3}
    assert "Room 4" not in device.kept()

    # One is cancelled, another becomes restricted.
    by_day = {e.start.astimezone(BERLIN).date().isoformat(): uuid for uuid, e in later.items()}
    off, secret = moved[3], moved[4]
    step(staff, meeting_of(staff, by_day[off.day]), "cmc", "cancel", "Not needed.")
    label = {"classification": Classification.CONFIDENTIAL}
    with staff.acting("cmc") as actor:
        record_update(actor, record=Meeting.objects.get(uuid=by_day[secret.day]), changes=label)
    now = {e.day: e for e in fetched()}
    assert [e.day for e in now.values() if e.is_cancelled] == [off.day]
    busy = now[secret.day]
    assert (busy.begins, busy.ends, busy.title, busy.place) == ("14:30", "15:30", "Busy", "")
    assert sum("CMCoord" in e.title for e in now.values()) == WEEKS - 1
    assert device.kept().count("SUMMARY:CMCoord") == device.kept().count("LOCATION:Room 9") == WEEKS - 1
    assert meeting_of(staff, by_day[secret.day]).reference not in device.kept()
    changed = entries(url)
    for day in (off.day, secret.day):
        assert int(changed[by_day[day]]["sequence"]) > int(later[by_day[day]]["sequence"])

    # Revoked: the program is told that there is nothing, and gets nothing new.
    with staff.acting("clu") as actor:
        assert feed_revoke(actor, uuid=feeds_of(actor).get(digest=digest_of(token)).uuid)
    new = meeting_planned(staff, group_active(staff))
    assert ask(url) == ask(web.address + feed_path("never-was"))
    assert ask(url)[0] == 404
    refused = device.fetch()
    assert refused.returncode != 0
    assert "Not Found" in refused.stderr
    assert device.shown(*span) == sorted(now.values())
    assert new.title not in device.kept()
    said = web.output.read_text()
    assert "calendar/<str:token>.ics" in said, "what was refused is logged"
    assert token not in said


def test_two_devices_in_two_zones_show_one_moment(staff: Staff, web: WebProcess, tmp_path: Path) -> None:
    begins = (timezone.now() + timedelta(days=3)).replace(hour=9, minute=30, second=0, microsecond=0)
    meeting = meeting_planned(staff, group_active(staff), starts=begins)
    url = web.address + feed_path(feed_of(staff, "clu"))
    assert entries(url)[str(meeting.uuid)].start == begins
    for zone in ("America/Sao_Paulo", "Asia/Kathmandu"):
        device = Device(tmp_path / zone.replace("/", "-"), url, zone)
        assert device.fetch().returncode == 0
        local = begins.astimezone(ZoneInfo(zone))
        found = device.shown_at(f"{local + timedelta(minutes=20):%Y-%m-%d %H:%M}")
        assert [(e.day, e.begins) for e in found if e.title == meeting.title] == [
            (f"{local:%Y-%m-%d}", f"{local:%H:%M}")
        ]
