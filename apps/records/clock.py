"""The one source of "now" in services and in the database. No scheduling lives here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("records_clock_moment", default=None)


def now() -> datetime:
    """The present moment, or the one that `at()` told."""
    return _moment.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Tell services and the database another time, for making a demo mission's past.

    SECURITY: the database listens to this only in a session that logged in as the owner
    (`records_clock()` looks at session_user), so that no web process can date anything back.
    """
    token = _moment.set(moment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.clock', %s, false)", [moment.isoformat()])
    try:
        yield
    finally:
        _moment.reset(token)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.clock', '', false)")


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)
