"""Skewed data for the bench, written as the door: many records, few readers with very different sights.

Not the demo mission: nothing here reads well, everything here is numerous.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from apps.accounts.models import User
from apps.aid_requests.models import AidRequest
from apps.mission.models import Holding, Mission, Organisation, Position, PositionRole
from apps.mission.vocabulary import Role

ORGANISATIONS = 400
PEOPLE = 2000
GROUP = 100_000  # the first auth group's id; organisation n has GROUP + n
# share of all records whose grants name these organisations (1-based): two nearly everywhere, five in the middle
BROAD = {1: 0.40, 2: 0.25}
MEDIUM = {10: 0.012, 11: 0.010, 12: 0.009, 13: 0.008, 14: 0.006}
NARROW_ORGANISATION = 390  # a hundred records, spread over all the time
OLD_ORGANISATION = 391  # a tenth of the oldest tenth, and nothing since


@dataclass(frozen=True)
class Reader:
    """Somebody whose reading is measured, and roughly how much of it there is."""

    profile: str
    user_id: int


def load(cursor: Any, records: int, seed: int) -> None:
    """Write records and grants under an existing structure. Audiences and feeds follow by triggers, as always.

    The cursor's session is the owner's; the door's role passes the row rule but not the triggers.
    """
    cursor.execute("SELECT setseed(%s)", [(seed % 1000) / 1000])
    # WHY: the history of fields is not what is measured, and would double the loading.
    history = [
        (AidRequest._meta.db_table, f"{AidRequest._meta.db_table}_history"),
        ("need_to_know_recordgroupobjectpermission", "need_to_know_group_history"),
    ]
    for table, trigger in history:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    cursor.execute("SET ROLE portal_door; SET app.actor = 'clock'")
    _records(cursor, records)
    _grants(cursor)
    cursor.execute("VACUUM (ANALYZE) need_to_know_feed")
    cursor.execute("RESET ROLE")
    for table, trigger in history:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def structure() -> None:
    """Mission, organisations, positions and people, as the application itself."""
    groups = Group.objects.bulk_create(
        Group(pk=GROUP + number, name=f"bench:{number}") for number in range(ORGANISATIONS * 2 + 1)
    )
    held = Mission(pk=1, group=groups[0], code="bench", name="Bench", is_exercise=True)
    Mission.objects.bulk_create([held])
    numbers = range(1, ORGANISATIONS + 1)
    Organisation.objects.bulk_create(
        Organisation(
            pk=n, group=groups[n], mission=held, name=f"Organisation {n}", org_type="437", side="humanitarian"
        )
        for n in numbers
    )
    Position.objects.bulk_create(
        Position(
            pk=n,
            group=groups[ORGANISATIONS + n],
            mission=held,
            organisation_id=n,
            title="Focal point",
            clearance=1,
        )
        for n in numbers
    )
    PositionRole.objects.bulk_create(PositionRole(position_id=n, role=Role.REQUESTER) for n in numbers)
    people = range(1, PEOPLE + 1)
    User.objects.bulk_create(
        User(pk=n, email=f"p{n}@bench.invalid", name=f"Person {n}", password="!") for n in people
    )
    since = timezone.now() - timedelta(days=6 * 365)
    own = [(1 + (n - 1) % ORGANISATIONS, n) for n in people]
    more = [(2, 1), (30, 1), (31, 1), (11, 10), (12, 10), (13, 10), (14, 10)]
    Holding.objects.bulk_create(
        Holding(position_id=position, person_id=person, starts=since) for position, person in own + more
    )


def _records(cursor: Any, records: int) -> None:
    cursor.execute(
        f"""
        INSERT INTO records_record (uuid, mission_id, type, reference, title, state, kind, priority, originator_id,
            author_id, author_position_id, classification, sensitivity, compartments, scope, audience, editors,
            auto_step,            state_since, created_at, updated_at, needed_by, version)
        SELECT gen_random_uuid(), 1, 'aid_request', 'BENCH-' || g, 'Request ' || md5(g::text),
               (ARRAY['submitted', 'validated', 'endorsed', 'under_assessment', 'for_decision', 'approved', 'closed'])
                    [1 + floor(power(random(), 0.5) * 7)::int],
               (ARRAY['armed_escort', 'lift', 'engineering', 'mcda'])[1 + floor(random() * 4)::int],
               1 + floor(random() * 3)::int, o.id, o.id, o.id, (random() < 0.05)::int, 1, '{{}}',
               'organisation', '{{}}', '{{}}', '', t.at, t.at, t.at, t.at + random() * interval '30 days', 1
          FROM generate_series(1, {records}) g
          CROSS JOIN LATERAL (SELECT now() - interval '5 years' * (1 - g / {records}::float) AS at) t
          CROSS JOIN LATERAL (SELECT CASE
                WHEN g % ({records} / 100) = 3 THEN {NARROW_ORGANISATION}
                WHEN g < {records} / 10 AND g % 10 = 7 THEN {OLD_ORGANISATION}
                ELSE 1 + floor(power(random(), 3) * 380)::int END AS id) o;
        """
    )
    cursor.execute(_details_sql())


def _details_sql() -> str:
    """Detail rows for every record: each column that must not be null gets an empty value of its kind."""
    empty = {"CharField": "repeat('need ', 40)", "TextField": "repeat('need ', 40)", "BooleanField": "false"}
    columns, values = ["record_ptr_id"], ["id"]
    for field in AidRequest._meta.local_concrete_fields:
        if field.primary_key or field.null or field.has_db_default():
            continue
        kind = field.get_internal_type()
        long_enough = kind == "TextField" or (field.max_length or 0) >= 200
        columns.append(f'"{field.column}"')
        values.append(
            empty.get(kind, "0") if long_enough or kind not in empty or kind == "BooleanField" else "''"
        )
    return (
        f"INSERT INTO {AidRequest._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM records_record"
    )


def _grants(cursor: Any) -> None:
    shares = " UNION ALL ".join(
        f"SELECT id, {GROUP + organisation} FROM records_record WHERE random() < {share}"
        for organisation, share in {**BROAD, **MEDIUM}.items()
    )
    cursor.execute(
        f"""
        INSERT INTO need_to_know_recordgroupobjectpermission
               (permission_id, content_object_id, group_id, granted_at, reason)
        SELECT (SELECT id FROM auth_permission WHERE codename = 'view_record'), x.id, x.principal, now(), 'bench'
          FROM (SELECT DISTINCT s.id, s.principal FROM (
                    {shares}
                    UNION ALL
                    SELECT id, {GROUP + 15} + floor(power(random(), 2) * 370)::int
                      FROM records_record, generate_series(1, 2)
                ) s(id, principal)) x
          JOIN records_record r ON r.id = x.id
         WHERE x.principal NOT IN ({GROUP + NARROW_ORGANISATION}, {GROUP + OLD_ORGANISATION})
           AND r.originator_id NOT IN ({NARROW_ORGANISATION}, {OLD_ORGANISATION})
        """
    )


def readers() -> list[Reader]:
    """The measured readers."""
    return [
        Reader("broad", 1),
        Reader("medium", 10),
        Reader("narrow", NARROW_ORGANISATION),
        Reader("old", OLD_ORGANISATION),
    ]


def mission() -> Mission:
    """The bench's mission."""
    return Mission.objects.get(code="bench")
