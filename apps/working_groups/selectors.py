"""Which decisions are my groups' or due for review, and which meetings are mine these days. Reads only, no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from apps.records import clock
from apps.records.actors import Actor
from apps.records.reading import note_unseen
from apps.working_groups.models import Attendance, Decision, Meeting

#: Meetings of two days that a desk shows.
MEETINGS_MOST = 10


@dataclass(frozen=True)
class Near:
    """A meeting of today or tomorrow; whether the actor is expected at it, and what they answered."""

    meeting: Meeting
    day: date
    is_today: bool
    is_expected: bool
    answer: str
    substitute: str


def today_of(actor: Actor) -> date:
    """The day that it is in the mission."""
    return clock.now().astimezone(ZoneInfo(actor.mission.time_zone)).date()


def groups_of(actor: Actor) -> list[int]:
    """What the actor is named by, groups among it; people are negative numbers and no groups."""
    return [principal for principal in actor.principals if principal > 0]


def my_groups(actor: Actor) -> Q:
    """Decisions of the groups that I belong to."""
    return _decisions(Q(body_id__in=groups_of(actor)))


def review_overdue(actor: Actor) -> Q:
    """Decisions in force whose review was due before today."""
    return Q(state="in_force") & _decisions(Q(review_on__lt=today_of(actor)))


def _decisions(condition: Q) -> Q:
    return Q(pk__in=Decision.objects.filter(condition).values("record_ptr_id"))


def expected_as(actor: Actor) -> Q:
    """Rows of attendance in which the actor is expected: by position, or with their organisation."""
    houses = [position.organisation_id for position in actor.positions]
    return Q(position_id__in=actor.position_ids) | Q(organisation_id__in=houses)


def near_meetings(actor: Actor) -> tuple[list[Near], bool]:
    """My meetings of today and tomorrow by the mission's clock, the next first, and whether there are more; one query.

    Mine are those at which I am expected, those of my groups, and those that I keep: what merely everybody may read
    stands in the list of meetings.
    """
    zone = ZoneInfo(actor.mission.time_zone)
    today = today_of(actor)
    begins, ends = _midnight(today, zone), _midnight(today + timedelta(days=2), zone)
    mine = actor.position_ids
    row = Attendance.objects.filter(expected_as(actor), meeting_id=OuterRef("pk")).order_by("standing", "pk")
    concerned = (
        Q(is_expected=True)
        | Q(body_id__in=groups_of(actor))
        | Q(chair_id__in=mine)
        | Q(secretary_id__in=mine)
        | Q(author_position_id__in=mine)
    )
    # WHY: one that began before midnight and goes on is still a meeting of today.
    these_days = Q(needed_by__gte=begins) | Q(state="session", ends_at__gte=begins)
    rows = Meeting.objects.filter(
        these_days, mission=actor.mission, state__in=("planned", "session"), needed_by__lt=ends
    ).annotate(
        is_expected=Exists(row),
        my_answer=Coalesce(Subquery(row.values("answer")[:1]), Value("")),
        my_substitute=Coalesce(Subquery(row.values("substitute")[:1]), Value("")),
    )
    found = list(rows.filter(concerned).order_by("needed_by", "pk")[: MEETINGS_MOST + 1])
    note_unseen(meeting.pk for meeting in found[MEETINGS_MOST:])
    for meeting in found:
        meeting.mission = actor.mission  # WHY: its zone is asked for wherever its time is told.
    return [_near(meeting, today, zone) for meeting in found[:MEETINGS_MOST]], len(found) > MEETINGS_MOST


def _near(meeting: Any, today: date, zone: ZoneInfo) -> Near:
    day = max(meeting.needed_by.astimezone(zone).date(), today)
    return Near(meeting, day, day == today, meeting.is_expected, meeting.my_answer, meeting.my_substitute)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
