"""Reads that the row rule makes fast: the newest readable records through the feed, search, and capped counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from apps.need_to_know.indexing import declared_sources, texts_sql
from apps.records.models import Record

COUNT_CAP = 1000
SEARCH_CAP = 100  # WHY: each one more is walked to, and whoever finds that many searches on with more words


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


def search_ids(
    query: str, of_type: str | None = None, *, before: tuple[datetime, int] | None = None, most: int = 50
) -> list[int]:
    """Ids of the readable records that have all words of `query`, newest first, of one type or of all.

    The last word counts from its first letters on; case, accents and variants of Arabic letters do not count.
    A query without a word finds nothing. `before` is the (created_at, id) of the last one shown.
    """
    at, pk = before or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM need_to_know_search(%s, %s, %s, %s, %s)", [query, of_type, at, pk, most]
        )
        return [row[0] for row in cursor.fetchall()]


def searched(
    query: str, of_type: str | None = None, *, before: tuple[datetime, str] | None = None, most: int = 50
) -> RawSQL:
    """The same ids as a sub-select, for `pk__in`; `before` as in `newest`."""
    at, uuid = before or (None, None)
    return RawSQL(
        "SELECT record_id FROM need_to_know_search(%s, %s, %s,"
        " coalesce((SELECT r.id FROM records_record r WHERE r.uuid = %s), CASE WHEN %s THEN 0 END), %s)",
        [query, of_type, at, uuid, before is not None, most],
    )


def search_count(query: str, of_type: str | None = None, cap: int = SEARCH_CAP) -> int:
    """How many readable records have the words of `query`, counted up to one more than `cap`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM need_to_know_search(%s, %s, NULL, NULL, %s)", [query, of_type, cap + 1]
        )
        return int(cursor.fetchone()[0])


def searched_texts(record_ids: Sequence[int]) -> list[tuple[int, str]]:
    """(record id, text) of what is searched of these records beside title and reference, by importance.

    The reader's own reading, under the row rule: what they may not read is not among it.
    """
    with connection.cursor() as cursor:
        cursor.execute(texts_sql(declared_sources()).replace("(ids)", "(%(ids)s)"), {"ids": list(record_ids)})
        rows = [(rank, place, pk, said) for pk, rank, place, said in cursor.fetchall() if rank and said]
    return [(pk, said) for _rank, _place, pk, said in sorted(rows)]


def newest_count(of_type: str, cap: int = COUNT_CAP) -> int:
    """How many records of a type are readable, counted through the feeds up to one more than `cap`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT need_to_know_count(%s, %s)", [of_type, cap + 1])
        return int(cursor.fetchone()[0])


def dense(of_type: str, order: str, *, before: datetime | None = None) -> bool:
    """Whether at least one in fifty of the records of a type next in an order of a list is readable.

    Then the shortest way through the list is past the others; else it is through what the reader has. `before` is
    the moment that a list with the newest first has reached.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT need_to_know_dense(%s, %s, %s)", [of_type, order, before])
        return bool(cursor.fetchone()[0])


def capped_count(queryset: QuerySet[Record], cap: int = COUNT_CAP) -> tuple[int, bool]:
    """(how many, whether there are more than that): never counts beyond `cap`."""
    found = queryset.order_by()[: cap + 1].count()
    return (cap, True) if found > cap else (found, False)
