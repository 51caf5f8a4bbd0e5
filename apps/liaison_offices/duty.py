"""Who is on duty, and when nobody is: hours that an office says it covers, less the shifts of its roster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apps.liaison_offices.vocabulary import Cover

if TYPE_CHECKING:
    from apps.liaison_offices.models import LiaisonOffice, Shift

DAYS_AHEAD = 14


@dataclass(frozen=True)
class Span:
    """From a moment until another."""

    starts: datetime
    ends: datetime


def zone_of(office: LiaisonOffice) -> ZoneInfo:
    """The office's own time zone, or the mission's."""
    return ZoneInfo(office.time_zone or office.mission.time_zone)


def covered(office: LiaisonOffice, now: datetime) -> list[Span]:
    """When somebody should be on duty, from now for DAYS_AHEAD days; a span over midnight belongs to its first day."""
    until = now + timedelta(days=DAYS_AHEAD)
    if office.covers == Cover.ALWAYS:
        return [Span(now, until)]
    if office.covers != Cover.DAILY or office.covers_from is None or office.covers_until is None:
        return []
    zone, found = zone_of(office), []
    first = now.astimezone(zone).date() - timedelta(days=1)
    for number in range(DAYS_AHEAD + 2):
        day = first + timedelta(days=number)
        starts = datetime.combine(day, office.covers_from, zone)
        over = office.covers_until <= office.covers_from
        ends = datetime.combine(day + timedelta(days=over), office.covers_until, zone)
        span = Span(max(starts, now), min(ends, until))
        if span.starts < span.ends:
            found.append(span)
    return found


def gaps(office: LiaisonOffice, shifts: Iterable[Shift], now: datetime) -> list[Span]:
    """When somebody should be on duty and nobody is, in the order of time."""
    on_duty = sorted((shift.starts, shift.ends) for shift in shifts)
    found = []
    for span in covered(office, now):
        at = span.starts
        for starts, ends in on_duty:
            if ends <= at:
                continue
            if starts >= span.ends:
                break
            if starts > at:
                found.append(Span(at, starts))
            at = max(at, ends)
        if at < span.ends:
            found.append(Span(at, span.ends))
    return found


def is_night(moment: datetime) -> bool:
    """Whether it is night at that place: before six, or from eight in the evening."""
    return not time(6) <= moment.time() < time(20)
