"""publish(): the outbox. An event says that something happened; never what, and never to whom it may be told."""

from __future__ import annotations

from apps.records.models import Event, Record


def publish(record: Record, verb: str) -> Event:
    """Write an event in the caller's transaction; the database adds the actor and the time."""
    return Event.objects.create(record_id=record.pk, verb=verb)


def publish_many(record_ids: list[int], verb: str) -> None:
    """The same for many records at once."""
    Event.objects.bulk_create([Event(record_id=pk, verb=verb) for pk in record_ids], batch_size=2000)
