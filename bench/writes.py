"""What sharing costs through the product's own services: one grant, one revocation, and 10,000 at once."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from apps.accounts.models import User
from apps.mission.models import Mission, Organisation
from apps.need_to_know import grants
from apps.need_to_know.acting import acting_as
from apps.records.models import Record
from bench.sizes import READERS, RESERVED, Profile
from bench.structure import MISSION

OWNER = RESERVED + 1  # person, position and organisation that filed most
MANY = 10_000
MANY_S, ONE_MS = 5.0, 20.0


class _Undone(Exception):
    """Takes the shared records back."""


def writes(cursor: Any, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Each with all that follows from it: stamp, history, audience, editors, feed and event."""
    say("writing")
    user, mission = User.objects.get(pk=OWNER), Mission.objects.get(pk=MISSION)
    to = Organisation.objects.get(pk=READERS[Profile.NONE])
    with acting_as(user, mission):
        own = Record.objects.filter(author_position_id=OWNER, classification=0).order_by("-id")
        ids = list(own.values_list("pk", flat=True)[: rounds + 1])
    given, taken = [], []
    for pk in ids:
        with acting_as(user, mission) as actor:
            record = Record.objects.get(pk=pk)
            given.append(_ms(lambda: grants.grant_give(actor, record=record, to=to, reason="bench")))  # noqa: B023
        with acting_as(user, mission) as actor:
            (key,) = [each.key for each in grants.grants_of(record) if each.to == to.name]
            taken.append(_ms(lambda: grants.grant_revoke(actor, record=record, key=key)))  # noqa: B023
    one, back = statistics.median(given[1:]), statistics.median(taken[1:])
    count, many = _many(user, mission, to)
    say("vacuuming")
    cursor.execute("VACUUM need_to_know_feed, need_to_know_recordgroupobjectpermission, records_record")
    return {
        "one grant, ms": round(one, 2),
        "one revocation, ms": round(back, 2),
        "records shared with one group": count,
        "sharing them, s": round(many, 2),
        "met": one < ONE_MS and back < ONE_MS and many < MANY_S,
    }


def _ms(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    _settle()
    return (time.perf_counter() - start) * 1000


def _settle() -> None:
    """What would run at the commit runs now, so that it is measured."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _many(user: User, mission: Mission, to: Organisation) -> tuple[int, float]:
    try:
        with acting_as(user, mission) as actor:
            own = (
                Record.objects.filter(originator_id=OWNER).order_by("-id").values_list("pk", flat=True)[:MANY]
            )
            chosen = Record.objects.filter(pk__in=list(own))
            took = _ms(lambda: grants.grant_give_many(actor, records=chosen, to=to, reason="bench")) / 1000
            count = Record.objects.filter(pk__in=list(own), group_grants__group_id=to.group_id).count()
            raise _Undone
    except _Undone:
        return count, took
