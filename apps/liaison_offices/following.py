"""Follow-ups: for whom a reported engagement waits, and until when. The row rule does the hiding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from apps.liaison_offices.models import FollowUp
from apps.liaison_offices.vocabulary import FollowUpState
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.need_to_know.known import unknown
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import Pending

if TYPE_CHECKING:
    from apps.liaison_offices.models import Engagement


def _open() -> Any:
    return FollowUp.objects.filter(state=FollowUpState.OPEN)


def end_of(day: date | None, zone: str) -> datetime | None:
    """The last minute of a day at the mission's place; None for none."""
    return None if day is None else datetime.combine(day, time(23, 59), ZoneInfo(zone))


def pending(record: Engagement) -> list[Pending]:
    """What is awaited of owners of follow-ups; nothing before it was reported. One query."""
    if record.state != "reported":
        return []
    rows = list(_open().filter(engagement_id=record.pk).order_by("due", "pk"))
    if not rows:
        return []
    first = min((row.due for row in rows if row.due), default=None)
    return [Pending(Role.UNIT, rows[0].what, end_of(first, record.mission.time_zone))]


def awaiting(actor: Actor, role: Role) -> Q | None:
    """Condition on Record under which it waits for one of the actor's positions."""
    if role == Role.REQUESTER:
        return Q(state="planned", author_position_id__in=actor.position_ids)
    if role == Role.UNIT:
        mine = _open().filter(owner_id__in=actor.position_ids)
        return Q(state="reported", pk__in=mine.values("engagement_id"))
    return None


def due_for(records: Sequence[Record], role: Role) -> dict[int, datetime | None]:
    """Until when these wait; one query for follow-ups."""
    if role != Role.UNIT:
        return {record.pk: record.due_at for record in records}
    firsts = dict(
        _open()
        .filter(engagement_id__in=[record.pk for record in records])
        .values("engagement_id")
        .annotate(first=Min("due"))
        .values_list("engagement_id", "first")
    )
    return {record.pk: end_of(firsts.get(record.pk), record.mission.time_zone) for record in records}


def owner_check(actor: Actor, engagement: Engagement, row: FollowUp) -> None:
    """ValidationError at `owner` for a position that is another mission's, or not the actor's to know."""
    known = Position.objects.filter(pk=row.owner_id, mission=actor.mission).exclude(
        unknown(actor, "organisation")
    )
    if row.owner_id and not known.exists():
        raise ValidationError({"owner": [_("Choose a position of this mission.")]})
    if row.state == FollowUpState.DROPPED and not row.note.strip():
        raise ValidationError({"note": [_("Say why it was dropped.")]})
