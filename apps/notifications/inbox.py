"""One's own notifications: the rows of a tab, how many are unread, what every page says of them. Reads only.

What a row says is `rendering`'s matter; here a row whose record is hidden keeps its date and loses all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from apps.notifications.models import Notification
from apps.notifications.rendering import GONE, said
from apps.notifications.vocabulary import Reason
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.workflow import Text

#: More than these are not counted: “99+”.
COUNTED_MOST = 99
EMERGENCIES_MOST = 3


@dataclass(frozen=True)
class Tab:
    """A part of the inbox; `reasons` empty: whatever the reason."""

    key: str
    label: Text
    reasons: frozenset[Reason] = frozenset()
    unread: bool = False
    empty: Text = ""


TABS: dict[str, Tab] = {
    tab.key: tab
    for tab in (
        Tab("unread", _("Unread"), unread=True, empty=_("What you are told comes here until you open it.")),
        Tab(
            "needs-me", _("Needs me"), frozenset({Reason.EMERGENCY, Reason.NEEDS_ME}),
            empty=_("What waits for one of your positions comes here, with reminders, and emergencies."),
        ),
        Tab(
            "mentions", _("Mentions"), frozenset({Reason.MENTION}),
            empty=_("Comments in which somebody asks for your attention come here."),
        ),
        Tab(
            "all", _("All"),
            empty=_("You are told of what needs you, of what you take part in and of what you follow."),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A row as its person may see it now; of one that is not `available` nothing but its date is told."""

    uuid: UUID
    at: datetime
    is_read: bool
    available: bool = False
    reason: str = ""
    headline: str = ""
    why: str = ""
    reference: str = ""
    title: str = ""
    url: str = ""
    state: dict[str, Any] | None = None
    due_at: datetime | None = None
    exercise: str = ""

    @property
    def state_code(self) -> str | None:
        """The code of the record's state."""
        return str(self.state["code"]) if self.state else None

    @property
    def is_emergency(self) -> bool:
        """Whether it is one."""
        return self.reason == Reason.EMERGENCY


def own(actor: Actor) -> QuerySet[Notification]:
    """All that the actor was told in the mission."""
    return Notification.objects.filter(person_id=actor.user_id, mission_id=actor.mission.pk)


def with_reasons(rows: QuerySet[Notification], reasons: frozenset[Reason]) -> QuerySet[Notification]:
    """Those that were told for one of these reasons.

    SECURITY: why somebody was told of a record is theirs to know as long as they read it; so what is narrowed by the
    reason leaves hidden records out.
    """
    readable = Exists(Record.objects.filter(pk=OuterRef("record_id")))
    return rows.filter(Q(record_id=None) | readable, reason__in=reasons)


def of_tab(actor: Actor, tab: Tab) -> QuerySet[Notification]:
    """The rows of a tab."""
    rows = own(actor)
    if tab.reasons:
        rows = with_reasons(rows, tab.reasons)
    return rows.filter(read_at=None) if tab.unread else rows


def unread_counts(actor: Actor) -> dict[str, int]:
    """How many are unread in each tab but the last, by key; at most COUNTED_MOST + 1; one query."""
    counted = [tab for tab in TABS.values() if tab.unread or tab.reasons]
    parts = [
        of_tab(actor, tab).filter(read_at=None).order_by().values_list(Value(number))[: COUNTED_MOST + 1]
        for number, tab in enumerate(counted)
    ]
    found = [number for (number,) in parts[0].union(*parts[1:], all=True)]
    return {tab.key: found.count(number) for number, tab in enumerate(counted)}


def count_text(number: int) -> str:
    """A count as it is shown; empty for none."""
    if number > COUNTED_MOST:
        return f"{COUNTED_MOST}+"
    return str(number) if number else ""


def shown(actor: Actor, rows: Sequence[Notification]) -> list[Entry]:
    """These rows as the actor may see them now."""
    words = said(actor, rows) if rows else {}
    return [_entry(row, words.get(row.pk, GONE)) for row in rows]


def _entry(row: Notification, words: Any) -> Entry:
    if not words.available:
        return Entry(row.uuid, row.at, row.read_at is not None)
    return Entry(
        row.uuid, row.at, row.read_at is not None, True, row.reason, words.headline, words.why, words.reference,
        words.title, words.url, words.state, words.due_at, words.exercise,
    )  # fmt: skip


# ---------------------------------------------------------------- at the head of every page
@dataclass(frozen=True)
class Head:
    """How many are unread, and the emergencies among them that the actor may read, the newest first."""

    unread: int
    emergencies: tuple[Entry, ...] = ()


_HEAD = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM notifications_notification n
                                   WHERE n.person_id = %(person)s AND n.mission_id = %(mission)s AND n.read_at IS NULL
                                   LIMIT %(most)s) counted),
           ARRAY(SELECT n.id FROM notifications_notification n
                  WHERE n.person_id = %(person)s AND n.mission_id = %(mission)s AND n.read_at IS NULL
                    AND n.reason = 'emergency' ORDER BY n.at DESC, n.id DESC LIMIT %(emergencies)s)
"""


def head_of(actor: Actor) -> Head:
    """What every page shows of the inbox: one query, and a few more while there is an unread emergency."""
    with connection.cursor() as cursor:
        cursor.execute(
            _HEAD,
            {
                "person": actor.user_id, "mission": actor.mission.pk, "most": COUNTED_MOST + 1,
                "emergencies": EMERGENCIES_MOST,
            },
        )  # fmt: skip
        unread, emergencies = cursor.fetchone()
    if not emergencies:
        return Head(unread)
    rows = list(Notification.objects.filter(pk__in=emergencies).order_by("-at", "-pk"))
    return Head(unread, tuple(entry for entry in shown(actor, rows) if entry.available))
