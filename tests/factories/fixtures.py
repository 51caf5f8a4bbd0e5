"""Fixtures of packages that work in one committed mission; what a test writes is rolled back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from cimic_portal.embedded import testing
from tests.factories.staff import Staff, staff_make

Signed = Callable[[str], Client]


@pytest.fixture(scope="package")
def committed_staff(django_db_setup: None, django_db_blocker: Any) -> Iterator[Staff]:
    """People and structure, committed in a database of this package's own."""
    from tests.conftest import SERVERS

    with django_db_blocker.unblock():
        before = testing.current_database()
        name = SERVERS.new_database(testing.migrated_template(SERVERS))
        testing.point_django_at(name)
        try:
            yield staff_make()
        finally:
            testing.leave(SERVERS, name, back_to=before)


@pytest.fixture
def staff(committed_staff: Staff) -> Iterator[Staff]:
    """The mission; what the test writes is undone."""
    with transaction.atomic():
        yield committed_staff
        transaction.set_rollback(True)


def with_posts_of_its_own(staff: Staff) -> Staff:
    """The same mission; posts that a test adds are that test's."""
    return dataclasses.replace(staff, people=dict(staff.people), positions=dict(staff.positions))


@pytest.fixture
def signed(staff: Staff) -> Signed:
    """A client signed in as the holder of a post."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(staff.people[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        return made

    return client
