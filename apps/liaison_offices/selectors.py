"""Reads of liaison under the row rule: links, offices, who holds what now, what was agreed and what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from apps.liaison_offices import duty
from apps.liaison_offices.models import (
    Channel,
    Counterpart,
    Engagement,
    FollowUp,
    LiaisonLink,
    LiaisonOffice,
    LiaisonRule,
    Officer,
    Shift,
)
from apps.liaison_offices.rules import Rules
from apps.liaison_offices.vocabulary import DIALLED, FollowUpState
from apps.mission.models import Area, Holding, Position, PositionRole
from apps.mission.vocabulary import Role
from apps.need_to_know.known import unknown, unknown_person
from apps.records import clock
from apps.records.actors import Actor
from apps.stakeholders.selectors import LIVE

#: States in which an engagement was held.
HELD = ("reported", "closed")


def links(actor: Actor) -> QuerySet[LiaisonLink]:
    """Links in use between organisations on the register, with both ends."""
    return LiaisonLink.objects.filter(
        is_active=True, a__mission=actor.mission, a__state__in=LIVE, b__state__in=LIVE
    ).select_related("a", "b", "area")


def writes_links(actor: Actor) -> bool:
    """Whether the actor may make links at all: keepers of organisations, CMCoord and CIMIC officers."""
    held = set(actor.mission.register_roles) | {Role.CMCOORD, Role.CIMIC}
    return any(actor.has_role(role) for role in held)


def mission_rules(actor: Actor) -> Rules:
    """The mission's rules, ready to be asked; two queries."""
    parents = dict(Area.objects.filter(mission=actor.mission).values_list("pk", "parent_id"))
    return Rules(LiaisonRule.objects.filter(mission=actor.mission).select_related("area"), parents)


def officers_of(positions: Collection[int]) -> frozenset[int]:
    """Which of these positions are CMCoord officers'."""
    held = PositionRole.objects.filter(role=Role.CMCOORD, position_id__in=positions)
    return frozenset(held.values_list("position_id", flat=True))


@dataclass
class Posts:
    """Positions by name and with who holds them now, as far as the reader may know; asks two queries at most."""

    actor: Actor
    titles: dict[int, str] = field(default_factory=dict)
    rows: dict[int, Position] = field(default_factory=dict)
    people: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    held: set[int] = field(default_factory=set)

    def load(self, ids: Iterable[int | None]) -> Posts:
        """Read these."""
        wanted = {each for each in ids if each is not None} - set(self.titles)
        if not wanted:
            return self
        known = Position.objects.filter(pk__in=wanted).exclude(unknown(self.actor, "organisation"))
        for post in known.select_related("organisation"):
            self.rows[post.pk] = post
            self.titles[post.pk] = f"{post.title}, {post.organisation.acronym or post.organisation.name}"
        rows = (
            Holding.objects.current()
            .filter(position_id__in=wanted)
            .annotate(
                hidden=Case(
                    When(unknown_person(self.actor, "person_id"), then=Value(True)), default=Value(False),
                    output_field=BooleanField(),
                )
            )
            .order_by("starts", "pk")
        )  # fmt: skip
        for position, name, hidden in rows.values_list("position_id", "person__name", "hidden"):
            self.held.add(position)
            if position in self.titles and not hidden:
                self.people[position].append(name)
        return self

    def shown(self, position: int | None) -> dict[str, Any] | None:
        """A position as templates draw it; without a title where it is restricted."""
        if position is None:
            return None
        return {
            "title": self.titles.get(position, ""),
            "people": self.people.get(position, []),
            "vacant": position not in self.held,
        }


@dataclass
class OfficeNow:
    """An office with what one needs to ring it now."""

    office: LiaisonOffice
    channels: list[Channel] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    now: datetime = field(default_factory=clock.now)

    @property
    def on_duty(self) -> list[Shift]:
        """Who is on duty now."""
        return [shift for shift in self.shifts if shift.starts <= self.now < shift.ends]

    @property
    def gaps(self) -> list[duty.Span]:
        """When nobody is, though somebody should be."""
        return duty.gaps(self.office, self.shifts, self.now)

    @property
    def number(self) -> Channel | None:
        """The number to ring: the first that one dials, else the first channel."""
        dialled = [each for each in self.channels if each.kind in DIALLED]
        return next(iter(dialled or self.channels), None)

    @property
    def positions(self) -> list[int]:
        """Everybody who serves there."""
        return [*(each.position_id for each in self.officers), *(each.position_id for each in self.shifts)]


def offices_now(offices: Iterable[LiaisonOffice]) -> list[OfficeNow]:
    """These offices with channels, officers of today and shifts to come; three queries whatever their number."""
    now = clock.now()
    found = {office.pk: OfficeNow(office, now=now) for office in offices}
    if not found:
        return []
    for channel in Channel.objects.filter(office_id__in=found):
        found[channel.office_id].channels.append(channel)
    today = now.date()
    serving = Officer.objects.filter(
        Q(starts__isnull=True) | Q(starts__lte=today), Q(until__isnull=True) | Q(until__gte=today),
        office_id__in=found,
    )  # fmt: skip
    for officer in serving:
        found[officer.office_id].officers.append(officer)
    soon = now + timedelta(days=duty.DAYS_AHEAD)
    for shift in Shift.objects.filter(office_id__in=found, ends__gt=now, starts__lt=soon):
        found[shift.office_id].shifts.append(shift)
    return list(found.values())


def office_of(office: LiaisonOffice, rows: Mapping[str, Any]) -> OfficeNow:
    """The same of one office whose rows have been read; no query."""
    found = OfficeNow(office, list(rows.get("channels", [])))
    today, soon = found.now.date(), found.now + timedelta(days=duty.DAYS_AHEAD)
    found.officers = [
        row
        for row in rows.get("officers", [])
        if (row.starts is None or row.starts <= today) and (row.until is None or row.until >= today)
    ]
    found.shifts = [row for row in rows.get("shifts", []) if row.ends > found.now and row.starts < soon]
    return found


def open_offices(actor: Actor) -> QuerySet[LiaisonOffice]:
    """Offices that are open and that the actor may know of."""
    return LiaisonOffice.objects.filter(mission=actor.mission, state="open").select_related("mission", "area")


@dataclass
class Talks:
    """What one organisation's engagements say to a reader."""

    last: Engagement | None = None
    agreed: Engagement | None = None
    planned: Engagement | None = None
    open: list[FollowUp] = field(default_factory=list)


def talks_with(stakeholders: Collection[int]) -> dict[int, Talks]:
    """For each of these the last engagement, what was last agreed, the next one, and what is open; two queries."""
    rows = (
        Counterpart.objects.filter(stakeholder_id__in=stakeholders, engagement__state__in=(*HELD, "planned"))
        .select_related("engagement", "engagement__originator", "engagement__author_position")
        .order_by("engagement__held_on", "engagement_id")
    )
    found: dict[int, Talks] = {each: Talks() for each in stakeholders}
    with_whom: dict[int, list[int]] = defaultdict(list)
    now = clock.now()
    for row in rows:
        talks, engagement = found[row.stakeholder_id], row.engagement
        if engagement.state == "planned":
            when = engagement.planned_for
            before = talks.planned.planned_for if talks.planned else None
            if talks.planned is None or (when and when >= now and (before is None or when < before)):
                talks.planned = engagement
            continue
        talks.last = engagement
        if engagement.agreed.strip():
            talks.agreed = engagement
        with_whom[engagement.pk].append(row.stakeholder_id)
    for follow_up in FollowUp.objects.filter(
        engagement_id__in=list(with_whom), state=FollowUpState.OPEN
    ).select_related("engagement"):
        for stakeholder in with_whom[follow_up.engagement_id]:
            found[stakeholder].open.append(follow_up)
    return found
