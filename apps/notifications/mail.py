"""Sending mail: one message, one transaction. What fails is tried again later, and in the end lies with the operator.

SECURITY: who may read it, and what it says, is asked in the same transaction in which it leaves. Logs hold ids and
codes; never an address, never what a server said.
"""

from __future__ import annotations

import logging
import smtplib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.mail import get_connection
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import User
from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as
from apps.notifications.composing import Composed, compose
from apps.notifications.models import BouncedAddress, Message, Notification
from apps.records import clock
from apps.records.actors import NoActor

log = logging.getLogger(__name__)

#: Minutes until the next try after each failure; after the last one the message lies with the operator.
BACK_OFF = (0.5, 2, 10, 30, 60, 120, 240, 360, 360, 720)
_ACCEPTED_SECONDS = 86_400


class Failed(Exception):
    """A message that did not leave: `code` of the vocabulary, and whether it is worth another try."""

    def __init__(self, code: str, *, again: bool) -> None:
        super().__init__(code)
        self.code, self.again = code, again


def settle(message_id: int, state: str, code: str = "", again_at: Any = None) -> None:
    """Note what became of a message."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_settle(%s, %s, %s, %s)", [message_id, state, code, again_at])


def settle_failure(due: Due, failed: Failed) -> None:
    """Try it again later, longer each time; or give it up."""
    if failed.again and due.attempts < len(BACK_OFF):
        settle(due.id, "queued", failed.code, clock.now() + timedelta(minutes=BACK_OFF[due.attempts]))
    else:
        log.error("given up: message %s, %s", due.id, failed.code)
        settle(due.id, "dead", failed.code)


@dataclass(frozen=True)
class Due:
    """A message whose time has come, with its reader; locked for the transaction in which it was found."""

    id: int
    uuid: UUID
    attempts: int
    person: User
    mission: Mission


def next_message(channel: str) -> Due | None:
    """The most urgent message of a channel; None when none is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, uuid, attempts, person_id, mission_id FROM notifications_next(%s)", [channel]
        )
        row = cursor.fetchone()
    if row is None:
        return None
    pk, uuid, attempts, person, mission = row
    return Due(pk, uuid, attempts, User.objects.get(pk=person), Mission.objects.get(pk=mission))


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
    with transaction.atomic():
        due = next_message("email")
        if due is None:
            return False
        # WHY: the mail server took it, and the commit was lost with us: it has arrived, whatever holds by now.
        accepted = _was_accepted(due.uuid)
        try:
            composed = _composed(due)
            if composed.mail is not None and not accepted:
                _send(server, due, composed.mail)
        except NoActor:
            settle(due.id, "dropped", "inactive")
        except Failed as failed:
            settle_failure(due, failed)
        except DatabaseError:
            raise
        except Exception:
            log.exception("not composed: message %s", due.id)
            settle_failure(due, Failed("broken", again=True))
        else:
            sent = accepted or composed.mail is not None
            settle(due.id, "sent" if sent else "dropped", "" if sent else composed.code)
            _digested(due, composed)
    return True


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
    _note_accepted(due.uuid)


def _was_accepted(uuid: UUID) -> bool:
    try:
        return bool(cache.get(f"mail-accepted:{uuid}"))
    except Exception:
        # WHY: without the note the mail may be offered again, under the same Message-ID; not sending is worse.
        return False


def _note_accepted(uuid: UUID) -> None:
    """WHY: a mail server's word is kept at once: the commit that follows can still be lost with this process."""
    try:
        cache.set(f"mail-accepted:{uuid}", 1, _ACCEPTED_SECONDS)
    except Exception:
        log.warning("the broker is away: a mail that was taken is not noted")


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
