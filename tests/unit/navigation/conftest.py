"""The package's own mission, with an administrator."""

from __future__ import annotations

import dataclasses

import pytest

from apps.mission.vocabulary import Role
from tests.factories.fixtures import committed_staff
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["committed_staff", "plain_staff"]


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """The mission; `adm` administers it."""
    made = dataclasses.replace(
        plain_staff, people=dict(plain_staff.people), positions=dict(plain_staff.positions)
    )
    made.post("adm", "force", Role.ADMIN)
    return made
