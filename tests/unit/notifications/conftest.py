"""The staff in a mission of this package's own, and what each of them was told."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.core import mail

from apps.notifications.mail import mail_drain
from apps.notifications.models import Message, Notification
from apps.notifications.relay import relay_drain
from tests.factories.fixtures import Signed, committed_staff, signed, with_posts_of_its_own
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["Signed", "committed_staff", "plain_staff", "signed"]


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """The mission; posts that a test adds are that test's."""
    return with_posts_of_its_own(plain_staff)


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
