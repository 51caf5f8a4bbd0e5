"""The package's own mission, with a colleague of the requester and an administrator; time moves by moving dates."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from apps.accounts.models import User
from apps.mission.models import Handover, Holding, PositionRole
from apps.mission.vocabulary import Role
from apps.need_to_know.models import RecordUserObjectPermission
from tests.factories.fixtures import committed_staff
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["committed_staff", "plain_staff"]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Enter = Callable[..., Client]


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """The mission; `req` names a substitute among `req_colleague` and others; `adm` sets the mission up."""
    made = dataclasses.replace(
        plain_staff, people=dict(plain_staff.people), positions=dict(plain_staff.positions)
    )
    made.post("adm", "support", Role.ADMIN)
    User.objects.filter(pk=made.people["adm"].pk).update(is_staff=True)
    made.post("req_dormant", "ngo")
    Holding.objects.filter(position=made.positions["req_dormant"]).update(
        until=F("starts") + timedelta(days=9)
    )
    # WHY: who has left this post keeps one that reads nothing, so that they stay somebody in the mission.
    PositionRole.objects.create(position=made.post("aud_other", "ngo"), role=Role.AUDITOR)
    return made


@pytest.fixture
def enter(staff: Staff) -> Enter:
    """A browser in which somebody is signed in."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(staff.people[name], backend=BACKEND)
        return made

    return client


def pass_time(staff: Staff, **span: Any) -> None:
    """Let time pass: every date about holdings, handovers and grants in person moves back by so much."""
    by = timedelta(**span)
    held = Holding.objects.filter(position__mission=staff.mission)
    held.update(starts=F("starts") - by, until=F("until") - by)
    Handover.objects.filter(position__mission=staff.mission).update(at=F("at") - by)


def pass_time_of_grants(**span: Any) -> None:
    """The same for grants to people; call it while acting as whoever may shorten them."""
    RecordUserObjectPermission.objects.update(expires_at=F("expires_at") - timedelta(**span))
