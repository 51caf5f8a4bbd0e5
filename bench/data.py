"""Skewed, seeded records and grants, written set by set as the owner and the door.

Not the demo mission: nothing here reads well, everything here is numerous. What the database computes from the
sources (audience, editors, feed, search documents) is computed here by sets too; `check_need_to_know` compares.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.aid_requests.models import AidRequest
from apps.need_to_know.models import RecordGroupObjectPermission, RecordUserObjectPermission
from apps.records.models import Record
from bench import bulk
from bench.sizes import (
    HALF_ORGANISATIONS,
    LENT,
    MIDDLE_ORGANISATIONS,
    OLD_SHARE,
    POSITIONS_EACH,
    READERS,
    RESERVED,
    Profile,
    Sizes,
)
from bench.structure import CLEARANCE, MISSION, MISSION_GROUP

TYPE = "aid_request"
RARE_WORD = "zebracorn"
RARE_RECORDS = 100  # that many, evenly spread, have the rare word in their title
SENTENCES = 20_000
SYLLABLES = [
    "ba",
    "ke",
    "lo",
    "mi",
    "nu",
    "ra",
    "se",
    "ti",
    "vo",
    "du",
    "fa",
    "ge",
    "hi",
    "jo",
    "ku",
    "le",
    "ma",
    "ni",
    "po",
    "ru",
]
GROUP_GRANTS, USER_GRANTS = (
    RecordGroupObjectPermission._meta.db_table,
    RecordUserObjectPermission._meta.db_table,
)
NUMBERED = [Record._meta.db_table, GROUP_GRANTS, USER_GRANTS]
COMPUTED = ["need_to_know_feed", "records_searchdocument"]
TABLES = [*NUMBERED, AidRequest._meta.db_table, *COMPUTED]


def load(cursor: Any, sizes: Sizes, say: Callable[[str], None]) -> None:
    """Fill the structure with records, grants and what follows from them. The cursor's session is the owner's."""
    cursor.execute("SET work_mem = '256MB'; SET synchronous_commit = off")
    say("drawing labels, audiences and words")
    for statement in (_chance(sizes), _sentences(), _labels(sizes), *_sets(sizes), _plan(sizes)):
        cursor.execute(statement)
    cursor.execute("SELECT count(*), coalesce(sum(cardinality(organisations)), 0) FROM plan")
    _count, to_groups = cursor.fetchone()
    _give_people(cursor, sizes, sizes.grants - to_groups - 2 * LENT)
    cursor.execute(
        "ANALYZE plan; GRANT SELECT ON plan, member, sentence TO portal_door;"
        " GRANT EXECUTE ON FUNCTION pg_temp.chance TO portal_door"
    )
    with bulk.bare(cursor, TABLES, say):
        # WHY: the door's role passes the row rule, which holds for the owner too.
        cursor.execute("SET ROLE portal_door")
        for what, statement in _statements(cursor, sizes):
            say(f"writing {what}")
            cursor.execute(statement)
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', max(id) FROM {table}" for table in NUMBERED))
        last = cursor.fetchall()
        cursor.execute("RESET ROLE")
        say("making indexes and keys")
    for table, number in last:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number])
    cursor.execute("DROP TABLE plan, sentence, label, member")


def word(rank: int) -> str:
    """The word of that rank among 8,000: the n-th is n times rarer than the first."""
    number = rank - 1
    return SYLLABLES[number % 20] + SYLLABLES[number // 20 % 20] + SYLLABLES[number // 400]


def _chance(sizes: Sizes) -> str:
    """chance(number, purpose): the same number between 0 and 1 for the same seed, in any order of rows."""
    return f"""
        CREATE FUNCTION pg_temp.chance(of bigint, purpose integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS
        'SELECT (hashint8extended(of, {sizes.seed} * 1000 + purpose) & 2147483647) / 2147483648.0::double precision'
    """


def _sentences() -> str:
    """Ten words each, as `word` makes them."""
    listed = ", ".join(f"'{syllable}'" for syllable in SYLLABLES)
    return f"""
        CREATE TEMP TABLE sentence AS
        WITH syllable AS (SELECT ARRAY[{listed}] AS s)
        SELECT n, string_agg(s[1 + w % 20] || s[1 + w / 20 % 20] || s[1 + w / 400], ' ' ORDER BY j) AS words
          FROM generate_series(0, {SENTENCES - 1}) n CROSS JOIN syllable CROSS JOIN generate_series(1, 10) j
         CROSS JOIN LATERAL (SELECT floor(power(8000, pg_temp.chance(n * 16 + j, 1)))::int - 1 AS w) word
         GROUP BY n
    """


def _labels(sizes: Sizes) -> str:
    """One in ten is CONFIDENTIAL; 7 in 100 are closed to all readers by their label, 3 hold protected data."""
    return f"""
        CREATE TEMP TABLE label AS
        SELECT g AS id,
               CASE WHEN c < 0.04 THEN {CLEARANCE + 1} WHEN c < 0.14 THEN 1 ELSE 0 END AS classification,
               c BETWEEN 0.20 AND 0.23 AS compartmented, c BETWEEN 0.30 AND 0.33 AS protected,
               c < 0.04 OR c BETWEEN 0.20 AND 0.23 AS closed
          FROM (SELECT g, pg_temp.chance(g, 2) AS c FROM generate_series(1, {sizes.records}) g) drawn
    """


def _sets(sizes: Sizes) -> list[str]:
    """Who is in which reader's set: exactly as many readable ones, and as large a share of the closed ones."""
    # WHY: the first reader's organisations are military, which protected data is barred to.
    opens = {profile: "NOT closed" for profile in READERS if profile is not Profile.NONE}
    opens[Profile.HALF] = "NOT closed AND NOT protected"
    within = dict.fromkeys(opens, "true")
    within[Profile.OLD] = f"id <= {sizes.records // OLD_SHARE}"
    chosen = [
        f"""(SELECT id, {READERS[profile]} AS reader FROM label WHERE {where} AND {opens[profile]}
              ORDER BY pg_temp.chance(id, {10 + number}) LIMIT {sizes.readable(profile)})
            UNION ALL
            (SELECT id, {READERS[profile]} FROM label WHERE {where} AND NOT ({opens[profile]})
                AND pg_temp.chance(id, {10 + number}) < {sizes.readable(profile) / sizes.records})"""
        for number, (profile, where) in enumerate(within.items())
    ]
    half, middle, few, old_reader = (READERS[profile] for profile in within)
    return [
        f"""CREATE TEMP TABLE member AS
            SELECT id, bool_or(reader = {half}) AS half, bool_or(reader = {middle}) AS middle,
                   bool_or(reader = {few}) AS few, bool_or(reader = {old_reader}) AS old
              FROM ({" UNION ALL ".join(chosen)}) s GROUP BY id"""
    ]


def _plan(sizes: Sizes) -> str:
    """A record's originator, and the organisations that have a grant: few for most, two hundred for some."""
    free = sizes.groups - RESERVED
    most = min(200, free // 2)
    scale = sizes.grants / sizes.records / 10
    return f"""
        CREATE TEMP TABLE plan AS
        SELECT l.*, o.organisation,
               o.organisation + {sizes.groups} * floor(pg_temp.chance(l.id, 30) * {POSITIONS_EACH})::int AS position,
               ARRAY(SELECT DISTINCT x FROM (
                   SELECT CASE WHEN pg_temp.chance(l.id, 31) < 0.8 THEN 1
                               ELSE 2 + floor(pg_temp.chance(l.id, 32) * {HALF_ORGANISATIONS - 1})::int END WHERE m.half
                   UNION ALL SELECT 2 WHERE m.half AND pg_temp.chance(l.id, 33) < 0.5
                   UNION ALL SELECT 3 + floor(pg_temp.chance(l.id, 34) * {HALF_ORGANISATIONS - 2})::int
                              WHERE m.half AND pg_temp.chance(l.id, 35) < 0.6
                   UNION ALL SELECT {READERS[Profile.MIDDLE]}
                                    + floor(pg_temp.chance(l.id, 36) * {MIDDLE_ORGANISATIONS})::int WHERE m.middle
                   UNION ALL SELECT {READERS[Profile.FEW]} WHERE m.few
                   UNION ALL SELECT {READERS[Profile.OLD]} WHERE m.old
                   UNION ALL SELECT {RESERVED + 1} + floor(power(pg_temp.chance(l.id * 256 + j, 37), 3) * {free})::int
                               FROM generate_series(1, many.k) j) s(x)) AS organisations,
               '{{}}'::int[] AS people
          FROM label l LEFT JOIN member m USING (id)
         CROSS JOIN LATERAL (SELECT CASE
                WHEN m.few AND l.id % 2 = 0 THEN {READERS[Profile.FEW]}
                WHEN m.old AND l.id % 2 = 0 THEN {READERS[Profile.OLD]}
                ELSE {RESERVED + 1} + floor(power(pg_temp.chance(l.id, 38), 2) * {free})::int END AS organisation) o
         CROSS JOIN LATERAL (SELECT least({most}, {scale} * CASE
                WHEN c < 0.10 THEN 0 WHEN c < 0.85 THEN 1 + floor(d * 4) WHEN c < 0.98 THEN 5 + floor(d * 16)
                ELSE 21 * power(10, d) END)::int AS k
                FROM (SELECT pg_temp.chance(l.id, 39) AS c, pg_temp.chance(l.id, 40) AS d) drawn) many
    """


def _give_people(cursor: Any, sizes: Sizes, grants: int) -> None:
    """Spread the rest of the grants over people, evenly and each at most once, so that the sum is exact."""
    each, more = divmod(grants, sizes.records)
    crowd = sizes.people - RESERVED
    if not 0 <= each < crowd:
        raise ValueError(
            f"{grants} grants to people do not fit {sizes.records} records and {sizes.people} people"
        )
    cursor.execute(
        f"""UPDATE plan SET people = ARRAY(
                SELECT {RESERVED + 1} + (floor(pg_temp.chance(plan.id, 41) * {crowd})::int + j) % {crowd}
                  FROM generate_series(1, {each} + (plan.id <= {more})::int) j)"""
    )


# The first person of every fiftieth record is lent it until 2100, of the next one has had it until 2022.
_ENDS = (
    "CASE WHEN j > 1 THEN NULL WHEN id % 50 = 8 THEN timestamptz '2100-01-01'"
    " WHEN id % 50 = 9 THEN timestamptz '2022-01-01' END"
)


def _statements(cursor: Any, sizes: Sizes) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT p.codename, p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id"
        " WHERE t.app_label = 'records' AND t.model = 'record'"
    )
    rights = dict(cursor.fetchall())
    view, change = rights["view_record"], rights["change_record"]
    given = {"granted_at": "timestamptz '2026-01-01'", "reason": "'bench'", "content_object_id": "id"}
    groups = bulk.filled(
        RecordGroupObjectPermission,
        {
            **given,
            "permission_id": f"CASE WHEN j = 1 AND id % 10 = 0 THEN {change} ELSE {view} END",
            "group_id": f"{MISSION_GROUP} + o",
        },
    )
    people = bulk.filled(
        RecordUserObjectPermission,
        {**given, "permission_id": str(view), "user_id": "person", "expires_at": "ends"},
    )
    lent = " UNION ALL ".join(
        f"(SELECT id, {READERS[profile]}, timestamptz '2100-01-01' FROM plan JOIN member USING (id)"
        f" WHERE NOT closed AND NOT protected AND {which} ORDER BY id DESC LIMIT {LENT})"
        for profile, which in ((Profile.HALF, "half"), (Profile.MIDDLE, "middle"))
    )
    return [
        ("records", _records(sizes)),
        ("details", _details()),
        (
            "grants to groups",
            f"INSERT INTO {GROUP_GRANTS} ({groups[0]}) SELECT {groups[1]} FROM plan,"
            " unnest(organisations) WITH ORDINALITY u(o, j) ORDER BY id",
        ),
        (
            "grants to people",
            f"INSERT INTO {USER_GRANTS} ({people[0]}) SELECT {people[1]} FROM ("
            f"SELECT id, person, {_ENDS} FROM plan, unnest(people) WITH ORDINALITY u(person, j)"
            f" UNION ALL {lent}) s(id, person, ends) ORDER BY id",
        ),
        ("the feed", _feed(cursor)),
        (
            "search documents",
            f"INSERT INTO records_searchdocument SELECT d.* FROM generate_series(1, {sizes.records}, 5000) part"
            " CROSS JOIN LATERAL records_search_documents(ARRAY(SELECT id::bigint FROM"
            f" generate_series(part, least(part + 4999, {sizes.records})) id)) d",
        ),
    ]


def _records(sizes: Sizes) -> str:
    positions, rare = MISSION_GROUP + sizes.groups, sizes.records // RARE_RECORDS
    known = {
        "id": "p.id",
        "uuid": f"md5('{sizes.seed}:' || p.id)::uuid",
        "mission_id": str(MISSION),
        "type": f"'{TYPE}'",
        "reference": "'BENCH-' || p.id",
        "title": f"left(s.words, 60) || CASE WHEN p.id % {rare} = {7 % rare} THEN ' {RARE_WORD}' ELSE '' END",
        "state": "(ARRAY['submitted', 'validated', 'endorsed', 'under_assessment', 'for_decision', 'approved',"
        " 'closed'])[1 + floor(power(pg_temp.chance(p.id, 50), 0.5) * 7)::int]",
        "kind": "(ARRAY['armed_escort', 'lift', 'engineering', 'mcda'])[1 + floor(pg_temp.chance(p.id, 51) * 4)::int]",
        "priority": "1 + floor(pg_temp.chance(p.id, 52) * 3)::int",
        "needed_by": "t.at + pg_temp.chance(p.id, 53) * interval '30 days'",
        "state_since": "t.at",
        "created_at": "t.at",
        "updated_at": "t.at + power(pg_temp.chance(p.id, 54), 3) * interval '60 days'",
        "originator_id": "p.organisation",
        "author_id": f"1 + (p.position - 1) % {sizes.people}",
        "author_position_id": "p.position",
        "classification": "p.classification",
        "sensitivity": "CASE WHEN p.protected THEN 2 ELSE 1 END",
        "compartments": "CASE WHEN p.compartmented THEN '{1}'::int[] ELSE '{}' END",
        "scope": "'organisation'",
        "audience": f"""ARRAY(SELECT DISTINCT x FROM (
            SELECT {positions} + p.position UNION ALL SELECT {MISSION_GROUP} + p.organisation
            UNION ALL SELECT {MISSION_GROUP} + o FROM unnest(p.organisations) o
            UNION ALL SELECT -person FROM unnest(p.people) WITH ORDINALITY u(person, j)
                       WHERE NOT (j = 1 AND p.id % 50 IN (8, 9))) a(x) ORDER BY x)""",
        "editors": f"""ARRAY(SELECT DISTINCT x FROM (
            SELECT {positions} + p.position
            UNION ALL SELECT {MISSION_GROUP} + p.organisations[1] WHERE p.id % 10 = 0 AND p.organisations <> '{{}}'
            ) e(x) ORDER BY x)""",
    }
    kinds = "'{}'::int[]"
    if any(field.column == "data_types" for field in Record._meta.local_concrete_fields):
        known["data_types"] = "CASE WHEN p.protected THEN k.ids ELSE '{}' END"
        kinds = (
            f"ARRAY(SELECT id::int FROM mission_datatype WHERE mission_id = {MISSION} ORDER BY id LIMIT 1)"
        )
    columns, expressions = bulk.filled(Record, known)
    return f"""
        INSERT INTO {Record._meta.db_table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {expressions}
          FROM plan p JOIN sentence s ON s.n = floor(pg_temp.chance(p.id, 60) * {SENTENCES})::int
         CROSS JOIN LATERAL (SELECT timestamptz '2021-01-01'
               + interval '5 years' * (p.id / {sizes.records}::double precision) AS at) t
         CROSS JOIN (SELECT {kinds} AS ids) k
         ORDER BY p.id
    """


def _details() -> str:
    columns, expressions = bulk.filled(
        AidRequest,
        {
            "record_ptr_id": "p.id",
            "need_statement": "a.words || '. ' || b.words || '. ' || c.words || '.'",
            "consequence_if_not_met": "d.words || '.'",
        },
    )
    joins = " ".join(
        f"JOIN sentence {name} ON {name}.n = floor(pg_temp.chance(p.id, {61 + number}) * {SENTENCES})::int"
        for number, name in enumerate("abcd")
    )
    return f"INSERT INTO {AidRequest._meta.db_table} ({columns}) SELECT {expressions} FROM plan p {joins} ORDER BY p.id"


def _feed(cursor: Any) -> str:
    """One row for each principal in an audience; whatever other columns the feed has are the record's own."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'need_to_know_feed'::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )
    columns = [row[0] for row in cursor.fetchall()]
    own = {"principal": "x", "record_id": "r.id"}
    expressions = ", ".join(own.get(column, f"r.{column}") for column in columns)
    return (
        f"INSERT INTO need_to_know_feed ({', '.join(columns)}) SELECT {expressions}"
        f" FROM {Record._meta.db_table} r CROSS JOIN LATERAL unnest(r.audience) x ORDER BY r.id"
    )
