"""Announcements at any point of their life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.announcements.models import Announcement
from apps.announcements.services import acknowledge
from apps.need_to_know.acting import acting_as_clock
from apps.records.services import record_file
from apps.records.transitions import transition
from tests.factories.canary import canary
from tests.factories.staff import Staff

CODES = {"category": "Security", "urgency": "Immediate", "severity": "Severe", "certainty": "Observed"}


def notice_file(staff: Staff, *, by: str = "joc", **changes: Any) -> Announcement:
    """A complete draft of a notice, read by its organisation."""
    values: dict[str, Any] = {
        "kind": "notice", "title": canary("title"), "message": canary("message"), "area": staff.area,
    }  # fmt: skip
    with staff.acting(by) as actor:
        filed: Announcement = record_file(actor, record=Announcement(**values | changes))
        return filed


def emergency_file(staff: Staff, *, by: str = "joc", **changes: Any) -> Announcement:
    """A complete draft of an emergency that holds for six hours."""
    ends = timezone.now() + timedelta(hours=6)
    urgent = {"kind": "emergency", "instruction": canary("instruction"), "expires_at": ends, **CODES}
    return notice_file(staff, by=by, **urgent | changes)


def now(announcement: Announcement) -> Announcement:
    """The announcement as the database has it; call it while acting."""
    return Announcement.objects.get(pk=announcement.pk)


def take(staff: Staff, announcement: Announcement, by: str, name: str, **data: Any) -> Announcement:
    """Take a step as the holder of a post; issuing tells the whole mission unless `scope` says otherwise."""
    if name == "issue":
        data.setdefault("scope", "mission")
    with staff.acting(by) as actor:
        transition(actor, record=now(announcement), name=name, data=data, note=canary("note"))
        return now(announcement)


def read_it(staff: Staff, announcement: Announcement, *people: str) -> None:
    """These people say that they have read the edition in force."""
    for who in people:
        with staff.acting(who) as actor:
            acknowledge(actor, record=now(announcement))


def time_over(announcement: Announcement, staff: Staff) -> None:
    """Let its time come, and the clock act on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', '', true)")
    with acting_as_clock(announcement.pk) as actor:
        transition(actor, record=now(announcement), name="expire")


# The usual way: who takes which step to a state.
ROAD = {"draft": (), "issued": ("issue",), "cancelled": ("issue", "cancel"), "discarded": ("discard",)}


def bring_to(staff: Staff, announcement: Announcement, state: str, *, by: str = "joc") -> Announcement:
    """Take a draft onward to a state by its usual way; over by the clock it is brought elsewhere."""
    for name in ROAD[state]:
        announcement = take(staff, announcement, by, name)
    return announcement
