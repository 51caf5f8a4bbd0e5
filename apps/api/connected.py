"""Records connected by tables of their own (what a release is drawn from, what answers a question), as JSON."""

from __future__ import annotations

from typing import Any

from django.db import connection

from apps.api.serializers import address
from apps.records.connections import connections
from apps.records.models import Record


def end_json(key: str, relation: str, forward: bool, other: Record) -> dict[str, Any]:
    """A link as seen from a record: what it says, and the other end."""
    return {
        "id": key,
        "relation": relation,
        "forward": forward,
        "record": str(other.uuid),
        "type": other.type,
        "reference": other.reference,
        "title": other.title,
        "url": address(other),
    }


def connected_json(record: Record) -> list[dict[str, Any]]:
    """Rows of every connecting table at either end of the record; both ends are readable, or there is no row.

    Two queries, however many tables connect records.
    """
    parts: list[str] = []
    params: list[Any] = []
    for each in connections():
        table, source, target = each.model._meta.db_table, each.column(each.source), each.column(each.target)
        # SECURITY: names of declared tables and columns; every value is a parameter.
        parts.append(
            f"SELECT l.uuid::text, %s, l.{source} = %s, CASE WHEN l.{source} = %s THEN l.{target} ELSE l.{source} END,"  # noqa: S608
            f" l.at FROM {table} l WHERE %s IN (l.{source}, l.{target}) AND {each.condition()}"
        )
        params += [each.key, *[record.pk] * 3]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 5, 1", params)
        rows = cursor.fetchall()
    others = Record.objects.in_bulk({other for _key, _relation, _forward, other, _at in rows})
    return [
        end_json(key, relation, forward, others[other])
        for key, relation, forward, other, _at in rows
        if other in others
    ]
