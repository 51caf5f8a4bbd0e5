"""What stands in people's own calendars outside the portal: a registry to which rooms add their entries.

An entry is what a record says of itself. How much of it leaves is decided once, where the calendar is written
(`apps.notifications.calendar_writing`), and by no room that adds entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.records.actors import Actor
from apps.records.models import Record


@dataclass(frozen=True)
class CalendarEntry:
    """When something of a record takes place, in words for whoever reads the record.

    `sequence` rises with each change of what a calendar shows. Without `ends` it takes no time. `hides`: a calendar
    is told nothing of it while the record is restricted; otherwise that its owner is busy then.
    """

    record: Record
    starts: datetime
    ends: datetime | None
    sequence: int
    state: str
    place: str = ""
    details: str = ""
    cancelled: bool = False
    hides: bool = False


_finders: list[Callable[[Actor], Iterable[CalendarEntry]]] = []


def register_entries(
    find: Callable[[Actor], Iterable[CalendarEntry]],
) -> Callable[[Actor], Iterable[CalendarEntry]]:
    """Add a finder of entries for whoever acts; the number of its queries does not depend on how many it finds."""
    _finders.append(find)
    return find


def entries_for(actor: Actor) -> list[CalendarEntry]:
    """All entries of whoever acts, by their beginning."""
    found = [entry for find in _finders for entry in find(actor)]
    return sorted(found, key=lambda entry: (entry.starts, entry.record.pk))
