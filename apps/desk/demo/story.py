"""How a request of the demo mission is written down: what was asked, and what happened to it. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apps.mission.vocabulary import RequestKind


@dataclass(frozen=True)
class Alt:
    """A civilian alternative that was tried: term, result, what shows it."""

    option: str
    result: str
    evidence: str


@dataclass(frozen=True)
class Cargo:
    """A line of cargo."""

    item: str
    quantity: float
    unit: str
    weight: float | None = None
    volume: float | None = None
    hazard: str = ""
    cold: bool = False


@dataclass(frozen=True)
class Step:
    """A step of the workflow by `who` (a person; empty: whoever usually takes it), `after` hours."""

    name: str
    after: float = 5
    note: str = ""
    who: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    """A comment by a person."""

    who: str
    text: str
    after: float = 2


@dataclass(frozen=True)
class Attach:
    """A file that the requester hangs on: its name decides its kind (txt, png, pdf)."""

    name: str
    shows: str
    lines: tuple[str, ...]
    after: float = 0.2
    who: str = ""


@dataclass(frozen=True)
class Share:
    """A grant by the requester to a post (`post:u9`), organisation (`org:rar`) or person (`person:chen`).

    It ends `days` after it was given; None: never.
    """

    to: str
    reason: str
    days: float | None = None
    right: str = "view_record"
    after: float = 1


@dataclass(frozen=True)
class Clear:
    """A clearance by the host authorities, valid for so many days from the filing."""

    reference: str
    days: int = 42


Event = Step | Say | Attach | Share


@dataclass(frozen=True)
class Story:
    """A request and its life. `filed` days ago; `needed` days after that; texts may be left to the kind."""

    key: str
    by: str
    kind: RequestKind
    title: str
    need: str
    town: str
    filed: float
    needed: float
    events: tuple[Event, ...] = ()
    origin: str = ""
    sector: str = "LOG"
    priority: int = 3
    people: int | None = 1000
    group: str = "displaced"
    consequence: str = ""
    last_resort: str = ""
    alternatives: tuple[Alt, ...] = ()
    cargo: tuple[Cargo, ...] = ()
    clearances: tuple[Clear, ...] = ()
    duration: int = 3
    emergency: bool = False
    classification: int = 0
    sensitivity: int = 1
    compartments: tuple[str, ...] = ()
    scope: str = "organisation"
    fields: dict[str, Any] = field(default_factory=dict)
    partial: bool = False


def path(*names: str, **steps: Step) -> tuple[Step, ...]:
    """The usual steps by name; a keyword replaces the step of that name."""
    return tuple(steps.get(name) or Step(name) for name in names)


#: Beginnings that most requests share.
ENDORSED = ("submit", "validate", "endorse")
ASSESSED = (*ENDORSED, "transmit")
DECIDABLE = (*ASSESSED, "recommend")
ESCORT_DECIDABLE = (*ASSESSED, "give_opinion", "recommend")
