"""Labels as values that can be compared. No queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.mission.vocabulary import Scope

PARTS = ("classification", "sensitivity", "compartments", "data_types", "scope")
_WIDTH = [choice.value for choice in Scope]  # from the narrowest to the widest


@dataclass(frozen=True)
class Label:
    """Classification, sensitivity, compartments, protected data and audience of a record."""

    classification: int
    sensitivity: int
    compartments: frozenset[int]
    data_types: frozenset[int]
    scope: str

    def below(self, other: Label) -> list[str]:
        """The parts in which this label protects less than the other."""
        worse = {
            "classification": self.classification < other.classification,
            "sensitivity": self.sensitivity < other.sensitivity,
            "compartments": not other.compartments <= self.compartments,
            "data_types": not other.data_types <= self.data_types,
            "scope": _WIDTH.index(self.scope) > _WIDTH.index(other.scope),
        }
        return [part for part in PARTS if worse[part]]

    def values(self) -> dict[str, Any]:
        """The columns of a record that carry this label."""
        return {
            "classification": self.classification,
            "sensitivity": self.sensitivity,
            "compartments": sorted(self.compartments),
            "data_types": sorted(self.data_types),
            "scope": self.scope,
        }


def label_of(carrier: Any) -> Label:
    """The label that a record, or a signature, carries."""
    return Label(
        carrier.classification,
        carrier.sensitivity,
        frozenset(carrier.compartments),
        frozenset(carrier.data_types),
        carrier.scope,
    )


def highest(labels: Iterable[Label]) -> Label | None:
    """The label that protects whatever one of these does; None of none."""
    found = list(labels)
    if not found:
        return None
    return Label(
        max(label.classification for label in found),
        max(label.sensitivity for label in found),
        frozenset().union(*(label.compartments for label in found)),
        frozenset().union(*(label.data_types for label in found)),
        min((label.scope for label in found), key=_WIDTH.index),
    )
