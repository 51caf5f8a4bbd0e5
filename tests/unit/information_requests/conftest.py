"""The package's own mission: a desk that takes questions in, a drafter, and a release authority."""

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
    """The mission; everybody of the force is cleared for confidential, the askers are not."""
    made = dataclasses.replace(
        plain_staff, people=dict(plain_staff.people), positions=dict(plain_staff.positions)
    )
    made.post("rel_force", "force", Role.RELEASE)
    made.post("watch", "force", Role.REQUESTER)
    made.post("rel_ngo", "ngo", Role.RELEASE)
    Position.objects.filter(organisation=made.organisations["force"]).update(clearance=1)
    return made


@pytest.fixture
def secret(staff: Staff) -> AidRequest:
    """A confidential record of the force, from which the answer is drawn."""
    return request_file(
        staff, by="watch", kind="mission_support", classification=1, sensitivity=2, scope="organisation"
    )
