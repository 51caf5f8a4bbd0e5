"""Tables that connect two records beside plain links. A row is visible if both ends are: its table’s policy sees to it.

A domain app registers its table when it is loaded; pages list such a row among the linked records of either end.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from apps.records.workflow import Text


@dataclass(frozen=True)
class Connection:
    """A table with a key to each end, and what it says read from `source` to `target` and back.

    `where` narrows the rows: a column of the table and the value that it has.
    """

    key: str
    model: type[models.Model]
    source: str
    target: str
    forward: Text
    backward: Text
    where: tuple[str, str] | None = None

    def column(self, end: str) -> str:
        """The column of one end."""
        return str(self.model._meta.get_field(end).column)  # type: ignore[union-attr]

    def condition(self) -> str:
        """The same as SQL over the table's alias `l`; names and values are constants of our own."""
        return "true" if self.where is None else f"l.{self.where[0]} = '{self.where[1]}'"


_known: dict[str, Connection] = {}


def register_connection(connection: Connection) -> None:
    """Make a connecting table known; a key that is taken is an error."""
    if connection.key in _known:
        raise ValueError(f"connection {connection.key} is declared twice")
    _known[connection.key] = connection


def connections() -> list[Connection]:
    """All connecting tables, in the order declared."""
    return list(_known.values())


def connection_of(key: str) -> Connection | None:
    """The connecting table with that key; None for the relation of a plain link."""
    return _known.get(key)
