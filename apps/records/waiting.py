"""What a record waits for: which positions act next, who holds them now, until when; and what waits for an actor."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from apps.mission.models import Holding
from apps.mission.vocabulary import Capacity, Role
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import RecordType, all_types
from apps.records.workflow import State

SHOWN_MOST = 100


@dataclass(frozen=True)
class Person:
    """Somebody who holds a position now."""

    id: int
    name: str


@dataclass
class Post:
    """A position that is awaited, with whoever holds it now and whoever stands in."""

    title: str
    organisation: str
    holders: list[Person] = field(default_factory=list)
    substitutes: list[Person] = field(default_factory=list)


@dataclass
class Waiting:
    """Whom a record waits for in its state, and until when. No posts when it waits for nobody."""

    state: State
    role: Role | None
    due_at: datetime | None
    posts: list[Post] = field(default_factory=list)


def waiting_for(record: Any) -> Waiting:
    """Who acts next on a record and by when; two queries, none when it waits for nobody."""
    declared: type[RecordType] = record.record_type
    state = declared.workflow.state(record.state)
    role = declared.awaited(record)
    found = Waiting(state, role, record.due_at)
    if role is None:
        return found
    posts = {
        position.pk: Post(position.title, str(position.organisation))
        for position in declared.role_positions(record, role).select_related("organisation").distinct()
    }
    held = Holding.objects.current().filter(position_id__in=posts).select_related("person").order_by("starts")
    for holding in held:
        post = posts[holding.position_id]
        person = Person(holding.person_id, holding.person.name)
        (post.substitutes if holding.capacity == Capacity.SUBSTITUTE else post.holders).append(person)
    found.posts = list(posts.values())
    return found


def needs_me(actor: Actor, most: int = SHOWN_MOST) -> list[Record]:
    """Records that wait for one of the actor's positions, the most urgent first; one query for each record type."""
    found: list[Record] = []
    for declared in all_types():
        found += needing(actor, declared).select_related("originator")[:most]
    return sorted(found, key=lambda r: (r.due_at is None, r.due_at or r.created_at, r.pk))[:most]


def needing(actor: Actor, declared: type[RecordType]) -> QuerySet[Record]:
    """Records of a type whose state waits for a role in which one of the actor's positions was drawn in.

    What waits for the requester waits for the position that filed it, and drafts of one's own are not in it.
    """
    roles = {held.role for position in actor.positions for held in position.roles.all()}
    wanted = Q(pk__in=[])
    for role in roles:
        states = [
            s.code for s in declared.workflow.states if s.waits_for == role and s.code != declared.workflow.initial
        ]
        if role == Role.REQUESTER:
            wanted |= Q(state__in=states, author_position_id__in=actor.position_ids)
        elif states:
            drawn = Q(addressees__position_id__in=actor.position_ids, addressees__role=role)
            wanted |= Q(state__in=states) & drawn
    found = Record.objects.filter(wanted, mission=actor.mission, type=declared.key).distinct()
    return found.order_by(F("due_at").asc(nulls_last=True), "id")
