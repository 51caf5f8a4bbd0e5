"""A person's calendar as iCalendar (RFC 5545): what leaves of each entry, and how it is written.

SECURITY: here, and not where entries are found, it is decided that a restricted record leaves no word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from icalendar import Calendar, Event, vDuration

from apps.accounts.services import known_language, known_zone
from apps.pages.calendar import CalendarEntry, entries_for
from apps.records import exercises
from apps.records.actors import Actor
from apps.records.marking import marking_of
from apps.records.reading import is_unnamed_outside

MEDIA_TYPE = "text/calendar; charset=utf-8"
#: How often a calendar is asked to look again.
LOOK_AGAIN = timedelta(hours=1)
#: WHY: not the portal's name on the network: when that changes, calendars would show everything twice.
_SPACE = "cimic-portal"
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNPRINTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def calendar_of(actor: Actor) -> bytes:
    """The calendar of whoever acts, in their language. The same as long as nothing in it changes."""
    assert actor.user is not None
    zone = known_zone(actor.user.time_zone)
    with translation.override(known_language(actor.user.language)), timezone.override(zone):
        entries = [each for each in entries_for(actor) if _leaves(actor, each)]
        return _written(actor, entries)


def _leaves(actor: Actor, entry: CalendarEntry) -> bool:
    """Whether a calendar learns of it at all. An exercise among real records stands in none."""
    if exercises.stands_apart(actor, entry.record):
        return False
    return not (entry.hides and is_unnamed_outside(entry.record))


def _written(actor: Actor, entries: Iterable[CalendarEntry]) -> bytes:
    made, named = Calendar(), []
    exercise = _("EXERCISE") if actor.mission.is_exercise else ""
    for name, said in (
        ("prodid", "-//CIMIC Portal//Calendar feed 1//EN"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("x-wr-calname", " – ".join(part for part in (exercise, actor.mission.name, "CIMIC Portal") if part)),
        ("x-published-ttl", vDuration(LOOK_AGAIN)),
    ):
        made.add(name, said)
    made.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    for entry in entries:
        if is_unnamed_outside(entry.record):
            made.add_component(_busy(entry))
        else:
            made.add_component(_event(entry, exercise))
            named.append(entry.record)
    if named:
        # WHY: of all entries the highest; a line in each would stand where a phone shows what matters.
        made.add("x-wr-caldesc", marking_of(actor, named, names=False).line)
    return bytes(made.to_ical())


def _busy(entry: CalendarEntry) -> Event:
    """That time is taken, and nothing else. SECURITY: not even when it was last changed."""
    made = _frame(entry, entry.record.created_at)
    made.add("summary", pgettext("calendar", "Busy"))
    made.add("class", "CONFIDENTIAL")
    return made


def _event(entry: CalendarEntry, exercise: str) -> Event:
    record = entry.record
    made = _frame(entry, record.updated_at)
    made.add("last-modified", record.updated_at.astimezone(UTC))
    made.add("summary", _plain(" – ".join(part for part in (exercise, record.title) if part)))
    if entry.place:
        made.add("location", _plain(entry.place))
    state = f"{record.reference} · {entry.state}"
    made.add("description", _plain("\n".join(part for part in (state, entry.details) if part)))
    made.add("url", f"{settings.PORTAL_ADDRESS}{record.record_type.url(record)}")
    # WHY: whoever may look into the owner's calendar need not be a reader of the record.
    made.add("class", "PRIVATE")
    return made


def _frame(entry: CalendarEntry, stamp: datetime) -> Event:
    """What every entry has: which it is, when, and whether it still takes place."""
    made = Event()
    made.add("uid", f"{entry.record.uuid}@{_SPACE}")
    made.add("sequence", entry.sequence)
    made.add("dtstamp", stamp.astimezone(UTC))
    made.add("dtstart", entry.starts.astimezone(UTC))
    if entry.ends is not None and entry.ends > entry.starts:
        made.add("dtend", entry.ends.astimezone(UTC))
    made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if entry.cancelled or entry.ends is None else "OPAQUE")
    return made


def _plain(text: str) -> str:
    """Text without what no calendar can hold; each of its line ends as the one that is escaped."""
    return _UNPRINTED.sub("", _LINE_ENDS.sub("\n", text))
