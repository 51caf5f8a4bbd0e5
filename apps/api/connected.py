"""Records connected by tables of their own (what a release is drawn from, what answers a question), as JSON."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

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
    """Rows of every connecting table at either end of the record; both ends are readable, or there is no row."""
    found: list[dict[str, Any]] = []
    for each in connections():
        rows = each.model._default_manager.filter(
            Q(**{f"{each.source}_id": record.pk}) | Q(**{f"{each.target}_id": record.pk})
        )
        if each.where is not None:
            rows = rows.filter(**{each.where[0]: each.where[1]})
        for row in rows.select_related(each.source, each.target):
            forward = getattr(row, f"{each.source}_id") == record.pk
            other = getattr(row, each.target if forward else each.source)
            found.append(end_json(str(row.uuid), each.key, forward, other))  # type: ignore[attr-defined]
    return found
