"""Mails as they leave: composed while acting as their reader, with reference and link alone for what is restricted.

Nothing here sends, and nothing here decides who is told.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.services import known_language, known_zone
from apps.need_to_know.models import AccessRequestTarget, EmergencyAccess
from apps.notifications.models import Digest, Message, Notification
from apps.notifications.rendering import Said, said
from apps.notifications.unsubscribing import unsubscribe_url
from apps.notifications.vocabulary import Frequency, Reason
from apps.pages.leaving import marking_for
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.waiting import waits_for

LINES_MOST = 40
_READ_MOST = 400


@dataclass(frozen=True)
class Composed:
    """A mail ready to leave, or why there is none (`code`); `digested` are the notifications that a digest settles."""

    mail: EmailMultiAlternatives | None = None
    code: str = ""
    digested: list[int] = field(default_factory=list)


def compose(actor: Actor, message: Message) -> Composed:
    """The mail of a message, in the language and zone of the person who acts; none when it is not needed any more."""
    assert actor.user is not None
    zone = known_zone(actor.user.time_zone)
    with translation.override(known_language(actor.user.language)), timezone.override(zone):
        if message.digest_id is not None:
            return _digest(actor, message, Digest.objects.get(pk=message.digest_id))
        assert message.notification_id is not None
        return _one(actor, message, Notification.objects.get(pk=message.notification_id))


def _one(actor: Actor, message: Message, notification: Notification) -> Composed:
    if notification.read_at is not None:
        return Composed(code="read")
    words = said(actor, [notification])[notification.pk]
    if not words.available or _is_settled(actor, notification, words):
        return Composed(code="gone")
    record = words.record if not words.restricted else None
    context = {
        "said": words,
        "text": _broadcast(notification, record),
        "marking": marking_for(actor, [record]) if record else None,
        "exercise": words.exercise or (_("EXERCISE") if actor.mission.is_exercise else ""),
        "url": _address("notifications:open", notification.uuid),
        "preferences_url": _address("notifications:preferences"),
    }
    about = [words.reference, words.title] if not words.restricted else [words.reference]
    mail = _mail(actor, message, "message", ": ".join(part for part in about if part), context)
    if words.record is not None:
        # WHY: all that is told of one record stands in one thread; the name of the thread tells nothing.
        thread = _name(_keyed(str(words.record.uuid), actor))
        mail.extra_headers |= {"References": thread, "In-Reply-To": thread}
    return Composed(mail)


def _broadcast(notification: Notification, record: Record | None) -> str:
    """What a broadcast says: it is read where there is no time, or no line, to open a page."""
    if record is None or notification.reason not in (Reason.ANNOUNCEMENT, Reason.EMERGENCY):
        return ""
    declared = record.record_type
    return declared.broadcast_text(declared.model._default_manager.get(pk=record.pk))


def _is_settled(actor: Actor, notification: Notification, words: Said) -> bool:
    """Whether what needed the person is done: the record moved on since, and nothing of it waits for them.

    A request for access and an emergency access wait beside the workflow: no step of it settles them.
    """
    record = words.record
    if notification.reason != Reason.NEEDS_ME or record is None or record.state_since <= notification.at:
        return False
    return not (_waits_beside(actor, record) or waits_for(actor, record))


def _waits_beside(actor: Actor, record: Record) -> bool:
    reviews = EmergencyAccess.objects.filter(record=record, verdict="").exclude(person_id=actor.user_id)
    decisions = AccessRequestTarget.objects.filter(record=record, decided_at=None)
    return reviews.exists() or decisions.exists()


def _digest(actor: Actor, message: Message, digest: Digest) -> Composed:
    rows = Notification.objects.filter(digest_in=digest.frequency, digested=None, read_at=None)
    unread = list(rows[:_READ_MOST])
    words = said(actor, unread)
    lines: dict[Any, dict[str, Any]] = {}
    for each in unread:
        if not words[each.pk].available:
            continue
        key = each.record_id or each.pk
        if key in lines:
            lines[key]["more"] += 1
        else:
            url = _address("notifications:open", each.uuid)
            lines[key] = {"said": words[each.pk], "url": url, "more": 0}
    done = [each.pk for each in unread]
    if not lines:
        return Composed(code="read", digested=done)
    shown = list(lines.values())[:LINES_MOST]
    open_records = [
        line["said"].record for line in shown if line["said"].record and not line["said"].restricted
    ]
    weekly = digest.frequency == Frequency.WEEKLY
    stop = unsubscribe_url(message.person_id, digest.frequency)
    context = {
        "lines": shown,
        "more": len(lines) - len(shown),
        "marking": _marking(actor, open_records),
        "exercise": _("EXERCISE") if actor.mission.is_exercise else "",
        "weekly": weekly,
        "inbox_url": _address("notifications:inbox"),
        "preferences_url": _address("notifications:preferences"),
        "unsubscribe_url": stop,
    }
    subject = (
        _("Your weekly digest: %(number)d unread") if weekly else _("Your daily digest: %(number)d unread")
    )
    mail = _mail(actor, message, "digest", subject % {"number": len(lines)}, context)
    mail.extra_headers |= {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return Composed(mail, digested=done)


def _marking(actor: Actor, records: Sequence[Record]) -> Any:
    return marking_for(actor, records, reference=_("Digest")) if records else None


def _mail(
    actor: Actor, message: Message, template: str, about: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    assert actor.user is not None
    exercise = f"{context['exercise']} – " if context["exercise"] else ""
    text = render_to_string(f"notifications/email/{template}.txt", context)
    mail = EmailMultiAlternatives(
        # WHY: a line break that somebody typed would be a header of its own.
        " ".join(f"[CIMIC Portal] {exercise}{about}".split()),
        text.lstrip(),
        _envelope_sender(message),
        [actor.user.email],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Reply-To": settings.EMAIL_NO_REPLY
            or f"no-reply@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition('@')[2]}",
            "Message-ID": _name(str(message.uuid)),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **(context["marking"].headers() if context["marking"] else {}),
        },
    )
    mail.attach_alternative(
        render_to_string(f"notifications/email/{template}.html", context).strip(), "text/html"
    )
    return mail


def _envelope_sender(message: Message) -> str:
    """Where mail that cannot be delivered comes back to: it names the message, so that the address is known."""
    local, at, host = settings.EMAIL_BOUNCES.partition("@")
    return f"{local}+{message.uuid}@{host}" if at else settings.DEFAULT_FROM_EMAIL


def _name(unique: str) -> str:
    return f"<{unique}@{urlsplit(settings.PORTAL_ADDRESS).hostname or 'portal.invalid'}>"


def _keyed(text: str, actor: Actor) -> str:
    """A name that nobody can compute, and that no two people share."""
    said_to = f"{actor.user_id}:{text}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said_to, sha256).hexdigest()[:24]


def _address(name: str, *values: Any) -> str:
    return f"{settings.PORTAL_ADDRESS}{reverse(name, args=values)}"
