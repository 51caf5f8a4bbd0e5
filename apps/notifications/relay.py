"""The relay: takes what is in the outbox, row by row, and tells whom it concerns. Each row is its own transaction.

A crash undoes a row that was half told, and it is told another time. Logs hold ids, never content.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError

from apps.notifications import clocks, herald, live
from apps.notifications.herald import Taken, Told
from apps.notifications.models import PushDevice
from apps.notifications.preferences import Settings, mail_moment, settings_of
from apps.notifications.recipients import Concerned, concerned_by
from apps.notifications.vocabulary import KIND_OF, Frequency, Kind, Reason, Topic
from apps.records import clock
from apps.records.models import Event, Record

log = logging.getLogger(__name__)

_PUSHED = {Reason.EMERGENCY, Reason.NEEDS_ME, Reason.MENTION}
#: What is told later than this, after a long stop, is mailed only where it still needs somebody.
STALE = timedelta(days=2)


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
    except (OperationalError, InterfaceError):
        # WHY: a database that is away is no fault of the row: it waits as it was.
        raise
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
        reason = Reason.PART if taken.topic == Topic.RESOURCE_PROMISED else Reason.NEEDS_ME
        return herald.tell(_ways(taken, Concerned({taken.person_id: reason}))), set()
    record = Record.objects.filter(pk=taken.record_id or 0).first()
    herald.set_clocks(clocks.clocks_of(record.record_type.concrete(record)) if record else [], tells=())
    return [], set()


def _tell_event(taken: Taken) -> tuple[list[int], set[int]]:
    assert taken.record_id is not None
    assert taken.event_id is not None
    bare = Record.objects.get(pk=taken.record_id)
    record = bare.record_type.concrete(bare)
    concerned = concerned_by(taken, record, Event.objects.get(pk=taken.event_id))
    return herald.tell(_ways(taken, concerned)), concerned.lost


def _ways(taken: Taken, concerned: Concerned) -> list[Told]:
    """By which way, and when, each of them is told."""
    chosen = settings_of(concerned.reasons, taken.mission_id)
    pushed = _with_devices(p for p, reason in concerned.reasons.items() if reason in _PUSHED)
    now = clock.now()
    stale = now - taken.at > STALE
    return [
        _inbox(person, reason, concerned, stale)
        or _way(chosen[person], reason, urgent=concerned.at_once, pushed=person in pushed, now=now)
        for person, reason in sorted(concerned.reasons.items())
    ]


def _inbox(person: int, reason: Reason, concerned: Concerned, stale: bool) -> Told | None:
    """Told in the inbox: whoever is absent, with a digest for their return; and what is no news any more."""
    if person in concerned.inbox_only:
        return Told(person, reason, digest="" if stale else Frequency.DAILY)
    return Told(person, reason) if stale and KIND_OF[reason] is not Kind.NEEDS_ME else None


def _way(settings: Settings, reason: Reason, *, urgent: bool, pushed: bool, now: datetime) -> Told:
    kind = KIND_OF[reason]
    urgent = urgent or reason is Reason.EMERGENCY
    frequency = Frequency.AT_ONCE if urgent or kind is Kind.NEEDS_ME else settings.frequency(kind)
    if frequency == Frequency.INBOX:
        return Told(settings.person_id, reason)
    if frequency != Frequency.AT_ONCE:
        return Told(settings.person_id, reason, digest=frequency)
    moment = mail_moment(settings, urgent=urgent, now=now)
    return Told(settings.person_id, reason, mail_at=moment, push_at=moment if pushed else None)


def _with_devices(people: Iterable[int]) -> set[int]:
    wanted = set(people)
    if not wanted:
        return set()
    return set(PushDevice.objects.filter(person_id__in=wanted).values_list("person_id", flat=True))
