"""The herald: takes one row out of the outbox, reads its record as nobody, and writes who is told.

Every call here is one of the database's own functions; what they ask is asked of the row that was taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from apps.mission.models import Mission
from apps.notifications.vocabulary import Reason
from apps.records.actors import Actor


@dataclass(frozen=True)
class Taken:
    """A row of the outbox: of an event, of a person and a topic, or of a record whose clocks are set anew.

    `waits` and `level` say which clock rang, and how far it has come.
    """

    id: int
    event_id: int | None
    record_id: int | None
    mission_id: int
    person_id: int | None
    topic: str
    subject: UUID | None
    waits: str
    level: int
    at: datetime


@dataclass(frozen=True)
class Told:
    """What one person is to be told: why, and when by which way; None for not by that way."""

    person_id: int
    reason: Reason
    mail_at: datetime | None = None
    push_at: datetime | None = None
    digest: str = ""


@dataclass(frozen=True)
class Clock:
    """Something that waits: for which positions, since when (None: since it is first seen) and until when."""

    key: str
    since: datetime | None
    due_at: datetime | None
    moments: Sequence[datetime]
    positions: Sequence[int]


@contextmanager
def taking() -> Iterator[tuple[Actor, Taken] | None]:
    """One row of the outbox, locked for this transaction; None when nothing is to be told now.

    An error undoes all that was done with it, so that it is told another time.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM notifications_take()")
            row = cursor.fetchone()
        if row is None:
            yield None
            return
        taken = Taken(*row)
        yield Actor(mission=Mission.objects.get(pk=taken.mission_id), user=None), taken
        _forget()


def _forget() -> None:
    # WHY: a local setting ends with its transaction, but outlives this block inside an outer one (tests).
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.actor', '', true), set_config('app.herald', '', true)")


def put_off(row_id: int) -> int:
    """Try that row again later; how often it has been tried."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_put_off(%s)", [row_id])
        (tried,) = cursor.fetchone()
    return int(tried or 0)


def tell(people: Sequence[Told]) -> list[int]:
    """Write who is told and leave the outbox; the ids of those who were: readers of the record at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM notifications_tell(%s::integer[], %s::text[], %s::timestamptz[],"
            " %s::timestamptz[], %s::text[])",
            [
                [each.person_id for each in people], [each.reason.value for each in people],
                [each.mail_at for each in people], [each.push_at for each in people],
                [each.digest for each in people],
            ],
        )  # fmt: skip
        return [person for (person,) in cursor.fetchall()]


def set_clocks(clocks: Iterable[Clock], *, tells: Sequence[str]) -> dict[str, list[int]]:
    """Put these clocks in place of the record's; for each key the positions that wait anew, if this tells of it."""
    said = [
        {
            "key": each.key,
            "since": each.since.isoformat() if each.since else None,
            "due_at": each.due_at.isoformat() if each.due_at else None,
            "moments": [moment.isoformat() for moment in each.moments],
            "positions": list(each.positions),
        }
        for each in clocks
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, gained FROM notifications_set_clocks(%s::jsonb, %s::text[])",
            [json.dumps(said), list(tells)],
        )
        return dict(cursor.fetchall())


def _people(sql: str, wanted: list[int] | None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted])
        return [row[0] for row in cursor.fetchall()]


def readers(people: Iterable[int] | None = None) -> set[int]:
    """Of these people, or of all, those who read the record now."""
    wanted = None if people is None else sorted(set(people))
    return set(_people("SELECT person_id FROM notifications_readers(%s::integer[])", wanted))


def of_groups(groups: Iterable[int]) -> set[int]:
    """People of the mission who have one of these principals now."""
    wanted = sorted(set(groups))
    return (
        set(_people("SELECT person_id FROM notifications_of_groups(%s::integer[])", wanted))
        if wanted
        else set()
    )


def subscribed() -> dict[int, bool]:
    """Who follows the record in some way, by person; True for whoever mutes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, muted FROM notifications_subscribed()")
        return dict(cursor.fetchall())


def beside() -> list[tuple[str, datetime, datetime]]:
    """What waits for the originator beside the workflow: (key, since, until)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, since, due_at FROM notifications_beside()")
        return list(cursor.fetchall())


def missed() -> int:
    """Of a clock that rang: the first of its moments that was not told yet; the row's `level` is the last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_missed()")
        return int(cursor.fetchone()[0])


def tick(most: int = 500) -> int:
    """Publish an event for every clock that has come to its next moment; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT notifications_tick(%s)", [most])
        return int(cursor.fetchone()[0])
