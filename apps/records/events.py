"""publish(): the outbox. An event says that something happened; never what, and never to whom it may be told."""

from __future__ import annotations

from django.db import connection

from apps.records.models import Event, Record


def publish(record: Record, verb: str) -> Event:
    """Write an event in the caller's transaction; the database adds the actor and the time."""
    return Event.objects.create(record_id=record.pk, verb=verb)


def publish_many(record_ids: list[int], verb: str) -> None:
    """The same for many records at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Event._meta.db_table} (uuid, record_id, verb)"  # noqa: S608
            " SELECT gen_random_uuid(), id, %s FROM unnest(%s::bigint[]) id",
            [verb, record_ids],
        )
