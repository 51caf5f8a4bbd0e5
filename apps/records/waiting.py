"""What a record waits for: which positions act next, who holds them now, until when;
and what waits for an actor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf

from apps.mission.models import Holding
from apps.mission.vocabulary import Capacity, Role
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import RecordType, all_types
from apps.records.workflow import State, Text

SHOWN_MOST = 100


@dataclass(frozen=True)
class Person:
    """Somebody who holds a position now, or acts for its holder."""

    id: int
    name: str
    is_acting: bool = False


@dataclass
class Post:
    """A position that is awaited, with whoever holds it now and whoever stands in."""

    id: int
    title: str
    organisation: str
    organisation_id: int
    holders: list[Person] = field(default_factory=list)
    substitutes: list[Person] = field(default_factory=list)


@dataclass
class Awaited:
    """A role that is awaited, for what (empty: for the state's own step) and until when."""

    role: Role
    text: Text
    due_at: datetime | None
    posts: list[Post] = field(default_factory=list)


@dataclass
class Waiting:
    """Whom a record waits for: first those its state awaits, then what is open beside it."""

    state: State
    due_at: datetime | None
    awaited: list[Awaited] = field(default_factory=list)


@dataclass(frozen=True)
class Needed:
    """A record that waits for a role of the actor, until when."""

    record: Record
    role: Role
    due_at: datetime | None


def waiting_for(record: Any) -> Waiting:
    """Who acts next on a record and by when; two queries, besides what the type asks itself."""
    declared: type[RecordType] = record.record_type
    found = Waiting(declared.workflow.state(record.state), record.due_at)
    found.awaited = [Awaited(role, "", record.due_at) for role in declared.awaited(record)]
    found.awaited += [Awaited(more.role, more.text, more.due) for more in declared.pending(record)]
    posts = _posts(record, found.awaited)
    if posts:
        held = (
            Holding.objects.current()
            .filter(position_id__in=posts)
            .select_related("person")
            .order_by("starts")
        )
        for holding in held:
            person = Person(
                holding.person_id, holding.person.name, is_acting=holding.capacity == Capacity.ACTING
            )
            for post in posts[holding.position_id]:
                (post.substitutes if holding.capacity == Capacity.SUBSTITUTE else post.holders).append(person)
    return found


def _posts(record: Any, awaited: list[Awaited]) -> dict[int, list[Post]]:
    """Fill in the positions that exercise the roles awaited; one query whatever their number."""
    found: dict[int, list[Post]] = {}
    if not awaited:
        return found
    organisation = Coalesce(NullIf("organisation__acronym", Value("")), "organisation__name")
    wanted = [
        record.record_type.role_positions(record, each.role)
        .order_by()
        .values_list(Value(number), "pk", "title", organisation, "organisation_id")
        for number, each in enumerate(awaited)
    ]
    for number, key, title, of, organisation_id in sorted(wanted[0].union(*wanted[1:])):
        post = Post(key, title, of, organisation_id)
        awaited[number].posts.append(post)
        found.setdefault(key, []).append(post)
    return found


def needs_me(actor: Actor, most: int = SHOWN_MOST) -> list[Needed]:
    """Records that wait for one of the actor's positions, the most urgent first.

    Two queries however many types and roles there are, and those by which a type finds its own clocks.
    """
    asked: list[tuple[type[RecordType], Role]] = []
    parts = []
    for declared in all_types():
        for role in sorted(declared.awaited_roles()):
            condition = declared.awaiting(actor, role) if declared.could_exercise(actor, role) else None
            if condition is not None:
                rows = Record.objects.filter(condition, mission=actor.mission, type=declared.key)
                rows = rows.order_by(F("due_at").asc(nulls_last=True), "id")
                parts.append(rows.values_list(Value(len(asked)), "pk")[:most])
                asked.append((declared, role))
    waiting = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]) if parts else []
    if not waiting:
        return []
    known = Record.objects.select_related("originator", "mission").in_bulk({pk for _number, pk in waiting})
    found: dict[int, Needed] = {}
    for number, (declared, role) in enumerate(asked):
        records = [known[pk] for each, pk in waiting if each == number and pk in known]
        due = declared.due_for(records, role) if records else {}
        for record in records:
            needed = Needed(record, role, due.get(record.pk))
            if record.pk not in found or _urgency(needed) < _urgency(found[record.pk]):
                found[record.pk] = needed
    return sorted(found.values(), key=_urgency)[:most]


def waits_for(actor: Actor, record: Record) -> bool:
    """Whether a record waits for one of the actor's positions, by its state or by what is open beside it.

    One query for each of the actor's roles that its type may wait for, until one says yes.
    """
    declared = record.record_type
    rows = Record.objects.filter(pk=record.pk, mission=actor.mission)
    for role in sorted(declared.awaited_roles()):
        condition = declared.awaiting(actor, role) if declared.could_exercise(actor, role) else None
        if condition is not None and rows.filter(condition).exists():
            return True
    return False


def _urgency(needed: Needed) -> tuple[bool, datetime, int]:
    return (needed.due_at is None, needed.due_at or needed.record.created_at, needed.record.pk)
