"""The package's own mission; posts that a test adds are that test's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from tests.factories.fixtures import committed_staff
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["committed_staff", "plain_staff"]

Signed = Callable[[str], Client]


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """The mission."""
    return dataclasses.replace(
        plain_staff, people=dict(plain_staff.people), positions=dict(plain_staff.positions)
    )


@pytest.fixture
def signed(staff: Staff) -> Signed:
    """A client signed in as the holder of a post."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(staff.people[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        return made

    return client
