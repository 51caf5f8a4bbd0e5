"""What a person's desk shows, read under the row rule:
a handful of records of each sort, never a whole table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet

from apps.records import clock
from apps.records.actors import Actor
from apps.records.exercises import apart, stands_apart
from apps.records.models import Record
from apps.records.registry import RecordType, all_types
from apps.records.waiting import Needed, needs_me
from apps.records.workflow import Outcome

SHOWN = 25
BESIDE = 10
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Work:
    """Records of one sort of work, at most as many as are shown, and whether there are more."""

    records: list[Record]
    more: bool


def work(found: QuerySet[Record], most: int = BESIDE) -> Work:
    """As many of them as are shown."""
    rows = list(found.select_related("originator")[: most + 1])
    return Work(rows[:most], len(rows) > most)


def _open_states(declared: type[RecordType]) -> list[str]:
    """States other than the first in which somebody is awaited: a file that is kept is no open work."""
    states = declared.workflow.states
    return [
        s.code
        for s in states
        if s.outcome is Outcome.OPEN and s.waits_for and s.code != declared.workflow.initial
    ]


def _real(actor: Actor) -> QuerySet[Record]:
    """Records of the mission without the exercises among them: those have a section of their own."""
    return Record.objects.filter(mission=actor.mission).exclude(apart(actor))


def _mine(actor: Actor) -> QuerySet[Record]:
    return _real(actor).filter(author_position_id__in=actor.position_ids)


def waiting(actor: Actor) -> tuple[list[Needed], list[Needed]]:
    """What waits for my positions, the most urgent first, and the same of exercises among real records.

    What was sent back to me stands apart.
    """
    found = [
        needed
        for needed in needs_me(actor)
        if needed.record.state not in _sent_back_states(needed.record.record_type)
    ]
    real = [each for each in found if not stands_apart(actor, each.record)]
    return real, [each for each in found if stands_apart(actor, each.record)]


def exercises(actor: Actor) -> Work:
    """Exercises among the real records that I read and that are not over, the last changed first."""
    open_ones = Q(pk__in=[])
    for declared in all_types():
        if declared.exercise_kinds:
            states = [s.code for s in declared.workflow.states if s.outcome is Outcome.OPEN]
            open_ones |= Q(type=declared.key, state__in=states)
    found = Record.objects.filter(open_ones & apart(actor), mission=actor.mission)
    return work(found.order_by("-updated_at", "-id"))


def returned(actor: Actor) -> Work:
    """What was sent back to my positions to be mended."""
    wanted = Q(pk__in=[])
    for declared in all_types():
        wanted |= Q(type=declared.key, state__in=_sent_back_states(declared))
    return work(_mine(actor).filter(wanted).order_by(F("due_at").asc(nulls_last=True), "id"))


def drafts(actor: Actor) -> Work:
    """Drafts of my positions, the last touched first."""
    wanted = Q(pk__in=[])
    for declared in all_types():
        wanted |= Q(type=declared.key, state=declared.workflow.initial)
    return work(_mine(actor).filter(wanted).order_by("-updated_at", "-id"))


def of_my_organisation(actor: Actor) -> Work:
    """Open records that my organisations originated, the next due first."""
    organisations = {position.organisation_id for position in actor.positions}
    wanted = Q(pk__in=[])
    for declared in all_types():
        wanted |= Q(type=declared.key, state__in=_open_states(declared))
    found = _real(actor).filter(wanted, originator_id__in=organisations)
    return work(found.order_by(F("due_at").asc(nulls_last=True), "id"))


def changed_lately(actor: Actor) -> Work:
    """What changed in the last days among all that I can read, the last first, drafts left out.

    WHY: a bound in time, because a reader of old records alone would make the index be walked to its end.
    """
    wanted = Q(pk__in=[])
    for declared in all_types():
        wanted |= Q(type=declared.key) & ~Q(state=declared.workflow.initial)
    lately = clock.now() - LATELY
    found = _real(actor).filter(wanted, updated_at__gte=lately)
    return work(found.order_by("-updated_at", "-id"))


def _sent_back_states(declared: type[RecordType]) -> list[str]:
    """States off the line of steps in which the author is awaited and may edit again."""
    first = declared.workflow.initial
    return [
        s.code
        for s in declared.workflow.states
        if s.editable and s.waits_for and not s.track and s.code != first
    ]
