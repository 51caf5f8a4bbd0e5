"""Whom an event concerns, and why: rules of the field, asked by the herald. Who reads it, the database says.

A person is told of an event once, for the strongest of their reasons (`Reason`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from apps.notifications import clocks, herald
from apps.notifications.chain import Chain, people_of
from apps.notifications.herald import Taken
from apps.notifications.vocabulary import Reason
from apps.records.models import Change, Comment, Event, Step

_STRENGTH = {reason: number for number, reason in enumerate(Reason)}
_MUTABLE = {Reason.ANNOUNCEMENT, Reason.PART, Reason.FOLLOW}
CALLS = "calls"  # a row of the outbox for webhooks alone
_GRANT_SECONDS = timedelta(seconds=10)
_GRANTS = ("need_to_know_recordgroupobjectpermission", "need_to_know_recorduserobjectpermission")


@dataclass
class Concerned:
    """People and their strongest reasons.

    `inbox_only` are those who are absent: somebody else has their work. `at_once` goes out in quiet hours too.
    `lost` may have lost the right to read. `acting` are those who do the work of a position on which it waits.
    """

    reasons: dict[int, Reason] = field(default_factory=dict)
    inbox_only: set[int] = field(default_factory=set)
    at_once: bool = False
    lost: set[int] = field(default_factory=set)
    acting: set[int] = field(default_factory=set)

    def add(self, people: Iterable[int], reason: Reason) -> None:
        """Note people under a reason, unless they have a stronger one."""
        for person in people:
            known = self.reasons.get(person)
            if known is None or _STRENGTH[reason] < _STRENGTH[known]:
                self.reasons[person] = reason

    def add_needed(self, positions: Iterable[int], chain: Chain) -> None:
        """Those on whom it waits: present holders, else substitutes, else whoever stands next above and reads it.

        Where there is nobody of these, it comes to the absent holders as if they were present: work that waits is
        never in an inbox alone.
        """
        found = [chain.acting_for(position) for position in positions]
        for acting in found:
            self.add(acting.now | acting.absent, Reason.NEEDS_ME)
            self.acting |= acting.now
        self.inbox_only |= {person for acting in found if acting.now for person in acting.absent}
        self.inbox_only -= {person for acting in found for person in acting.now or acting.absent}

    def keep(self, people: set[int]) -> None:
        """Nobody but these, and those who act for a position on which it waits."""
        self.reasons = {p: reason for p, reason in self.reasons.items() if p in people | self.acting}

    def silence(self, muting: set[int]) -> None:
        """Whoever mutes it hears of what needs or names them, and of nothing else."""
        for person in muting:
            if self.reasons.get(person) in _MUTABLE:
                del self.reasons[person]


def concerned_by(taken: Taken, record: Any, event: Event) -> Concerned:
    """Whom that event of that record concerns."""
    found = Concerned()
    if taken.waits == CALLS:
        return found
    handler = _HANDLERS.get(event.verb)
    if handler is not None:
        handler(found, taken, record, event)
    else:
        kind = event.verb.partition(".")[2]
        if kind == "comment":
            _comment(found, taken, record, event)
        elif kind == "attachment":
            _interested(found, record, event)
        else:
            _step(found, taken, record, event, kind)
    found.reasons.pop(event.actor_id or 0, None)
    alone = record.record_type.told_alone(record)
    if alone is not None:
        found.keep(people_of(alone.values_list("pk", flat=True)))
    return found


def _step(found: Concerned, taken: Taken, record: Any, event: Event, name: str) -> None:
    """A step of the workflow: whoever is awaited now and was not before; readers of what is broadcast; others."""
    if name in record.record_type.broadcasts:
        emergency = record.record_type.is_emergency(record)
        found.add(herald.readers(), Reason.EMERGENCY if emergency else Reason.ANNOUNCEMENT)
        found.at_once = emergency
    # WHY: asked after the record was read. A step taken since has an event of its own, which tells whom it awaits.
    if not Step.objects.filter(record_id=record.pk, at__gt=event.at).exists():
        _newly_awaited(found, record, clocks.OF_STEPS)
    if name != record.record_type.workflow.resets_clock:
        _interested(found, record, event)


def _newly_awaited(found: Concerned, record: Any, tells: tuple[str, ...]) -> None:
    gained = herald.set_clocks(clocks.clocks_of(record), tells=tells)
    positions = sorted({position for each in gained.values() for position in each})
    found.add_needed(positions, Chain(positions, reading=herald.readers))


def _interested(found: Concerned, record: Any, event: Event) -> None:
    """Whoever filed it, was drawn in or has written on it; whoever follows it."""
    positions = {record.author_position_id, *record.addressees.values_list("position_id", flat=True)}
    found.add(people_of(positions), Reason.PART)
    subscribed = herald.subscribed()
    found.add([person for person, muted in subscribed.items() if not muted], Reason.FOLLOW)
    found.silence({person for person, muted in subscribed.items() if muted})


def _comment(found: Concerned, taken: Taken, record: Any, event: Event) -> None:
    comments = Comment.objects.filter(record_id=record.pk, at__lte=event.at)
    written = comments.filter(author_id=event.actor_id).order_by("-at", "-id").first()
    if written is not None:
        found.add(people_of(written.mentions), Reason.MENTION)
    found.add(comments.values_list("author_id", flat=True), Reason.PART)
    _interested(found, record, event)


def _beside(found: Concerned, taken: Taken, record: Any, event: Event) -> None:
    """A request for access, or an emergency access: whoever answers for the record."""
    _newly_awaited(found, record, clocks.BESIDE)
    found.at_once = event.verb == "record.emergency"


def _grant(found: Concerned, taken: Taken, record: Any, event: Event) -> None:
    """Whoever was given a right with this event: by its giver, just before it, and since their event before that."""
    earlier = Event.objects.filter(
        record_id=record.pk, verb=event.verb, actor_id=event.actor_id, at__lt=event.at,
        at__gt=event.at - _GRANT_SECONDS,
    ).order_by("-at").first()  # fmt: skip
    since = earlier.at if earlier else event.at - _GRANT_SECONDS
    given = {"granted_by_id": event.actor_id, "granted_at__lte": event.at, "granted_at__gt": since}
    groups = record.group_grants.filter(**given).values_list("group_id", flat=True)
    found.add(record.user_grants.filter(**given).values_list("user_id", flat=True), Reason.SHARED)
    found.add(herald.of_groups(groups), Reason.SHARED)


def _revoke(found: Concerned, taken: Taken, record: Any, event: Event) -> None:
    """Nobody is told. Pages that are open with those who lost it are asked whether they may still show it."""
    taken_back = Change.objects.filter(
        record_id=record.pk, table__in=_GRANTS, operation="delete", actor_id=event.actor_id,
        at__gt=event.at - _GRANT_SECONDS, at__lt=event.at + _GRANT_SECONDS,
    )  # fmt: skip
    groups: set[int] = set()
    for change in taken_back:
        if (person := change.fields.get("user_id", [None])[0]) is not None:
            found.lost.add(int(person))
        if (group := change.fields.get("group_id", [None])[0]) is not None:
            groups.add(int(group))
    found.lost |= herald.of_groups(groups)


def _clock(found: Concerned, taken: Taken, record: Any, event: Event) -> None:
    """A clock rang: nothing if it does not wait any more; else its holders, then the chain above, level by level."""
    ringing = next((each for each in clocks.clocks_of(record) if each.key == taken.waits), None)
    if ringing is None:
        return
    chain = Chain(ringing.positions, reading=herald.readers)
    found.add_needed(ringing.positions, chain)
    if taken.level < 2:
        return
    found.add(people_of([record.author_position_id]), Reason.PART)
    # WHY: after a stop several turns have come at once; each of those above whose turn it was is told.
    missed = herald.missed()
    above = {person for level in range(max(missed, 3), taken.level + 1) for person in chain.above(level - 2)}
    if missed > 2:
        # WHY: they have been told twice; now it is for whoever stands above them.
        found.inbox_only |= set(found.reasons)
    found.add(above, Reason.NEEDS_ME)
    found.inbox_only -= above


def _nobody(found: Concerned, taken: Taken, record: Any, event: Event) -> None:
    """What is told another way."""


Handler = Callable[[Concerned, Taken, Any, Event], None]
_HANDLERS: dict[str, Handler] = {
    "record.grant": _grant,
    "record.grant_many": _grant,
    "record.revoke": _revoke,
    "record.emergency": _beside,
    "record.access_asked": _beside,
    "record.emergency_reviewed": _nobody,
    "clock.reminder": _clock,
    "clock.overdue": _clock,
    "clock.escalated": _clock,
}
