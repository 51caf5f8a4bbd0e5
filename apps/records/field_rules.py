"""Field rules as record types declare them: which fields of a record only some of its readers may have.

The database keeps what such a field holds apart (`Withhold` in need_to_know); these declarations name the fields to
pages, forms, print and API. Nothing here queries, and nothing here decides who reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Opens to the record's editors and to the positions drawn into it; any other code is that of a kind of protected data.
PARTIES = "parties"
# Decimals of a degree that coordinates are kept with.
EXACT_DECIMALS = 5


@dataclass(frozen=True)
class FieldRule:
    """Fields that are withheld, with label and help, from readers to whom `opens_to` does not open.

    `opens_to` is PARTIES, or the code of a kind of protected data: then readers whose side is not barred from it.
    """

    fields: tuple[str, ...]
    opens_to: str = PARTIES


@dataclass(frozen=True)
class CoordinateRule:
    """A point in degrees: exact for the parties, for all other readers rounded by the record's sensitivity.

    The decimals are those of the mission's sharing protocol in force; where it shows none, the point is withheld.
    """

    latitude: str
    longitude: str
    opens_to: str = PARTIES

    @property
    def fields(self) -> tuple[str, ...]:
        """Both coordinates."""
        return (self.latitude, self.longitude)


AnyRule = FieldRule | CoordinateRule


def withheld_names(rules: Iterable[AnyRule]) -> frozenset[str]:
    """Every field under a rule."""
    return frozenset(name for rule in rules for name in rule.fields)


def declared_rules() -> set[tuple[str, str, str]]:
    """(table, column, what it opens to) of every field under a rule, of all record types."""
    from apps.records.registry import all_types

    return {
        (declared.model._meta.db_table, str(declared.model._meta.get_field(name).column), rule.opens_to)  # type: ignore[union-attr]
        for declared in all_types()
        for rule in declared.field_rules
        for name in rule.fields
    }
