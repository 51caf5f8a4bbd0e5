"""The package's own mission: the JOC's organisation has a release authority, and one of the JOC stands in for it."""

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
    """The mission; `rel` releases for the force, `both` is of the JOC and releases too."""
    made = dataclasses.replace(
        plain_staff, people=dict(plain_staff.people), positions=dict(plain_staff.positions)
    )
    made.post("rel", "force", Role.RELEASE)
    made.post("both", "force", Role.JOC, Role.RELEASE)
    made.post("bystander", "force", Role.UNIT)
    return made
