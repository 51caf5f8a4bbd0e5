"""Ways onward from a record's page that rooms above this one add: a label and an address, for whom they are open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.records import exercises
from apps.records.actors import Actor
from apps.records.workflow import Text


@dataclass(frozen=True)
class Way:
    """A link beside the record: what one can start from it. `starts` False: nothing else arises from following it."""

    label: Text
    url: str
    icon: str = "arrow-right"
    starts: bool = True


_finders: list[Callable[[Actor, Any], Way | None]] = []


def register_way(find: Callable[[Actor, Any], Way | None]) -> Callable[[Actor, Any], Way | None]:
    """Add a finder; it asks no query and answers None where the way is not open."""
    _finders.append(find)
    return find


def ways_from(actor: Actor, record: Any) -> list[Way]:
    """The ways open to the actor, in the order declared. From an exercise among real records nothing is started."""
    found = (find(actor, record) for find in _finders)
    apart = exercises.stands_apart(actor, record)
    return [way for way in found if way is not None and not (apart and way.starts)]
