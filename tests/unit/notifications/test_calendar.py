"""What stands in a person's calendar outside the portal: which meetings, which words of them, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext
from icalendar import Calendar

from apps.accounts.models import User
from apps.mission.models import Compartment, DataType, Mission
from apps.mission.vocabulary import Classification, Sensitivity
from apps.need_to_know.models import ReadLog
from apps.notifications.models import CalendarFeed
from apps.records import clock
from apps.records.services import record_file, record_update
from apps.records.transitions import transition
from apps.working_groups.calling import guest_invite
from apps.working_groups.models import Attendance, Correction, Meeting, Member
from tests.factories.calendars import calendar, events, feed_of, fetched
from tests.factories.canary import canary
from tests.factories.groups import (
    decision_made,
    group_active,
    item_add,
    meeting_planned,
    member_add,
    step,
)
from tests.factories.staff import Staff

BEGINS = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
MEMBER = "clu"


@pytest.fixture
def cleared(staff: Staff) -> Staff:
    """Those who belong to the group may read what is CONFIDENTIAL, and what is in the compartment."""
    compartment = Compartment.objects.create(mission=staff.mission, code="blue", name="Blue")
    DataType.objects.create(mission=staff.mission, code="names", name="Names")
    for name in ("cmc", "req", MEMBER, "sec", "unit"):
        position = staff.positions[name]
        position.clearance = Classification.CONFIDENTIAL
        position.save()
        position.compartments.add(compartment)
    return staff


def change(staff: Staff, meeting: Meeting, **changes: Any) -> Meeting:
    """Change fields of a meeting."""
    with staff.acting("cmc") as actor:
        found: Meeting = record_update(actor, record=Meeting.objects.get(pk=meeting.pk), changes=changes)
        return found


def sequence(staff: Staff, meeting: Meeting) -> int:
    """The number that calendars are given of it."""
    with staff.acting("cmc"):
        return int(Meeting.objects.values_list("sequence", flat=True).get(pk=meeting.pk))


# ---------------------------------------------------------------- what stands in it
def test_a_meeting_stands_in_it_as_its_page_says(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), starts=BEGINS, joining="Radio, channel 4, code 77")
    token = feed_of(staff, MEMBER)
    (event,) = events(token).values()
    assert event["uid"] == f"{meeting.uuid}@cimic-portal"
    assert (event.start, event.end) == (BEGINS, BEGINS + timedelta(hours=1))
    assert (event["summary"], event["location"]) == (meeting.title, meeting.place)
    assert event["url"].endswith(f"/meetings/{meeting.uuid}/")
    assert meeting.reference in event["description"]
    assert "Radio, channel 4, code 77" in event["description"]
    assert event["sequence"] == sequence(staff, meeting)
    assert (event["status"], event["class"], event["transp"]) == ("CONFIRMED", "PRIVATE", "OPAQUE")
    with staff.acting("cmc"):
        changed = Meeting.objects.get(pk=meeting.pk).updated_at.replace(microsecond=0)
    assert event["dtstamp"].dt == event["last-modified"].dt == changed
    raw = fetched(token).content.decode()
    assert "DTSTART:20310304T093000Z\r\n" in raw
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in raw
    assert "X-PUBLISHED-TTL:PT1H\r\n" in raw
    assert str(calendar(token)["x-wr-calname"]) == f"{staff.mission.name} – CIMIC Portal"
    assert "UNCLASSIFIED" in calendar(token)["x-wr-caldesc"]
    assert "ATTENDEE" not in raw
    assert "ORGANIZER" not in raw


def test_it_has_what_its_person_reads_and_no_more(staff: Staff) -> None:
    group = group_active(staff)
    meeting = meeting_planned(staff, group)
    assert set(events(feed_of(staff, "unit"))) == set()
    mine = feed_of(staff, MEMBER)
    assert set(events(mine)) == {str(meeting.uuid)}
    with staff.acting("cmc"):
        assert Member.objects.filter(group=group, position=staff.positions[MEMBER]).delete()[0]
    assert set(events(mine)) == set(), "whoever left the group"


def test_a_meeting_that_was_not_called_stands_in_nobodys(staff: Staff) -> None:
    group_active(staff)
    with staff.acting("cmc") as actor:
        draft = record_file(
            actor, record=Meeting(title="Perhaps", needed_by=BEGINS, ends_at=BEGINS, scope="mission")
        )
    token = feed_of(staff, "cmc")
    assert events(token) == {}
    step(staff, draft, "cmc", "cancel", "It will not be.")
    assert events(token) == {}


def test_it_stays_for_90_days_whatever_became_of_its_minutes(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    token = feed_of(staff, MEMBER)
    for name in ("start", "end"):
        step(staff, meeting, "cmc", name)
        assert set(events(token)) == {str(meeting.uuid)}, name
    with clock.at(meeting.needed_by + timedelta(days=89)):
        assert set(events(token)) == {str(meeting.uuid)}
    with clock.at(meeting.needed_by + timedelta(days=91)):
        assert events(token) == {}


def test_cancelled_is_said_for_30_days(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), starts=BEGINS)
    token = feed_of(staff, MEMBER)
    before = events(token)[str(meeting.uuid)]
    step(staff, meeting, "cmc", "cancel", "The road is shut.")
    after = events(token)[str(meeting.uuid)]
    assert (after["status"], after["transp"]) == ("CANCELLED", "TRANSPARENT")
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert "The road is shut" not in fetched(token).content.decode()
    with clock.at(timezone.now() + timedelta(days=29)):
        assert set(events(token)) == {str(meeting.uuid)}
    with clock.at(timezone.now() + timedelta(days=31)):
        assert events(token) == {}


def _move(staff: Staff, meeting: Meeting) -> None:
    later = meeting.needed_by + timedelta(hours=2)
    step(staff, meeting, "cmc", "move", starts=later, ends=later + timedelta(hours=1), place=meeting.place)


CHANGES: dict[str, Callable[[Staff, Meeting], Any]] = {
    "moved": _move,
    "elsewhere": lambda s, m: change(s, m, place="Tent 3"),
    "joined otherwise": lambda s, m: change(s, m, joining="By telephone"),
    "ends later": lambda s, m: change(s, m, ends_at=m.ends_at + timedelta(hours=1)),
    "renamed": lambda s, m: change(s, m, title="Another title"),
    "cancelled": lambda s, m: step(s, m, "cmc", "cancel", "Not needed."),
    "in session": lambda s, m: step(s, m, "cmc", "start"),
    "CONFIDENTIAL": lambda s, m: change(s, m, classification=Classification.CONFIDENTIAL),
    "highly sensitive": lambda s, m: change(s, m, sensitivity=Sensitivity.HIGH),
    "in a compartment": lambda s, m: change(s, m, compartments=[Compartment.objects.get(code="blue").pk]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_a_calendar_shows_raises_its_number(cleared: Staff, what: str) -> None:
    meeting = meeting_planned(cleared, group_active(cleared), starts=BEGINS)
    token = feed_of(cleared, MEMBER)
    before = events(token)[str(meeting.uuid)]
    CHANGES[what](cleared, meeting)
    after = events(token)[str(meeting.uuid)]
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]


def test_what_a_calendar_does_not_show_raises_nothing(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    before = sequence(staff, meeting)
    item_add(staff, meeting)
    with staff.acting(MEMBER):
        Attendance.objects.filter(meeting=meeting, position=staff.positions[MEMBER]).update(answer="remote")
    assert sequence(staff, meeting) == before


# ---------------------------------------------------------------- what is restricted
RESTRICTED: dict[str, Callable[[], dict[str, Any]]] = {
    "classification": lambda: {"classification": Classification.CONFIDENTIAL},
    "sensitivity": lambda: {"sensitivity": Sensitivity.HIGH},
    "compartment": lambda: {"compartments": [Compartment.objects.get(code="blue").pk]},
    "protected data": lambda: {"data_types": [DataType.objects.get(code="names").pk]},
}  # fmt: skip


@pytest.mark.parametrize("label", RESTRICTED)
def test_of_a_restricted_meeting_it_says_busy(cleared: Staff, label: str) -> None:
    meeting = meeting_planned(cleared, group_active(cleared), starts=BEGINS, joining=canary("joining"))
    token = feed_of(cleared, MEMBER)
    before = events(token)[str(meeting.uuid)]
    meeting = change(cleared, meeting, **RESTRICTED[label]())
    with cleared.acting("cmc"):
        logged = ReadLog.objects.count()
    event = events(token)[str(meeting.uuid)]
    assert (event["summary"], event["class"], event["status"]) == ("Busy", "CONFIDENTIAL", "CONFIRMED")
    assert event["sequence"] > before["sequence"]
    assert (event.start, event.end) == (BEGINS, BEGINS + timedelta(hours=1))
    said = fetched(token).content.decode().replace("\r\n ", "")
    assert not {"location", "description", "url", "last-modified"} & {name.lower() for name in event}
    for word in (meeting.title, meeting.place, meeting.joining, meeting.reference, "/meetings/", "CALDESC"):
        assert word not in said
    with cleared.acting("cmc"):
        assert ReadLog.objects.count() == logged, "that time is taken is no reading"


def test_of_a_restricted_meeting_it_says_nothing_where_its_group_chose_so(cleared: Staff) -> None:
    group = group_active(cleared, calendar="absent")
    plain = meeting_planned(cleared, group)
    hidden = meeting_planned(cleared, group, classification=Classification.CONFIDENTIAL)
    token = feed_of(cleared, MEMBER)
    assert set(events(token)) == {str(plain.uuid)}
    step(cleared, hidden, "cmc", "cancel", "Not needed.")
    assert set(events(token)) == {str(plain.uuid)}
    change(cleared, plain, sensitivity=Sensitivity.HIGH)
    assert events(token) == {}


def test_a_guest_of_a_group_that_it_does_not_read_is_busy(cleared: Staff) -> None:
    """The guest learns nothing of the group, not even what it chose."""
    group = group_active(cleared, calendar="absent")
    meeting = meeting_planned(cleared, group, classification=Classification.CONFIDENTIAL)
    with cleared.acting("cmc") as actor:
        guest_invite(actor, meeting=Meeting.objects.get(pk=meeting.pk), position=cleared.positions["unit"])
    assert events(feed_of(cleared, "unit"))[str(meeting.uuid)]["summary"] == "Busy"
    assert events(feed_of(cleared, MEMBER)) == {}


def test_a_meeting_by_itself_is_busy(cleared: Staff) -> None:
    with cleared.acting("cmc") as actor:
        meeting = record_file(
            actor,
            record=Meeting(
                title="By itself", needed_by=BEGINS, ends_at=BEGINS + timedelta(hours=1), scope="private",
                classification=Classification.CONFIDENTIAL, chair=cleared.positions["cmc"],
                secretary=cleared.positions["cmc"],
            ),
        )  # fmt: skip
    step(cleared, meeting, "cmc", "call")
    assert events(feed_of(cleared, "cmc"))[str(meeting.uuid)]["summary"] == "Busy"


def test_closed_items_members_and_attendance_stand_in_nobodys(staff: Staff) -> None:
    """Nor open items, minutes, corrections and decisions; not even with those who read all of it."""
    group = group_active(staff, membership="leads")
    meeting = meeting_planned(staff, group)
    words = [group.title, group.purpose]
    for session in ("open", "closed"):
        item = item_add(staff, meeting, session=session, details=canary("details"))
        words += [item.title, item.details]
    step(staff, meeting, "cmc", "start")
    with staff.acting("cmc"):
        item.minute = canary("minute")
        item.save()
        guest = Attendance.objects.create(
            meeting=meeting, name=canary("guest"), substitute=canary("substitute")
        )
    decision = decision_made(staff, meeting, item)
    words += [item.minute, guest.name, guest.substitute, decision.title, decision.text]
    change(staff, meeting, summary=(summary := canary("summary")))
    step(staff, meeting, "cmc", "end")
    step(staff, meeting, "cmc", "circulate")
    with staff.acting(MEMBER) as actor:
        words += [summary, (correction := canary("correction"))]
        Correction.objects.create(
            meeting=meeting, text=correction, author=actor.user, position=staff.positions[MEMBER]
        )
    people = [*staff.people.values()]
    for name in staff.people:
        said = fetched(feed_of(staff, name)).content.decode().replace("\r\n ", "")
        assert [word for word in words if word in said] == [], name
        assert [person.name for person in people if person.name in said] == [], name
        assert [position.title for position in staff.positions.values() if position.title in said] == [], name
        assert (meeting.title in said) == (name in ("cmc", "req", "clu", "sec")), name


# ---------------------------------------------------------------- how it is written
HOSTILE = {
    "a line of its own": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged",
    "a bare carriage return": "x\rEND:VEVENT",
    "line ends of other kinds": "x\u2028END:VEVENT\x85END:VCALENDAR\x0bEND:VEVENT",
    "marks": 'a,b;c\\d:e"f\\n^n',
    "long Arabic": "اجتماع التنسيق المدني العسكري، القاعة الكبرى؛ الطابق الثاني " * 2,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_people_write_stays_one_text(staff: Staff, what: str) -> None:
    group = group_active(staff)
    meeting = meeting_planned(staff, group, joining=HOSTILE[what])
    with staff.acting("cmc"):
        Meeting.objects.filter(pk=meeting.pk).update(place=HOSTILE[what])
    token = feed_of(staff, MEMBER)
    content = fetched(token).content
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert [line for line in lines if line.decode() and (b"\n" in line or b"\r" in line)] == []
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == lines.count(b"END:VCALENDAR") == 1
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    for end in ("\r\n", "\r", "\u2028", "\x85", "\x0b"):
        event["location"] = str(event["location"]).replace(end, "\n")
    wanted = "".join(
        "\n" if sign in "\r\u2028\x85\x0b" else sign for sign in HOSTILE[what].replace("\r\n", "\n")
    )
    assert event["location"] == wanted
    assert wanted in event["description"]


def test_it_speaks_its_persons_language_and_says_when_it_is_an_exercise(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    Mission.objects.filter(pk=staff.mission.pk).update(is_exercise=True)
    User.objects.filter(pk=staff.people[MEMBER].pk).update(language="ar")
    token = feed_of(staff, MEMBER)
    with translation.override("ar"):
        word = gettext("EXERCISE")
    assert word != "EXERCISE"
    assert events(token)[str(meeting.uuid)]["summary"] == f"{word} – {meeting.title}"
    assert str(calendar(token)["x-wr-calname"]).startswith(word)
    assert fetched(token, Accept_Language="en").content == fetched(token, Accept_Language="fr").content


def test_it_costs_the_same_however_many_there_are(staff: Staff) -> None:
    group = group_active(staff)
    meeting_planned(staff, group)
    token = feed_of(staff, MEMBER)
    fetched(token)

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert fetched(token).status_code == 200
        return [each["sql"][:60] for each in captured.captured_queries]

    few = asked()
    with staff.acting("cmc") as actor:
        for number in range(199):
            _one_more(actor, staff, number)
    assert len(events(token)) == 200
    many = asked()
    assert len(many) == len(few) <= 12


def _one_more(actor: Any, staff: Staff, number: int) -> None:
    """One more meeting that the mission reads, called."""
    begins = timezone.now() + timedelta(days=1, hours=number)
    made = record_file(
        actor,
        record=Meeting(
            title=f"Meeting {number}", needed_by=begins, ends_at=begins + timedelta(hours=1), scope="mission",
            chair=staff.positions["cmc"], secretary=staff.positions["cmc"],
        ),
    )  # fmt: skip
    transition(actor, record=made, name="call", data={})


def test_members_added_later_have_what_they_read(staff: Staff) -> None:
    group = group_active(staff, members=(), observers=())
    token = feed_of(staff, "unit")
    meeting = meeting_planned(staff, group)
    assert events(token) == {}
    member_add(staff, group, "unit")
    assert set(events(token)) == {str(meeting.uuid)}
    assert CalendarFeed.objects.filter(person=staff.people["unit"]).count() == 1
