"""Background work of notifications. Every task is a sweep over what the database says is due: a run that is missed,
doubled or cut off means late, never lost and never twice. Tasks take nothing and log ids alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery import Task, shared_task
from django.conf import settings
from django.db import connection

from apps.notifications import digests, herald, push, relay, webhooks
from apps.notifications.mail import mail_drain

log = logging.getLogger(__name__)

SECONDS = 30.0
_LOCK = 0x4E4F5446  # and the number of the sender


@contextmanager
def _alone(number: int) -> Iterator[bool]:
    """Whether this sender runs nowhere else now. The lock goes with the connection, however this process ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, number])
        (taken,) = cursor.fetchone()
    try:
        yield bool(taken)
    finally:
        # WHY: a connection that broke has given the lock back, and cannot be asked.
        if taken and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, number])


def nudge(task: Task) -> None:
    """Ask for a run soon. Without the broker the next sweep does it."""
    try:
        task.apply_async(retry=False, expires=60)
    except Exception as error:
        log.warning("the broker is away: %s waits for its sweep (%s)", task.name, type(error).__name__)


def _drained(drain: Callable[[float], int], number: int, again: Task) -> int:
    """Run a sender for a while; what is left over gets a run of its own."""
    with _alone(number) as alone:
        done = drain(SECONDS) if alone else 0
        left = alone and done > 0 and drain(0.5) > 0
    if left:
        nudge(again)
    return done


@shared_task
def relay_outbox() -> int:
    """Tell what is in the outbox, then let the senders know."""
    done = relay.relay_drain(SECONDS)
    if done:
        for task in (send_mail, send_push, call_webhooks):
            nudge(task)
    return done


@shared_task
def send_mail() -> int:
    """Send the mail that is due."""
    return _drained(mail_drain, 1, send_mail)


@shared_task
def send_push() -> int:
    """Send the push messages that are due."""
    return _drained(push.push_drain, 2, send_push)


@shared_task
def call_webhooks() -> int:
    """Call the webhooks that are due."""
    return _drained(webhooks.calls_drain, 3, call_webhooks)


@shared_task
def ring_clocks() -> int:
    """Publish an event for every clock that has come to its next moment, and tell it."""
    rung = herald.tick()
    if rung:
        nudge(relay_outbox)
    return rung


@shared_task
def open_digests() -> int:
    """Put digests on their way to those whose hour has come."""
    made = digests.digests_open()
    if made:
        nudge(send_mail)
    return made


@shared_task
def forget_old() -> int:
    """Delete what people were told longer ago than it is kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT notifications_forget(make_interval(days => %s))", [settings.NOTIFICATIONS_KEPT_DAYS]
        )
        return int(cursor.fetchone()[0])
