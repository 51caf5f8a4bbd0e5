"""The doors past the row rule, each as a call about a record: what it says, or the code of the error it ends with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import DatabaseError, connection, transaction

from apps.need_to_know.grants import permission_of
from apps.need_to_know.models import Right
from tests.cast.world import World


def ask(sql: str, *values: Any) -> Any:
    """Rows, or the class of the error with its code: what a caller learns."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    except DatabaseError as error:
        return type(error).__name__, getattr(error.__cause__, "pgcode", None)


def about(pk: int, sql: str, *values: Any) -> Any:
    """Rows whose first column is that record."""
    return [row for row in ask(sql, *values) if row[0] == pk]


def hidden_keys(url: str, table: str, path: str, pk: int) -> list[str]:
    """UUIDs of rows under a record, read past the rule."""
    from tests.cast.rows import door

    with door(url) as cursor:
        cursor.execute(f"SELECT a.uuid::text FROM {table} a {path} WHERE x.record_id = %s", [pk])
        return [uuid for (uuid,) in cursor.fetchall()]


def emergencies_of(pk: int, world: World) -> list[str]:
    """Emergency accesses to a record."""
    return hidden_keys(
        world.url, "need_to_know_emergencyaccess", "JOIN need_to_know_emergencyaccess x USING (id)", pk
    )


def requests_of(pk: int, world: World) -> list[str]:
    """Requests for access to a record."""
    return hidden_keys(
        world.url,
        "need_to_know_accessrequest",
        "JOIN need_to_know_accessrequesttarget x ON x.request_id = a.id",
        pk,
    )


def subjects_of(pk: int, world: World, table: str) -> list[Any]:
    """Ids of notifications' messages, or calls, about a record, read past the rule; one that never was without."""
    from tests.cast.rows import door

    path = "JOIN notifications_notification n ON n.id = x.notification_id" if "message" in table else ""
    column = "n.record_id" if path else "x.record_id"
    with door(world.url) as cursor:
        cursor.execute(f"SELECT x.id FROM {table} x {path} WHERE {column} = %s", [pk])
        return [row[0] for row in cursor.fetchall()] or [10**9]


# What the background work calls acts for nobody, and what the herald asks is asked of the row that it took: to a person
# they are shut. The rest tells numbers of the whole portal, or administrators who could not be reached.
_SHUT = {
    "take": "notifications_take()",
    "put_off": "notifications_put_off(%s)",
    "subscribed": "notifications_subscribed()",
    "readers": "notifications_readers(NULL)",
    "beside": "notifications_beside()",
    "tell": "notifications_tell(ARRAY[1], ARRAY['part'], ARRAY[now()], ARRAY[now()], ARRAY[''])",
    "set_clocks": "notifications_set_clocks('[]', '{}')",
    "of_groups": "notifications_of_groups(ARRAY[1])",
    "missed": "notifications_missed()",
    "tick": "notifications_tick(1000)",
    "forget": "notifications_forget('1 day')",
    "next": "notifications_next('email')",
    "next_call": "notifications_next_call()",
    "digests_wanted": "notifications_digests_wanted()",
    "digest_open": "notifications_digest_open(1, 1, 'daily', current_date)",
    "hold_calls": "notifications_hold_calls(%s, now())",
}


def shut(call: str) -> Callable[[int, World], Any]:
    """A call that ends in an error, whatever the record."""

    def attempt(pk: int, world: World) -> Any:
        answer = ask(f"SELECT * FROM {call}", *([pk] if "%s" in call else []))
        assert answer[1] in ("CP005", "CP006"), answer
        return answer

    return attempt


NOTIFICATION_DOORS: dict[str, Callable[[int, World], Any]] = {
    **{f"notifications_{name}": shut(call) for name, call in _SHUT.items()},
    "notifications_calls": lambda pk, w: ask(
        "SELECT n.* FROM notifications_webhook h CROSS JOIN LATERAL notifications_calls(h.id) n"
    ),
    "notifications_dead": lambda pk, w: ask("SELECT * FROM notifications_dead(1000)"),
    "notifications_differences": lambda pk, w: about(
        pk, "SELECT record_id, kind FROM notifications_differences()"
    ),
    "notifications_health": lambda pk, w: len(ask("SELECT notifications_health()")),
    "notifications_oldest": lambda pk, w: len(ask("SELECT notifications_oldest()")),
    "notifications_refresh": lambda pk, w: ask("SELECT notifications_refresh(%s)", w.cast.mission.pk),
    "notifications_replay": lambda pk, w: ask("SELECT notifications_replay(NULL)"),
    "notifications_sent": lambda pk, w: [
        ask("SELECT notifications_sent(%s, %s)", uuid, w.cast.people["owner"].email)
        for uuid in (
            hidden_keys(
                w.url, "notifications_notification", "JOIN notifications_notification x USING (id)", pk
            )
            or ["7d6c8a52-0000-4000-8000-000000000001"]
        )[:1]
    ],
    "notifications_settle": lambda pk, w: [
        ask("SELECT notifications_settle(%s, 'dropped', '', NULL)", key)
        for key in subjects_of(pk, w, "notifications_message")[:1]
    ],
    "notifications_settle_call": lambda pk, w: [
        ask("SELECT notifications_settle_call(%s, 'dropped', '', NULL)", key)
        for key in subjects_of(pk, w, "notifications_call")[:1]
    ],
}


STAKEHOLDER_DOORS: dict[str, Callable[[int, World], Any]] = {
    "stakeholders_hints": lambda pk, w: ask("SELECT * FROM stakeholders_hints()"),
    "stakeholders_imports_forget": shut("stakeholders_imports_forget('1 day')"),
    "stakeholders_ineligible": lambda pk, w: ask(
        "SELECT * FROM stakeholders_ineligible('any', NULL, current_date)"
    ),
    "stakeholders_merge": lambda pk, w: [
        ask("SELECT stakeholders_merge(%s, %s)", pk, w.trios["stakeholder"].open.pk),
        ask("SELECT stakeholders_merge(%s, %s)", w.trios["stakeholder"].open.pk, pk),
    ],
}

PROJECT_DOORS: dict[str, Callable[[int, World], Any]] = {
    "joint_plans_project_lacking": lambda pk, w: [
        ask("SELECT joint_plans_project_lacking(%s, %s, '')", pk, step)
        for step in ("put_forward", "endorse", "keep", "archive")
    ],
}

GROUP_DOORS: dict[str, Callable[[int, World], Any]] = {
    "need_to_know_unseen_bodies": lambda pk, w: len(ask("SELECT need_to_know_unseen_bodies()")),
    "working_groups_leads": lambda pk, w: [
        ask("SELECT working_groups_leads(b.group_id) FROM working_groups_body b WHERE b.record_id = %s", pk),
        ask("SELECT working_groups_leads(%s)", w.cast.mission.group_id),
    ],
    "working_groups_convene": lambda pk, w: [
        ask("SELECT working_groups_convene(%s, %s)", pk, part) for part in ("all", "members", "item")
    ],
    "working_groups_appointed": lambda pk, w: ask("SELECT working_groups_appointed(%s)", pk),
    "working_groups_invite": lambda pk, w: ask(
        "SELECT working_groups_invite(%s, %s)", pk, w.cast.positions["outsider"].pk
    ),
    "working_groups_differences": lambda pk, w: about(
        pk, "SELECT record_id, kind FROM working_groups_differences()"
    ),
}

LESSON_DOORS: dict[str, Callable[[int, World], Any]] = {
    "lessons_open": lambda pk, w: ask("SELECT lessons_open(%s, 0, 1, '{}', '{}', 'mission')", pk),
}

PLAN_DOORS: dict[str, Callable[[int, World], Any]] = {
    f"joint_plans_{name}": partial(lambda name, pk, w: ask(f"SELECT joint_plans_{name}(%s)", pk), name)
    for name in ("contributes", "pending", "appointed", "plan_content")
}


def resources_asked_for(pk: int, world: World) -> list[int]:
    """Resources asked for, for a plan, read past the rule; one that never was without."""
    from tests.cast.rows import door

    with door(world.url) as cursor:
        cursor.execute("SELECT resource_id FROM joint_plans_promise WHERE plan_id = %s", [pk])
        return [row[0] for row in cursor.fetchall()] or [10**9]


RESOURCE_DOORS: dict[str, Callable[[int, World], Any]] = {
    "joint_plans_hints": lambda pk, w: ask("SELECT * FROM joint_plans_hints(%s)", pk),
    "joint_plans_taken": lambda pk, w: [
        ask("SELECT joint_plans_taken(%s, now() - interval '1 day', now() + interval '1 day')", resource)
        for resource in resources_asked_for(pk, w)[:1]
    ],
}


# Each door, called as the outsider about a record: what it says of a hidden one must be what it says of a missing one.
DOORS: dict[str, Callable[[int, World], Any]] = {
    "need_to_know_begin": lambda pk, w: ask(
        "SELECT * FROM need_to_know_begin(%s, %s)", pk, w.cast.mission.pk
    ),
    "need_to_know_begin_clock": lambda pk, w: ask("SELECT need_to_know_begin_clock(%s)", pk),
    "need_to_know_differences": lambda pk, w: about(
        pk, "SELECT record_id, kind FROM need_to_know_differences()"
    ),
    "need_to_know_may_give": lambda pk, w: ask(
        "SELECT need_to_know_may_give(%s, %s)", pk, permission_of(Right.VIEW).pk
    ),
    "need_to_know_newest": lambda pk, w: [
        about(pk, "SELECT record_id FROM need_to_know_newest(%s, NULL, NULL, 1000)", key) for key in w.trios
    ],
    "need_to_know_count": lambda pk, w: [ask("SELECT need_to_know_count(%s, 1000)", key) for key in w.trios],
    "need_to_know_dense": lambda pk, w: [
        ask("SELECT need_to_know_dense(%s, '-created_at', NULL)", key) for key in w.trios
    ],
    "need_to_know_break_glass": lambda pk, w: ask(
        "SELECT need_to_know_break_glass((SELECT 'RFA-' || %s), %s, 'Lives are at risk', 60)",
        pk,
        w.cast.positions["outsider"].pk,
    ),
    "need_to_know_chain_digest": lambda pk, w: len(ask("SELECT need_to_know_chain_digest()")),
    "need_to_know_chain_problems": lambda pk, w: about(pk, "SELECT * FROM need_to_know_chain_problems()"),
    "need_to_know_emergency_people": lambda pk, w: ask("SELECT * FROM need_to_know_emergency_people(%s)", pk),
    "need_to_know_emergency_review": lambda pk, w: (
        [ask("SELECT need_to_know_emergency_review(%s, true, 'x')", use) for use in emergencies_of(pk, w)]
        or [[(False,)]]
    ),
    "need_to_know_log": lambda pk, w: ask(
        "SELECT need_to_know_log(ARRAY[%s]::bigint[], ARRAY[2]::smallint[], 'page', 'x', '')", pk
    ),
    "need_to_know_request_decide": lambda pk, w: (
        [
            ask("SELECT need_to_know_request_decide(%s, 'full', '', '')", request)
            for request in requests_of(pk, w)
        ]
        or [[(False,)]]
    ),
    "need_to_know_request_withdraw": lambda pk, w: (
        [ask("SELECT need_to_know_request_withdraw(%s)", request) for request in requests_of(pk, w)]
        or [[(False,)]]
    ),
    "need_to_know_search": lambda pk, w: [
        about(pk, "SELECT record_id FROM need_to_know_search(%s, NULL, NULL, NULL, 1000)", text)
        for trio in w.trios.values()
        for text in (trio.hidden.title, trio.secret.title)
    ],
    "need_to_know_unmanaged": lambda pk, w: about(pk, "SELECT * FROM need_to_know_unmanaged(NULL)"),
    **NOTIFICATION_DOORS,
    **STAKEHOLDER_DOORS,
    **GROUP_DOORS,
    **LESSON_DOORS,
    **PROJECT_DOORS,
    **PLAN_DOORS,
    **RESOURCE_DOORS,
    "records_due": lambda pk, w: ask("SELECT * FROM records_due(1000)"),
    "records_lock": lambda pk, w: ask("SELECT * FROM records_lock(%s)", pk),
    "records_search_differences": lambda pk, w: about(
        pk, "SELECT record_id, kind FROM records_search_differences()"
    ),
    "records_withheld_differences": lambda pk, w: about(
        pk, "SELECT record_id, kind FROM records_withheld_differences()"
    ),
    "records_withheld_forget": lambda pk, w: ask(
        "SELECT records_withheld_forget(%s, ARRAY['contact_name'])", pk
    ),
    "records_withheld_holds": lambda pk, w: ask("SELECT records_withheld_holds(%s, 'contact_name')", pk),
    "records_reference": lambda pk, w: len(ask("SELECT records_reference('X')")),
}
