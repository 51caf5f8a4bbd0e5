"""What rooms add to record pages of other rooms: a short part with a heading, beside what the record itself says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.records.actors import Actor
from apps.records.workflow import Text


@dataclass(frozen=True)
class Aside:
    """A heading, and a template of the room that adds it, with what the template draws (as `part`).

    `first` puts it above what the record says, for what should be read before one writes.
    """

    key: str
    title: Text
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    first: bool = False


Find = Callable[[Actor, Any], Aside | None]
_finders: list[Find] = []


def register_aside(find: Find) -> Find:
    """Add a finder; it asks at most one query, and none for a record that it has nothing to say of."""
    _finders.append(find)
    return find


def asides_of(actor: Actor, record: Any) -> list[Aside]:
    """What there is to say beside a record, in the order declared."""
    found = (find(actor, record) for find in _finders)
    return [aside for aside in found if aside is not None]
