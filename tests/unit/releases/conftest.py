"""The package's own mission, with a release authority and a restricted record to draw from."""

from __future__ import annotations

import dataclasses

import pytest

from apps.aid_requests.models import AidRequest
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from tests.factories.aid_requests import request_file
from tests.factories.fixtures import committed_staff
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["committed_staff", "plain_staff"]


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """The mission, whose first organisation names a release authority; everybody is cleared for confidential."""
    made = dataclasses.replace(
        plain_staff, people=dict(plain_staff.people), positions=dict(plain_staff.positions)
    )
    made.post("rel", "ngo", Role.RELEASE)
    made.post("rel_elsewhere", "other_ngo", Role.RELEASE)
    Position.objects.filter(mission=made.mission).exclude(pk=made.positions["unit"].pk).update(clearance=1)
    return made


@pytest.fixture
def source(staff: Staff) -> AidRequest:
    """A confidential, highly sensitive request that its organisation alone reads."""
    return request_file(staff, classification=1, sensitivity=2, scope="organisation")
