"""What every test stands on: the servers, a migrated database, and signing in to it as portal_app.

The database is a copy of a template that is migrated once for each state of the migrations.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import pytest

from cimic_portal import catalogues
from cimic_portal.embedded import testing

SERVERS = testing.session_servers(Path(__file__).resolve().parents[1])
os.environ.update(SERVERS.environment())
catalogues.compile_catalogues()
django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers that this session started."""
    SERVERS.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A database of this session, copied from the migrated template and used as portal_app."""
    with django_db_blocker.unblock():
        template = testing.migrated_template(SERVERS)
        name = SERVERS.new_database(template)
        testing.point_django_at(name)
    yield
    with django_db_blocker.unblock():
        testing.leave(SERVERS, name)


@contextmanager
def _scratch(blocker: Any) -> Iterator[str]:
    with blocker.unblock():
        before = testing.current_database()
        name = SERVERS.new_database(testing.migrated_template(SERVERS))
        testing.point_django_at(name)
        try:
            yield name
        finally:
            testing.leave(SERVERS, name, back_to=before)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own, where commits stay: for threads, live servers and real transactions.

    Use it in place of `db`. Its value is the database's name; it is dropped afterwards.
    """
    with _scratch(django_db_blocker) as name:
        yield name


@pytest.fixture(scope="module")
def committed_db_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """As `committed_db`, shared by the tests of one module."""
    with _scratch(django_db_blocker) as name:
        yield name


@pytest.fixture(scope="package")
def committed_db_package(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """As `committed_db`, shared by the tests of one folder."""
    with _scratch(django_db_blocker) as name:
        yield name


@pytest.fixture(scope="session")
def committed_db_session(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """As `committed_db`, shared by a whole session: for a suite that runs as a target of its own."""
    with _scratch(django_db_blocker) as name:
        yield name


@pytest.fixture
def database_url() -> Callable[..., str]:
    """The address of a test database for a role, for connections and processes of a test's own."""
    return SERVERS.url
