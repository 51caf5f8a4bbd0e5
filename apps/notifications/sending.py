"""Sending what is due, whatever the way: one message, one transaction. What fails is tried again later, and in the end
lies with the operator.

How a message leaves is the matter of `mail` and `push`. Logs hold ids and codes; never an address, never content.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import User
from apps.mission.models import Mission
from apps.records import clock
from apps.records.actors import NoActor

log = logging.getLogger(__name__)

#: Minutes until the next try after each failure; after the last one the message lies with the operator.
BACK_OFF = (0.5, 2, 10, 30, 60, 120, 240, 360, 360, 720)
_NOTED_SECONDS = 86_400


class Failed(Exception):
    """A message that did not leave: `code` of the vocabulary, and whether it is worth another try."""

    def __init__(self, code: str, *, again: bool) -> None:
        super().__init__(code)
        self.code, self.again = code, again


@dataclass(frozen=True)
class Due:
    """A message whose time has come, with its reader; locked for the transaction in which it was found."""

    id: int
    uuid: UUID
    attempts: int
    person: User
    mission: Mission


def send_next(channel: str, deliver: Callable[[Due], str]) -> bool:
    """Have the most urgent message of a channel delivered; False when none is due.

    `deliver` gives the code that says why it is not needed any more, empty when it left; it raises Failed.
    """
    with transaction.atomic():
        due = next_message(channel)
        if due is None:
            return False
        try:
            code = deliver(due)
        except NoActor:
            settle(due.id, "dropped", "inactive")
        except Failed as failed:
            settle_failure(due, failed)
        except DatabaseError:
            raise
        except Exception:
            log.exception("not sent: message %s by %s", due.id, channel)
            settle_failure(due, Failed("broken", again=True))
        else:
            settle(due.id, "dropped" if code else "sent", code)
    return True


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


def settle(message_id: int, state: str, code: str = "", again_at: datetime | None = None) -> None:
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


# ---------------------------------------------------------------- what was taken
def was_taken(note: str) -> bool:
    """Whether a message was taken that a lost commit left in the queue."""
    try:
        return bool(cache.get(f"taken:{note}"))
    except Exception:
        # WHY: without the note it may be offered again, under the same name; not sending is worse.
        return False


def note_taken(note: str) -> None:
    """WHY: the other side's word is kept at once: the commit that follows can still be lost with this process."""
    try:
        cache.set(f"taken:{note}", 1, _NOTED_SECONDS)
    except Exception:
        log.warning("the broker is away: a message that was taken is not noted")
