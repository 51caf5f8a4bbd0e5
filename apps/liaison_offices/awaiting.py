"""What an engagement waits for: its keeper's report, and the owners of follow-ups. The row rule does the hiding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.liaison_offices.models import FollowUp
from apps.liaison_offices.positions import OWNER
from apps.liaison_offices.vocabulary import FollowUpState
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import Pending


def _end_of(day: date | None) -> datetime | None:
    """The last moment of a day; a follow-up is due until it is over."""
    return None if day is None else timezone.make_aware(datetime.combine(day, time(23, 59)))


def pending(record: Any) -> list[Pending]:
    """Follow-ups of a reported engagement that are open, the earliest first."""
    if record.state != "reported":
        return []
    rows = FollowUp.objects.filter(engagement_id=record.pk, state=FollowUpState.OPEN, owner__isnull=False)
    due = rows.aggregate(first=Min("due_on"), number=Min("pk"))
    return [] if due["number"] is None else [Pending(OWNER, _("follow-up"), _end_of(due["first"]))]


def awaiting(actor: Actor, role: Role) -> Q | None:
    """Planned engagements wait for their keeper to report, reported ones for owners of open follow-ups."""
    if role == Role.REQUESTER:
        return Q(state="planned", author_position_id__in=actor.position_ids)
    if role != OWNER:
        return None
    mine = FollowUp.objects.filter(owner_id__in=actor.position_ids, state=FollowUpState.OPEN)
    return Q(state="reported", pk__in=mine.values("engagement_id"))


def due_for(records: Sequence[Record], role: Role) -> dict[int, datetime | None]:
    """Until when: for owners, the earliest day on which a follow-up is due."""
    if role != OWNER:
        return {record.pk: record.due_at for record in records}
    first = FollowUp.objects.filter(
        engagement_id__in=[record.pk for record in records], state=FollowUpState.OPEN
    ).values_list("engagement_id").annotate(first=Min("due_on"))  # fmt: skip
    days = dict(first)
    return {record.pk: _end_of(days.get(record.pk)) for record in records}
