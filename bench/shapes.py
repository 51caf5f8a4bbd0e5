"""What is measured: each shape twice, once for a reader under the row rule and once unfiltered through the door.

A shape is a function that returns SQL and parameters, or that does the work itself for what is more than one query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from apps.aid_requests.models import AidRequest
from apps.need_to_know.selectors import COUNT_CAP, newest_ids
from apps.records.models import Record

PAGE = 50
TYPE = "aid_request"
MISSION = 1  # as bench.data makes it


@dataclass(frozen=True)
class Shape:
    """A named read. `guarded()` runs as the reader; `plain` is the same question as SQL without any rule."""

    name: str
    guarded: Callable[[], Any]
    plain: Callable[[], tuple[str, tuple[Any, ...]]]


def _all() -> QuerySet[Record]:
    return Record.objects.filter(mission_id=MISSION, type=TYPE).order_by("-created_at", "-id")


def _sql(queryset: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    return queryset.query.sql_with_params()


def _capped(queryset: QuerySet[Record]) -> tuple[str, tuple[Any, ...]]:
    text, params = _sql(queryset.order_by().values("id")[: COUNT_CAP + 1])
    return f"SELECT count(*) FROM ({text}) capped", params


def shapes(middle: tuple[Any, int], visible: int, hidden: int) -> list[Shape]:
    """All shapes; `middle` is the (created_at, id) of a record half-way down the reader's list."""

    def page() -> list[Record]:
        return list(Record.objects.filter(pk__in=newest_ids(TYPE, most=PAGE)).order_by("-created_at", "-id"))

    def deep() -> list[Record]:
        ids = newest_ids(TYPE, before=middle, most=PAGE)
        return list(Record.objects.filter(pk__in=ids).order_by("-created_at", "-id"))

    after = _all().extra(where=["(created_at, records_record.id) < (%s, %s)"], params=list(middle))
    by_state = _all().filter(state="for_decision")
    by_two = _all().filter(state="for_decision", priority=1)
    by_need = _all().order_by("needed_by", "id")
    details = AidRequest.objects.filter(type=TYPE).order_by("-created_at", "-id")
    return [
        Shape("list, newest 50, through the feed", page, lambda: _sql(_all()[:PAGE])),
        Shape("list, 50 from the middle, through the feed", deep, lambda: _sql(after[:PAGE])),
        Shape("list, newest 50, policy alone", lambda: list(_all()[:PAGE]), lambda: _sql(_all()[:PAGE])),
        Shape("list, one state", lambda: list(by_state[:PAGE]), lambda: _sql(by_state[:PAGE])),
        Shape("list, state and priority", lambda: list(by_two[:PAGE]), lambda: _sql(by_two[:PAGE])),
        Shape("list, by needed-by date", lambda: list(by_need[:PAGE]), lambda: _sql(by_need[:PAGE])),
        Shape("list with details joined", lambda: list(details[:PAGE]), lambda: _sql(details[:PAGE])),
        Shape("count, capped", lambda: run(*_capped(_all())), lambda: _capped(_all())),
        Shape(
            "record, readable",
            lambda: list(AidRequest.objects.filter(pk=visible)),
            lambda: _sql(AidRequest.objects.filter(pk=visible)),
        ),
        Shape(
            "record, hidden",
            lambda: list(AidRequest.objects.filter(pk=hidden)),
            lambda: _sql(AidRequest.objects.filter(pk=hidden)),
        ),
    ]


def run(text: str, params: tuple[Any, ...]) -> list[Any]:
    """Fetch all rows of a statement as the reader."""
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return list(cursor.fetchall())
