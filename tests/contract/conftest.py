"""One committed world for the whole package; what a test writes is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from cimic_portal.embedded import provision, testing
from tests.cast.world import World, world_make


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The cast and its records, committed in a database of this package's own."""
    from tests.conftest import SERVERS

    with django_db_blocker.unblock():
        before = testing.current_database()
        name = SERVERS.new_database(testing.migrated_template(SERVERS))
        testing.point_django_at(name)
        try:
            yield world_make(SERVERS.url(name, ""))
        finally:
            testing.leave(SERVERS, name, back_to=before)


@pytest.fixture
def rolled_back(world: World) -> Iterator[World]:
    """The world; what the test writes is undone, and its tokens are forgotten."""
    tokens = dict(world.canaries.tokens)
    with transaction.atomic():
        yield world
        transaction.set_rollback(True)
    world.canaries.tokens = tokens


@contextmanager
def copied(blocker: Any) -> Iterator[str]:
    """A copy of the database in use, that may be spoilt; its value is the administrator's address."""
    from tests.conftest import SERVERS

    with blocker.unblock():
        before = testing.current_database()
        testing.point_django_at(provision.DATABASE)
        name = SERVERS.new_database(before)
        testing.point_django_at(name)
        try:
            yield SERVERS.url(name, "")
        finally:
            testing.leave(SERVERS, name, back_to=before)
