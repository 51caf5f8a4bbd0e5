"""The staff in a mission of this package's own, and what each of them was told."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from apps.notifications.mail import mail_drain
from apps.notifications.models import Message, Notification
from apps.notifications.relay import relay_drain
from tests.factories.fixtures import committed_staff
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["committed_staff", "plain_staff"]

Signed = Callable[[str], Client]


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """The mission; posts that a test adds are that test's."""
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


def told(staff: Staff, name: str, **narrowed: Any) -> list[Notification]:
    """What the holder of a post finds in the inbox, the oldest first."""
    with staff.acting(name):
        return list(Notification.objects.filter(**narrowed).order_by("id"))


def reasons(staff: Staff, name: str) -> Counter[str]:
    """How often the holder of a post was told, by reason."""
    return Counter(each.reason for each in told(staff, name))


def messages(staff: Staff, name: str, **narrowed: Any) -> list[Message]:
    """What is, or was, on its way to the holder of a post."""
    with staff.acting(name):
        return list(Message.objects.filter(**narrowed).order_by("id"))


def everybody_told(staff: Staff) -> dict[str, Counter[str]]:
    """Whoever was told something, with the reasons."""
    return {name: found for name in staff.people if (found := reasons(staff, name))}


def forget() -> None:
    """Tell all that is open, send it, and begin anew."""
    relay_drain()
    mail_drain()
    mail.outbox.clear()


def mailed() -> dict[str, list[Any]]:
    """Mails sent since, by the name of the post."""
    found: dict[str, list[Any]] = {}
    for each in mail.outbox:
        found.setdefault(each.to[0].partition("@")[0], []).append(each)
    return found
