"""The package's own mission: somebody who announces, colleagues, and readers elsewhere."""

from __future__ import annotations

import dataclasses

import pytest

from apps.mission.models import Position
from apps.mission.vocabulary import Role
from tests.factories.fixtures import committed_staff
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["committed_staff", "plain_staff"]


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """The mission, with a second duty officer; the force is cleared for confidential, others are not."""
    made = dataclasses.replace(
        plain_staff, people=dict(plain_staff.people), positions=dict(plain_staff.positions)
    )
    made.post("joc_night", "force", Role.JOC)
    made.post("rel_force", "force", Role.RELEASE)
    Position.objects.filter(organisation=made.organisations["force"]).update(clearance=1)
    return made
