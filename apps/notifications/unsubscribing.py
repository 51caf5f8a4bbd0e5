"""Stopping a digest by the link in it, without signing in. What needs the person is never stopped so."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from apps.notifications.vocabulary import Frequency

_SALT = "apps.notifications.unsubscribing"


def unsubscribe_token(person_id: int, frequency: str) -> str:
    """A token that names the person and the digest, and that only the portal can make. It does not expire."""
    return signing.dumps([person_id, frequency], salt=_SALT, compress=False)


def unsubscribe_url(person_id: int, frequency: str) -> str:
    """The address that stops these digests."""
    path = reverse("notifications:unsubscribe", args=[unsubscribe_token(person_id, frequency)])
    return f"{settings.PORTAL_ADDRESS}{path}"


def token_read(token: str) -> tuple[int, Frequency] | None:
    """(person, digest) of a token; None for one that the portal did not make."""
    try:
        person_id, frequency = signing.loads(token, salt=_SALT)
        return int(person_id), Frequency(frequency)
    except (signing.BadSignature, ValueError, TypeError):
        return None
