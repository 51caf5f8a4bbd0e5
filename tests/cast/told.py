"""What people were told of hidden records before they lost them, and what follows or calls them: as the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apps.records.models import Record
from tests.cast.people import Cast

# Written by the database's own functions alone, or by the rows below.
TOLD_OTHERWISE = {"notifications_notification", "notifications_subscription", "notifications_call"}
# Who was told of both hidden records while they could read them, or so it is taken here.
LOST = ("outsider", "revoked", "expired")

_TELL = """
    INSERT INTO notifications_notification
           (uuid, mission_id, person_id, record_id, event_id, topic, reason, at, digest_in)
    SELECT gen_random_uuid(), %(mission)s, %(person)s, e.record_id, e.id, '', %(reason)s, now(), ''
      FROM records_event e WHERE e.record_id = %(record)s ORDER BY e.id DESC LIMIT 1
    RETURNING uuid
"""
_FOLLOW = """
    INSERT INTO notifications_subscription (mission_id, person_id, record_id, record_type, muted)
    VALUES (%(mission)s, %(person)s, %(record)s, '', false)
"""
_CALL = """
    INSERT INTO notifications_call (uuid, webhook_id, mission_id, record_id, event_id, state, attempts, code)
    SELECT gen_random_uuid(), w.id, %(mission)s, e.record_id, e.id, 'queued', 0, ''
      FROM records_event e, notifications_webhook w WHERE e.record_id = %(record)s AND w.account_id = %(person)s
     ORDER BY e.id DESC LIMIT 1
"""
_HOOK = """
    INSERT INTO notifications_webhook (uuid, mission_id, name, url, account_id, secret, record_types, is_active)
    VALUES (gen_random_uuid(), %(mission)s, 'hook', 'https://hook.invalid/', %(person)s, 'whsec_', '[]', true)
    ON CONFLICT DO NOTHING
"""


def told_make(cursor: Any, cast: Cast, hidden: Record, secret: Record) -> UUID:
    """Tell those who lost them of both, the owner as well; the UUID of the outsider's notification of `hidden`.

    Of `hidden` as an emergency, so that it would stand on every page.
    """
    made: dict[tuple[str, int], UUID] = {}
    for record, reason in ((hidden, "emergency"), (secret, "needs_me")):
        for name in (*LOST, "owner"):
            values = {
                "mission": cast.mission.pk, "person": cast.people[name].pk, "record": record.pk,
                "reason": "part" if name == "owner" else reason,
            }  # fmt: skip
            cursor.execute(_TELL, values)
            made[name, record.pk] = UUID(str(cursor.fetchone()[0]))
            if name == "owner":
                for statement in (_FOLLOW, _HOOK, _CALL):
                    cursor.execute(statement, values)
    return made["outsider", hidden.pk]
