"""Working as the owner of the tables, which migrations alone need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections


@contextmanager
def as_owner(alias: str = "default") -> Iterator[None]:
    """Within, the connection signs in as DATABASE_OWNER_URL; afterwards as before.

    The database's name stays that of the connection, so that tests reach their own.
    """
    connection = connections[alias]
    if not settings.DATABASE_OWNER:
        raise CommandError("DATABASE_OWNER_URL is not set: migrations run as the owner of the tables.")
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = {**before, **settings.DATABASE_OWNER, "NAME": before["NAME"]}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before
