"""Reads that the row rule makes fast: the newest readable records through the feed, and capped counts."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from apps.records.models import Record

COUNT_CAP = 1000


def newest_ids(of_type: str, *, before: tuple[datetime, int] | None = None, most: int = 50) -> list[int]:
    """Ids of the newest readable records of a type, newest first, through the reader's feeds.

    `before` is the (created_at, id) of the last one shown. Cost depends on `most`, not on how many exist.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM need_to_know_newest(%s, %s, %s, %s)",
            [of_type, before[0] if before else None, before[1] if before else None, most],
        )
        return [row[0] for row in cursor.fetchall()]


def newest(of_type: str, *, before: tuple[datetime, str] | None = None, most: int = 50) -> RawSQL:
    """The same ids as a sub-select, for `pk__in`: one round trip less.

    `before` is (created_at, UUID) of the last one shown; a UUID hidden by now
    stands for its moment alone.
    """
    at, uuid = before or (None, None)
    return RawSQL(
        "SELECT record_id FROM need_to_know_newest(%s, %s,"
        " coalesce((SELECT r.id FROM records_record r WHERE r.uuid = %s), CASE WHEN %s THEN 0 END), %s)",
        [of_type, at, uuid, before is not None, most],
    )


def newest_or_named(of_type: str, reference: str, *, most: int) -> RawSQL:
    """Ids of the newest readable records of a type, and of the one with that reference, as a sub-select."""
    return RawSQL(
        "SELECT record_id FROM need_to_know_newest(%s, NULL, NULL, %s)"
        " UNION ALL SELECT r.id FROM records_record r WHERE r.reference = %s AND r.type = %s",
        [of_type, most, reference, of_type],
    )


def newest_count(of_type: str, cap: int = COUNT_CAP) -> int:
    """How many records of a type are readable, counted through the feeds up to one more than `cap`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM need_to_know_newest(%s, NULL, NULL, %s)", [of_type, cap + 1])
        return int(cursor.fetchone()[0])


def capped_count(queryset: QuerySet[Record], cap: int = COUNT_CAP) -> tuple[int, bool]:
    """(how many, whether there are more than that): never counts beyond `cap`."""
    found = queryset.order_by()[: cap + 1].count()
    return (cap, True) if found > cap else (found, False)
