"""A mission with a release authority, an emergency role and an auditor; and a restricted record of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.need_to_know.access_requests import access_ask
from apps.need_to_know.break_glass import break_glass
from apps.need_to_know.models import AccessRequest, EmergencyAccess
from tests.factories.aid_requests import request_file
from tests.factories.fixtures import Signed, committed_staff, signed, with_posts_of_its_own
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["Signed", "committed_staff", "plain_staff", "signed"]

NOWHERE = "RFA-2026-00000"


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """Everybody cleared for confidential but the unit; the JOC duty officer holds the emergency role."""
    made = with_posts_of_its_own(plain_staff)
    made.post("rel", "ngo", Role.RELEASE)
    posts = Position.objects.filter(mission=made.mission)
    posts.exclude(pk=made.positions["unit"].pk).update(clearance=1)
    posts.filter(pk=made.positions["joc"].pk).update(breaks_glass=True)
    return made


@pytest.fixture
def record(staff: Staff) -> AidRequest:
    """A confidential, highly sensitive request that its organisation alone reads."""
    return request_file(staff, classification=1, sensitivity=2, scope="organisation")


@pytest.fixture
def asked(staff: Staff, record: AidRequest) -> AccessRequest:
    """A request of the cluster coordinator's for the record itself, for two days."""
    return ask(staff, record.reference)


def break_open(staff: Staff, reference: str, by: str = "joc", minutes: int = 60) -> EmergencyAccess:
    """Open a record in an emergency as somebody, through the service."""
    with staff.acting(by) as actor:
        made = break_glass(
            actor, reference=reference, position=staff.positions[by], minutes=minutes,
            reason="The convoy is under fire and nobody answers.",
        )  # fmt: skip
    assert made is not None
    return made


def ask(staff: Staff, reference: str, by: str = "clu", **more: Any) -> AccessRequest:
    """Ask as somebody, through the service."""
    said: dict[str, Any] = {
        "wanted": "full", "purpose": "A convoy of ours passes there.",
        "until": timezone.now() + timedelta(days=2),
    }  # fmt: skip
    with staff.acting(by) as actor:
        return access_ask(actor, reference=reference, **said | more)
