"""What the portal's database holds in the end, read by its administrator in plain SQL; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.faults.portal import Administrator


@dataclass(frozen=True)
class Record:
    """A request."""

    id: int
    uuid: str
    title: str
    state: str
    position: int
    organisation: int


@dataclass(frozen=True)
class Step:
    """A step that was taken."""

    record: int
    name: str
    to_state: str
    at: datetime


@dataclass(frozen=True)
class Event:
    """Something that happened."""

    id: int
    record: int
    verb: str
    actor: int | None
    at: datetime


@dataclass(frozen=True)
class Notification:
    """That a person was told of an event."""

    id: int
    event: int
    person: int
    reason: str
    digest: str


@dataclass(frozen=True)
class Message:
    """A way to a person: `of` is its UUID as 32 hexadecimal digits."""

    of: str
    notification: int | None
    person: int
    email: str
    channel: str
    state: str
    code: str
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Wait:
    """A clock of a request, and how many of its moments have been told."""

    record: int
    key: str
    level: int


_RECORDS = """
SELECT id, uuid::text, title, state, author_position_id, originator_id FROM records_record
 WHERE type = 'aid_request' ORDER BY id
"""
_STEPS = "SELECT record_id, name, to_state, at FROM records_step ORDER BY id"
_EVENTS = "SELECT id, record_id, verb, actor_id, at FROM records_event ORDER BY id"
_COMMENTS = "SELECT uuid::text FROM records_comment"
_ADDRESSEES = "SELECT record_id, position_id, since FROM records_addressee"
_NOTIFICATIONS = """
SELECT id, event_id, person_id, reason, digest_in FROM notifications_notification WHERE event_id IS NOT NULL ORDER BY id
"""
_MESSAGES = """
SELECT replace(m.uuid::text, '-', ''), m.notification_id, m.person_id, u.email, m.channel, m.state, m.code,
       m.created_at, m.done_at
  FROM notifications_message m JOIN accounts_user u ON u.id = m.person_id ORDER BY m.id
"""
_WAITS = "SELECT record_id, key, level FROM notifications_waits"
_REQUESTING = """
SELECT p.organisation_id, p.id FROM mission_position p JOIN mission_positionrole r ON r.position_id = p.id
 WHERE r.role = 'REQ'
"""
#: Notifications of people who may not read the record; nobody loses a right while this runs.
_UNREADABLE = """
SELECT n.id FROM notifications_notification n JOIN records_record r ON r.id = n.record_id
 WHERE NOT EXISTS (SELECT 1 FROM need_to_know_person k WHERE k.person_id = n.person_id AND k.mission_id = r.mission_id
                   AND k.principals && r.audience AND r.classification <= k.clearance
                   AND r.compartments <@ k.compartments)
"""
_OUTBOX = "SELECT count(*) FROM notifications_outbox"


class World:
    """All of it, by what it hangs on."""

    def __init__(self, administrator: Administrator) -> None:
        def rows(made: Any, sql: str) -> list[Any]:
            return [made(*row) for row in administrator.ask(sql)]

        self.records: list[Record] = rows(Record, _RECORDS)
        self.steps: dict[int, list[Step]] = _by(rows(Step, _STEPS), "record")
        self.events: dict[int, list[Event]] = _by(rows(Event, _EVENTS), "record")
        self.comments = {row[0] for row in administrator.ask(_COMMENTS)}
        self.addressees: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
        for record, position, since in administrator.ask(_ADDRESSEES):
            self.addressees[record].append((position, since))
        self.notifications: list[Notification] = rows(Notification, _NOTIFICATIONS)
        self.told: dict[int, dict[int, Notification]] = defaultdict(dict)
        for each in self.notifications:
            self.told[each.event][each.person] = each
        self.messages: list[Message] = rows(Message, _MESSAGES)
        self.waits: dict[int, list[Wait]] = _by(rows(Wait, _WAITS), "record")
        self.requesting: dict[int, set[int]] = defaultdict(set)
        for organisation, position in administrator.ask(_REQUESTING):
            self.requesting[organisation].add(position)
        self.unreadable = [row[0] for row in administrator.ask(_UNREADABLE)]
        self.outbox = int(administrator.ask(_OUTBOX)[0][0])


def _by(rows: list[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
