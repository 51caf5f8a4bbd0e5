"""The workflow of a record type as data. `transitions.py` carries steps out; nothing here touches the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.functional import Promise

from apps.mission.vocabulary import Role

if TYPE_CHECKING:
    from django import forms

    from apps.records.actors import Actor
    from apps.records.models import Record

Text = str | Promise
T = TypeVar("T")


class Duty(StrEnum):
    """Duties of which nobody may exercise two on one record."""

    REQUESTER = "requester"
    VALIDATOR = "validator"
    DECIDER = "decider"


class Outcome(StrEnum):
    """What kind of state it is: work goes on, or it ended well, or otherwise."""

    OPEN = "open"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True)
class State:
    """A state: who is awaited in it and for how long.

    `hours` is the default lead time, whole or by priority; a mission's `LeadTime` overrides it.
    `editable` says whether editors may change the record's fields in it.
    `track` names its place on the line of steps people see; states off the line leave it empty.
    `until(record)`: the moment that the record itself names; where it is given, no lead time counts.
    """

    code: str
    label: Text
    waits_for: Role | None = None
    hours: int | Mapping[int, int] | None = None
    outcome: Outcome = Outcome.OPEN
    editable: bool = False
    track: bool = True
    help: Text = ""
    until: Callable[[Any], datetime | None] | None = None


@dataclass(frozen=True)
class Automatic:
    """A step that the clock takes by itself: at `when(record)`, unless that is None."""

    step: str
    when: Callable[[Any], datetime | None]


@dataclass(frozen=True)
class Transition:
    """A step from any of `sources` to `target` (an empty target stays where it is).

    `roles`: who may; empty means the clock alone. `form`: what must be given with it; its cleaned data reaches
    `effect`. `guard` raises `Incomplete` or `NotPermitted` when the record is not ready. `style` orders buttons.
    `other_than` names a step: the person who took it last does not take this one, in whatever position. The type's own
    migration has the database refuse it too.
    """

    name: str
    label: Text
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...] = ()
    duty: Duty | None = None
    note_required: bool = False
    form: Callable[[], type[forms.BaseForm]] | None = None
    guard: Callable[[Actor, Any], None] | None = None
    effect: Callable[[Actor, Any, dict[str, Any]], None] | None = None
    offered: Callable[[Actor, Any], bool] | None = None
    other_than: str = ""
    style: str = "secondary"
    help: Text = ""

    @property
    def by_clock(self) -> bool:
        """Whether the portal's clock takes this step, and nobody else."""
        return not self.roles


@dataclass(frozen=True)
class Workflow:
    """States and transitions of one record type, checked when it is made."""

    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    automatic: Mapping[str, tuple[Automatic, ...]] = field(default_factory=dict)
    # who is drawn in when a state is reached: state -> roles whose positions become addressees
    draws_in: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    # the clock's own step that does nothing but set the clock anew, when the moment has moved since it was set
    resets_clock: str = ""

    def __post_init__(self) -> None:
        codes = [s.code for s in self.states]
        names = [t.name for t in self.transitions]
        if len(set(codes)) != len(codes) or len(set(names)) != len(names):
            raise ValueError("a state or transition is declared twice")
        known = set(codes)
        named = {self.initial, *self.automatic, *self.draws_in}
        for step in self.transitions:
            named |= {*step.sources, step.target or self.initial}
        if unknown := named - known:
            raise ValueError(f"unknown states: {sorted(unknown)}")
        if self.resets_clock and self.resets_clock not in names:
            raise ValueError(f"unknown step: {self.resets_clock}")
        if wrong := [t.other_than for t in self.transitions if t.other_than and t.other_than not in names]:
            raise ValueError(f"unknown steps: {wrong}")
        for steps in self.automatic.values():
            if wrong := [a.step for a in steps if a.step not in names]:
                raise ValueError(f"unknown automatic steps: {wrong}")

    def state(self, code: str) -> State:
        """The state with that code; KeyError if there is none."""
        return _first((s for s in self.states if s.code == code), code)

    def transition(self, name: str) -> Transition:
        """The transition with that name; KeyError if there is none."""
        return _first((t for t in self.transitions if t.name == name), name)

    def from_state(self, code: str) -> list[Transition]:
        """Transitions that leave that state, in the order declared."""
        return [t for t in self.transitions if code in t.sources]

    def edges(self) -> set[tuple[str, str, str, str, bool]]:
        """All legal (name, from, to, duty, by_clock); filing is the edge from nowhere to the initial state."""
        result = {("file", "", self.initial, Duty.REQUESTER.value, False)}
        for step in self.transitions:
            for source in step.sources:
                duty = step.duty.value if step.duty else ""
                result.add((step.name, source, step.target or source, duty, step.by_clock))
        return result

    def next_automatic(self, record: Record, state: str) -> tuple[datetime, str] | None:
        """The earliest step the clock will take from `state`, if any."""
        due = [(a.when(record), a.step) for a in self.automatic.get(state, ())]
        dated = [(moment, step) for moment, step in due if moment is not None]
        return min(dated) if dated else None


def _first(items: Iterable[T], key: str) -> T:
    """First of `items`, or KeyError(key)."""
    for item in items:
        return item
    raise KeyError(key)


def lead_time(state: State, priority: int | None) -> timedelta | None:
    """The state's own lead time for a priority; None where it may wait for ever."""
    hours = state.hours
    if isinstance(hours, Mapping):
        hours = hours.get(priority or max(hours), None)
    return None if hours is None else timedelta(hours=hours)
