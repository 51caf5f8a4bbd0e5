"""The relay: takes what is in the outbox, row by row, and tells whom it concerns. Each row is its own transaction.

A crash undoes a row that was half told, and it is told another time. Logs hold ids, never content.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from django.db import DatabaseError

from apps.notifications import clocks, herald, live
from apps.notifications.herald import Taken, Told
from apps.notifications.models import PushDevice
from apps.notifications.preferences import Settings, mail_moment, settings_of
from apps.notifications.recipients import Concerned, concerned_by
from apps.notifications.vocabulary import KIND_OF, Frequency, Kind, Reason
from apps.records import clock
from apps.records.models import Event, Record

log = logging.getLogger(__name__)

_PUSHED = {Reason.EMERGENCY, Reason.NEEDS_ME, Reason.MENTION}


def relay_drain(seconds: float = 30.0) -> int:
    """Tell all that waits, for at most so long; how many rows were done.

    A row that fails is put off and does not stop the others.
    """
    ends, done = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        taken = relay_next()
        if taken is None:
            break
        done += 1
    return done


def relay_next() -> int | None:
    """Take one row and tell it; its id, or None when there is none."""
    row_id: int | None = None
    try:
        with herald.taking() as found:
            if found is None:
                return None
            _actor, taken = found
            row_id = taken.id
            told, lost = _tell(taken)
    except DatabaseError as error:
        if row_id is None:
            raise
        _failed(row_id, error)
        return row_id
    except Exception as error:
        if row_id is None:
            raise
        _failed(row_id, error)
        return row_id
    # WHY: after the commit: a page that asks at once must find it.
    live.poke(told, "inbox")
    live.poke(lost, "access")
    return row_id


def _failed(row_id: int, error: Exception) -> None:
    log.exception("not told: row %s, %s", row_id, type(error).__name__)
    if herald.put_off(row_id) >= 12:
        log.error("given up: row %s", row_id)


def _tell(taken: Taken) -> tuple[list[int], set[int]]:
    """Tell one row; who was told, and who may have lost the right to read."""
    if taken.event_id is not None:
        return _tell_event(taken)
    if taken.topic:
        assert taken.person_id is not None
        return herald.tell(_ways(taken.mission_id, Concerned({taken.person_id: Reason.NEEDS_ME}))), set()
    record = Record.objects.filter(pk=taken.record_id).first()
    herald.set_clocks(clocks.clocks_of(record.record_type.concrete(record)) if record else [], tells=())
    return [], set()


def _tell_event(taken: Taken) -> tuple[list[int], set[int]]:
    bare = Record.objects.get(pk=taken.record_id)
    record = bare.record_type.concrete(bare)
    concerned = concerned_by(taken, record, Event.objects.get(pk=taken.event_id))
    return herald.tell(_ways(taken.mission_id, concerned)), concerned.lost


def _ways(mission_id: int, concerned: Concerned) -> list[Told]:
    """By which way, and when, each of them is told."""
    chosen = settings_of(concerned.reasons, mission_id)
    pushed = _with_devices(p for p, reason in concerned.reasons.items() if reason in _PUSHED)
    now = clock.now()
    return [
        _way(person, reason, chosen[person], concerned, person in pushed, now)
        for person, reason in sorted(concerned.reasons.items())
    ]


def _way(
    person: int, reason: Reason, settings: Settings, concerned: Concerned, pushed: bool, now: object
) -> Told:
    if person in concerned.inbox_only:
        return Told(person, reason, digest=Frequency.DAILY)
    kind = KIND_OF[reason]
    urgent = concerned.at_once or reason is Reason.EMERGENCY
    frequency = Frequency.AT_ONCE if urgent or kind is Kind.NEEDS_ME else settings.frequency(kind)
    if frequency == Frequency.INBOX:
        return Told(person, reason)
    if frequency != Frequency.AT_ONCE:
        return Told(person, reason, digest=frequency)
    moment = mail_moment(settings, urgent=urgent, now=now)
    return Told(person, reason, mail_at=moment, push_at=moment if pushed else None)


def _with_devices(people: Iterable[int]) -> set[int]:
    wanted = set(people)
    if not wanted:
        return set()
    return set(PushDevice.objects.filter(person_id__in=wanted).values_list("person_id", flat=True))
