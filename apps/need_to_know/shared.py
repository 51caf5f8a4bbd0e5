"""What was shared with somebody by name: to them in person, or to a position that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from apps.need_to_know.known import unknown_person
from apps.need_to_know.models import RecordGroupObjectPermission, RecordUserObjectPermission, Right
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record


@dataclass(frozen=True)
class Shared:
    """A record that somebody shared with the actor; `by` is empty for whom the actor may not know."""

    record: Record
    right: Right
    by: str
    reason: str
    at: datetime
    until: datetime | None


def shared_with(actor: Actor, most: int) -> list[Shared]:
    """The newest of what was shared by name and is still open, each record once; two queries at most.

    It is gone with the grant: nothing is kept that a revocation would have to find.
    """
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    columns = (
        "content_object_id", "permission__codename", "granted_by__name", "reason", "granted_at", "expires_at",
        "giver_hidden",
    )  # fmt: skip
    hidden = ExpressionWrapper(unknown_person(actor, "granted_by_id"), output_field=BooleanField())
    mine = [position.group_id for position in actor.positions]
    sources: list[Any] = [
        RecordUserObjectPermission.objects.filter(live, user=actor.user),
        RecordGroupObjectPermission.objects.filter(live, group_id__in=mine),
    ]
    parts = [
        rows.filter(content_object__mission=actor.mission)
        .exclude(granted_by_id=actor.user_id)
        .annotate(giver_hidden=hidden)
        .order_by(F("granted_at").desc())
        .values_list(*columns)[: 2 * most]
        for rows in sources
    ]
    newest: dict[int, Any] = {}
    for row in sorted(parts[0].union(parts[1], all=True), key=lambda row: row[4], reverse=True):
        newest.setdefault(row[0], row)
    wanted = dict(list(newest.items())[:most])
    records = Record.objects.filter(pk__in=wanted).select_related("originator") if wanted else []
    by_id = {record.pk: record for record in records}
    return [
        Shared(by_id[pk], Right(right), "" if giver_hidden else giver or "", reason, at, until)
        for pk, (_pk, right, giver, reason, at, until, giver_hidden) in wanted.items()
        if pk in by_id
    ]
