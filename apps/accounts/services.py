"""What is done to accounts: invitations, tokens, preferences, the end of sessions. No positions."""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from knox.models import AuthToken

from apps.accounts.models import User


def known_language(code: str) -> str:
    """The language if the portal speaks it, else the portal's own."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def known_zone(name: str) -> zoneinfo.ZoneInfo:
    """The time zone, or UTC for a name that the time zone database has dropped."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def invite(request: HttpRequest, person: User) -> None:
    """Mail a link with which the person sets a first password; it is good for PASSWORD_RESET_TIMEOUT seconds.

    The mail leaves when the transaction commits, in the person's language. Nothing is sent to somebody who
    has a password already, or who may not sign in.
    """
    if person.has_usable_password() or not person.is_active:
        return
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    told = {"person": person, "url": request.build_absolute_uri(path), "days": days}
    with translation.override(known_language(person.language)):
        subject = render_to_string("accounts/email/invitation_subject.txt", told).strip()
        body = render_to_string("accounts/email/invitation_message.txt", told).strip()
    mail = EmailMessage(get_adapter(request).format_email_subject(subject), body, to=[person.email])

    def send() -> None:
        mail.send()

    transaction.on_commit(send, robust=True)


def token_create(person: User) -> tuple[AuthToken, str]:
    """Make an API token; the secret is returned here and kept nowhere. It expires after TOKEN_TTL."""
    token, secret = AuthToken.objects.create(user=person)
    return token, secret


def token_revoke(person: User, digest: str) -> datetime | None:
    """Delete one of the person's own tokens; its date of making, or None if there is no such token."""
    token = AuthToken.objects.filter(user=person, digest=digest).first()
    if token is None:
        return None
    token.delete()
    return token.created


def sessions_end(person: User, keep: HttpRequest | None = None) -> None:
    """Sign the person out everywhere at once, save in the session of `keep`."""
    User.objects.filter(pk=person.pk).update(session_round=F("session_round") + 1)
    person.refresh_from_db(fields=["session_round"])
    if keep is not None:
        update_session_auth_hash(keep, person)
