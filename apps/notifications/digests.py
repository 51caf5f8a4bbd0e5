"""Digests: at each person's own hour, once for each of their days, late when nothing ran, and never two."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import date, datetime

from django.db import DatabaseError, connection

from apps.notifications.preferences import digest_due, settings_of
from apps.records import clock

log = logging.getLogger(__name__)


def digests_open() -> int:
    """Put a digest on its way to everybody for whom it is time; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, mission_id, frequency, since, last_day FROM notifications_digests_wanted()"
        )
        wanted = cursor.fetchall()
    of_mission: dict[int, list[tuple[int, str, datetime, date | None]]] = defaultdict(list)
    for person, mission, frequency, since, last_day in wanted:
        of_mission[mission].append((person, frequency, since, last_day))
    made, now = 0, clock.now()
    for mission, rows in of_mission.items():
        settings = settings_of({person for person, *_rest in rows}, mission)
        for person, frequency, since, last_day in rows:
            day = digest_due(settings[person], frequency, now, last_day, since=since)
            if day is None:
                continue
            try:
                made += _open(person, mission, frequency, day)
            except DatabaseError:
                log.exception("no digest: person %s", person)
    return made


def _open(person: int, mission: int, frequency: str, day: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_digest_open(%s, %s, %s, %s)", [person, mission, frequency, day])
        return bool(cursor.fetchone()[0])
