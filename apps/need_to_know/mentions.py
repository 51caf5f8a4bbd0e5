"""To whom a comment may be addressed: positions that take part in a record, read it now, and may be known by name."""

from __future__ import annotations

from django.db.models import Case, Q, Value, When

from apps.mission.models import Position
from apps.need_to_know.audience import Audience, audience_of
from apps.records.actors import Actor
from apps.records.mentions import OFFERED_MOST, offered_by
from apps.records.models import Addressee, Comment, Record
from apps.records.waiting import Waiting, waiting_for


def mentionable(
    actor: Actor, record: Record, *, seen: Audience | None = None, waiting: Waiting | None = None
) -> list[Position]:
    """Positions that filed the record, are awaited, were drawn in or commented on it; OFFERED_MOST, by title.

    Only those whose holders read it now, without breaking the glass, and whose names the actor may know; never the
    actor's own. `seen` (its audience as the actor sees it) and `waiting` spare their queries; one query is left.
    """
    seen = seen or audience_of(record).as_seen_by(actor)
    reading = {r.position_id for r in seen.readers if not r.emergency} - set(actor.position_ids)
    if not reading:
        return []
    waiting = waiting or waiting_for(record.record_type.concrete(record))
    first = {record.author_position_id} | {post.id for each in waiting.awaited for post in each.posts}
    concerned = (
        Q(pk__in=first)
        | Q(pk__in=Addressee.objects.filter(record_id=record.pk).values("position_id"))
        | Q(pk__in=Comment.objects.filter(record_id=record.pk).values("position_id"))
    )
    rows = Position.objects.filter(concerned, pk__in=reading).select_related("organisation")
    nearest = Case(When(pk__in=first, then=Value(0)), default=Value(1))
    return sorted(rows.order_by(nearest, "title", "pk")[:OFFERED_MOST], key=lambda p: (p.title, p.pk))


@offered_by
def mentionable_ids(actor: Actor, record: Record) -> set[int]:
    """The same by id, asked anew when a comment is added."""
    return {position.pk for position in mentionable(actor, record)}
