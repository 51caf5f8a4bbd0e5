"""What comes with a position: work that waits for it, its drafts, what was shared with it. Read under the row rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Q

from apps.desk import selectors
from apps.desk.selectors import Work, work
from apps.mission.models import Position
from apps.need_to_know.models import RecordGroupObjectPermission
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import all_types
from apps.records.waiting import Needed, needs_me


@dataclass(frozen=True)
class OpenWork:
    """Work of a position: what waits for it, the most urgent first; its drafts; how many records it was given."""

    waiting: list[Needed]
    drafts: Work
    given: int


def open_work(actor: Actor, position: Position) -> OpenWork:
    """The work of one position of the actor, as they may read it; as much of each sort as a desk shows."""
    alone = replace(actor, position_ids=(position.pk,))
    first = Q(pk__in=[])
    for declared in all_types():
        first |= Q(type=declared.key, state=declared.workflow.initial)
    drafts = Record.objects.filter(first, mission=actor.mission, author_position=position)
    given = RecordGroupObjectPermission.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now()), group_id=position.group_id
    )
    return OpenWork(
        waiting=needs_me(alone),
        drafts=work(drafts.order_by("-updated_at", "-id"), selectors.SHOWN),
        given=given.values("content_object_id").distinct().count(),
    )
