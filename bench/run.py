"""Runs the shapes interleaved, round after round, and sums them up as medians and ratios."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from guardian.shortcuts import get_objects_for_user

from apps.accounts.models import User
from apps.need_to_know.acting import acting_as
from apps.need_to_know.models import RecordGroupObjectPermission
from apps.need_to_know.selectors import newest_ids
from apps.records.models import Record
from bench import data
from bench.shapes import PAGE, TYPE, Shape, shapes

OWNER = 20  # whose records are shared in the writes: person, position and organisation alike


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds for one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def reads(door: Any, rounds: int, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """For every reader and shape: medians, and the ratio to the unfiltered query of the same round."""
    mission = data.mission()
    result: dict[str, Any] = {}
    order = random.Random(seed)
    for reader in data.readers():
        say(f"reading as {reader.profile}")
        user = User.objects.get(pk=reader.user_id)
        acting = [timed(partial(_act, user, mission)) for _round in range(rounds)]
        with acting_as(user, mission):
            chosen = _shapes(door)
            times: dict[str, list[tuple[float, float]]] = {shape.name: [] for shape in chosen}
            for _round in range(rounds + 1):
                for shape in order.sample(chosen, len(chosen)):
                    text, params = shape.plain()
                    plain = timed(lambda t=text, p=params: _fetch(door, t, p))  # type: ignore[misc]
                    times[shape.name].append((timed(shape.guarded), plain))
            seen = Record.objects.count()
        result[reader.profile] = {
            "visible": seen,
            "acting_ms": round(statistics.median(acting), 2),
            "shapes": {name: _summary(pairs[1:]) for name, pairs in times.items()},
        }
    return result


def _act(user: User, mission: Any) -> None:
    with acting_as(user, mission):
        pass


def _shapes(door: Any) -> list[Shape]:
    ids = newest_ids(TYPE, most=2000)
    half = Record.objects.get(pk=ids[len(ids) // 2])
    door.execute("SELECT id FROM records_record WHERE NOT id = ANY (%s) ORDER BY random()", [ids])
    candidates = [row[0] for row in door.fetchmany(200)]
    readable = set(Record.objects.filter(pk__in=candidates).values_list("pk", flat=True))
    hidden = next((pk for pk in candidates if pk not in readable), candidates[0])
    return shapes((half.created_at, half.pk), ids[min(7, len(ids) - 1)], hidden)


def _fetch(door: Any, text: str, params: tuple[Any, ...]) -> None:
    door.execute(text, params)
    door.fetchall()


def _summary(pairs: list[tuple[float, float]]) -> dict[str, float]:
    return {
        "ms": round(statistics.median(guarded for guarded, _plain in pairs), 2),
        "unfiltered_ms": round(statistics.median(plain for _guarded, plain in pairs), 2),
        "ratio": round(statistics.median(guarded / plain for guarded, plain in pairs), 2),
    }


def writes(door: Any, rounds: int) -> dict[str, Any]:
    """One grant with all that follows from it, against the bare row; and sharing many records with one group."""
    user, mission = User.objects.get(pk=OWNER), data.mission()
    view = Permission.objects.get(codename="view_record", content_type__model="record")
    with acting_as(user, mission):
        own = Record.objects.filter(type=TYPE, author_position_id=OWNER, scope="organisation")
        ids = list(own.order_by("-id").values_list("pk", flat=True)[:rounds])
    door.execute("CREATE TABLE bench_bare (LIKE need_to_know_recordgroupobjectpermission INCLUDING ALL)")
    door.execute("GRANT ALL ON bench_bare TO portal_door; SET ROLE portal_door")
    group = data.mission().group_id
    pairs = []
    for pk in ids:
        with acting_as(user, mission):
            given = timed(
                lambda pk=pk: RecordGroupObjectPermission.objects.create(  # type: ignore[misc]
                    permission=view, group_id=group, content_object_id=pk, reason="bench"
                )
            )
        bare = timed(
            lambda pk=pk: door.execute(  # type: ignore[misc]
                "INSERT INTO bench_bare (permission_id, group_id, content_object_id, granted_at, reason)"
                " VALUES (%s, %s, %s, now(), 'bench')",
                [view.pk, group, pk],
            )
        )
        pairs.append((given, bare))
    many = timed(
        lambda: door.execute(
            "INSERT INTO need_to_know_recordgroupobjectpermission"
            " (permission_id, group_id, content_object_id, granted_at, reason)"
            " SELECT %s, %s, id, now(), 'bench' FROM records_record ORDER BY id LIMIT 10000 ON CONFLICT DO NOTHING",
            [view.pk, group],
        )
    )
    return {"one grant": _summary(pairs), "10,000 records shared with one group, s": round(many / 1000, 2)}


def comparison(rounds: int) -> dict[str, Any]:
    """What the same newest-50 page costs through guardian's own filter, for a sense of proportion."""
    result = {}
    mission = data.mission()
    for reader in data.readers():
        user = User.objects.get(pk=reader.user_id)
        with acting_as(user, mission):
            user.groups.set(_groups(user))
            times = [timed(partial(_guardian_page, user)) for _round in range(rounds)]
        result[reader.profile] = round(statistics.median(times), 2)
    return result


def _guardian_page(user: User) -> list[Record]:
    found = get_objects_for_user(user, "records.view_record", klass=Record, accept_global_perms=False)
    return list(found.order_by("-created_at", "-id")[:PAGE])


def _groups(user: User) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(current_setting('app.principals')::int[])")
        return [row[0] for row in cursor.fetchall() if row[0] > 0]
