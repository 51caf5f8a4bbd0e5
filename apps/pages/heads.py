"""What rooms above this one say at the head of every page: a count with its way, and what must be read at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from apps.records.actors import Actor
from apps.records.workflow import Text


@dataclass(frozen=True)
class Alert:
    """Something that stands above the content until it is read."""

    text: str
    url: str
    label: Text


@dataclass(frozen=True)
class Mark:
    """A link of the head with a number: `number` is shown, `said` tells it in words. `part_url` draws it anew."""

    label: Text
    url: str
    icon: str
    number: str
    said: str
    part_url: str
    alerts: tuple[Alert, ...] = ()


Find = Callable[[Actor], Mark]
_finders: list[Find] = []


def register_mark(find: Find) -> Find:
    """Add a finder. It is asked for pages that are drawn whole, and asks one query while nothing is urgent."""
    _finders.append(find)
    return find


def marks(actor: Actor) -> list[Mark]:
    """All marks for the actor, in the order declared."""
    return [find(actor) for find in _finders]
