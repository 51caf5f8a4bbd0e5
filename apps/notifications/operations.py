"""What operators see of the background work: numbers, ages, failures by code. Nothing of any record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.notifications.models import BouncedAddress, Webhook
from apps.notifications.vocabulary import CODES, Channel
from apps.records import clock
from apps.records.actors import Actor

FAILURES_MOST = 200
#: A worker shows life every fifteen seconds.
SILENT_SECONDS = 60
#: The oldest event may wait so long before the portal is not ready.
OLDEST_SECONDS = 600

_sign_of_life: list[Callable[[], float | None]] = []


def register_sign_of_life(age: Callable[[], float | None]) -> None:
    """Name the function that says how many seconds ago a worker last showed life; None when none has lately.

    WHY: where it is kept is the wiring's matter, which this room does not know.
    """
    _sign_of_life[:] = [age]


def is_late() -> bool:
    """Whether the oldest event has waited longer than OLDEST_SECONDS to be told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_oldest() > %s", [OLDEST_SECONDS])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True)
class Age:
    """Since when something is so (None: it is not), and whether that is too long."""

    at: datetime | None
    is_late: bool


def age_of(seconds: float | None, most: float) -> Age:
    """The age of something that may be `most` seconds old."""
    if seconds is None:
        return Age(None, False)
    return Age(clock.now() - timedelta(seconds=float(seconds)), seconds > most)


def worker_life() -> Age:
    """When a worker last showed life; late when none has, or not lately."""
    age = _sign_of_life[0]() if _sign_of_life else None
    return Age(None, True) if age is None else age_of(age, SILENT_SECONDS)


def health() -> dict[str, Any]:
    """Depths, ages and failures of the whole portal's queues."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_health()")
        (found,) = cursor.fetchone()
    made: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    return made


@dataclass(frozen=True)
class Failure:
    """Something that was given up: to whom, by which way, why, and since when."""

    uuid: UUID
    to: str
    channel: str
    why: str
    attempts: int
    since: datetime


def failures(actor: Actor) -> list[Failure]:
    """What failed in the actor's mission, the newest first, FAILURES_MOST at most; nothing but for administrators."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT uuid, channel, person_id, webhook_id, code, attempts, since FROM notifications_dead(%s)",
            [FAILURES_MOST],
        )
        rows = cursor.fetchall()
    people = dict(User.objects.filter(pk__in={row[2] for row in rows if row[2]}).values_list("pk", "name"))
    hooks = dict(Webhook.objects.filter(pk__in={row[3] for row in rows if row[3]}).values_list("pk", "name"))
    ways = {**dict(Channel.choices), "webhook": _("Webhook"), "outbox": _("Working out who is told")}
    return [
        Failure(
            uuid, people.get(person) or hooks.get(hook) or "", str(ways.get(channel, channel)),
            str(CODES.get(code) or code), attempts, since,
        )
        for uuid, channel, person, hook, code, attempts, since in rows
    ]  # fmt: skip


def bounced(actor: Actor) -> list[BouncedAddress]:
    """Addresses of the mission's people from which mail came back, the newest first."""
    people = User.objects.filter(holdings__position__mission=actor.mission).values("pk")
    rows = BouncedAddress.objects.filter(person_id__in=people).select_related("person").order_by("-since")
    return [row for row in rows if row.email == row.person.email]


def metric_lines() -> list[str]:
    """The same numbers in Prometheus's text format."""
    said = health()
    lines = []
    for name, key in (
        ("outbox_events", "outbox"), ("outbox_failed", "outbox_dead"), ("outbox_oldest_seconds", "oldest_seconds"),
        ("clocks_late", "clocks_late"), ("messages_oldest_seconds", "message_oldest_seconds"),
        ("messages_failed", "messages_dead"), ("webhook_calls_queued", "calls_queued"),
        ("webhook_calls_failed", "calls_dead"), ("bounced_addresses", "bounced"),
    ):  # fmt: skip
        lines += [f"# TYPE portal_{name} gauge", f"portal_{name} {float(said.get(key) or 0):.0f}"]
    lines.append("# TYPE portal_messages_queued gauge")
    lines += [
        f'portal_messages_queued{{channel="{channel}"}} {said.get(f"{channel}_queued") or 0}'
        for channel in ("email", "push")
    ]
    return lines
