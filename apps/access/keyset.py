"""Pages of rows, the newest first, by the value of the last row: whatever shows them, nothing is counted off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from apps.pages.cursors import Place


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and the places before and after it."""

    rows: list[Any]
    newer: Place | None
    older: Place | None
    is_first: bool


def newest_first(rows: QuerySet[Any], column: str, tie: str, place: Place | None, *, most: int = 50) -> Slice:
    """At most `most` rows after a place, ordered by a moment downwards; `tie` orders those of one moment."""
    if place is not None:
        beyond = Q(**{f"{column}__lt": place.value}) | Q(**{column: place.value, f"{tie}__lt": place.uuid})
        rows = rows.filter(beyond)
    found = list(rows.order_by(f"-{column}", f"-{tie}")[: most + 1])
    older = None
    if len(found) > most:
        found = found[:most]
        last = (getattr(found[-1], column), str(getattr(found[-1], tie)))
        older = place.then(*last) if place else Place(*last)
    return Slice(found, place.back() if place else None, older, place is None)
