"""Sending by e-mail: what the mail server takes, what it refuses, and which address is closed.

SECURITY: who may read it, and what it says, is asked in the same transaction in which it leaves. Logs hold ids and
codes; never an address, never what a server said.
"""

from __future__ import annotations

import logging
import smtplib
import time
from typing import Any

from django.core.mail import get_connection

from apps.accounts.models import User
from apps.need_to_know.acting import acting_as
from apps.notifications.composing import Composed, compose
from apps.notifications.models import BouncedAddress, Message, Notification
from apps.notifications.sending import Due, Failed, note_taken, send_next, was_taken
from apps.records import clock

log = logging.getLogger(__name__)


def mail_drain(seconds: float = 30.0) -> int:
    """Send what is due, for at most so long; how many messages were looked at."""
    ends, done = time.monotonic() + seconds, 0
    server = get_connection()
    try:
        while time.monotonic() < ends and mail_next(server):
            done += 1
    finally:
        _close(server)
    return done


def mail_next(server: Any) -> bool:
    """Send the most urgent message; False when none is due."""
    return send_next("email", lambda due: _sent(server, due))


def _sent(server: Any, due: Due) -> str:
    """Send one mail, unless it is not needed any more; then the code that says why."""
    # WHY: the mail server took it, and the commit was lost with us: it has arrived, whatever holds by now.
    accepted = was_taken(str(due.uuid))
    composed = _composed(due)
    if composed.mail is not None and not accepted:
        _send(server, due, composed.mail)
    _digested(due, composed)
    return "" if accepted else composed.code


def _composed(due: Due) -> Composed:
    with acting_as(due.person, due.mission) as actor:
        if BouncedAddress.objects.filter(person=due.person, email=due.person.email).exists():
            return Composed(code="bounced")
        return compose(actor, Message.objects.get(pk=due.id))


def _digested(due: Due, composed: Composed) -> None:
    """What stood in a digest stands in no other."""
    if composed.digested:
        with acting_as(due.person, due.mission):
            message = Message.objects.get(pk=due.id)
            Notification.objects.filter(pk__in=composed.digested).update(digested_id=message.digest_id)


def _send(server: Any, due: Due, mail: Any) -> None:
    """Hand it to the mail server, and note at once that it took it."""
    try:
        server.open()
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as refused:
        _close(server)
        for_good = all(code >= 500 for code, _said in refused.recipients.values())
        if for_good:
            bounce_note(due.person)
        raise Failed("bounced" if for_good else "unreachable", again=not for_good) from refused
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        _close(server)
        raise Failed("refused", again=True) from refused
    except (smtplib.SMTPException, OSError) as error:
        _close(server)
        raise Failed("unreachable", again=True) from error
    note_taken(str(due.uuid))


def bounce_note(person: User) -> None:
    """Mail to the person's present address comes back: nothing more is sent there until it is changed or cleared."""
    BouncedAddress.objects.update_or_create(
        person=person, defaults={"email": person.email, "code": "bounced", "since": clock.now()}
    )


def _close(server: Any) -> None:
    try:
        server.close()
    except Exception:
        log.debug("a mail connection was closed already")
