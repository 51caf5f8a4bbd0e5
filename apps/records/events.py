"""publish(): the outbox. An event says that something happened; never what, and never to whom it may be told."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from apps.records.models import Event, Record

_heard: list[Callable[[], None]] = []


def when_published(call: Callable[[], None]) -> Callable[[], None]:
    """Name a function that is called once a transaction with events has been committed.

    It is a nudge and no more: what it may not miss it finds in the database.
    """
    _heard.append(call)
    return call


def nudge() -> None:
    """Call them after this transaction; for what the database itself has published."""
    for call in _heard:
        transaction.on_commit(call, robust=True)


def publish(record: Record, verb: str) -> Event:
    """Write an event in the caller's transaction; the database adds the actor and the time."""
    event = Event.objects.create(record_id=record.pk, verb=verb)
    nudge()
    return event


def publish_many(record_ids: list[int], verb: str) -> None:
    """The same for many records at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Event._meta.db_table} (uuid, record_id, verb)"  # noqa: S608
            " SELECT gen_random_uuid(), id, %s FROM unnest(%s::bigint[]) id",
            [verb, record_ids],
        )
    nudge()
