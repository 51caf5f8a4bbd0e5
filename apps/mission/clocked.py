"""Which states have a clock that a mission may set. The rooms above tell; this room knows no record types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClockedState:
    """A state of a record type, by codes and by the names people read."""

    type: str
    state: str
    type_label: str
    state_label: str

    def __str__(self) -> str:
        return f"{self.type_label}: {self.state_label}"


_source: list[Callable[[], Iterable[ClockedState]]] = []


def tell(source: Callable[[], Iterable[ClockedState]]) -> None:
    """Name the function that lists the states; asked each time: labels are in the reader's language."""
    _source[:] = [source]


def states() -> list[ClockedState]:
    """Every state that has a clock."""
    return [each for source in _source for each in source()]


def label(record_type: str, state: str) -> str:
    """The names of a state; its codes if no installed type knows it any more."""
    found = next((each for each in states() if (each.type, each.state) == (record_type, state)), None)
    return str(found) if found else f"{record_type}: {state}"
