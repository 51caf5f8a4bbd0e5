"""Rows that stand apart from their record and are read and written one by one: what they are, declared once.

A domain app subclasses `RowsApart` and names it on its `Child`; programs then have addresses for such rows.
Nothing here knows HTTP, and nothing here decides who reads: the database does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models

from apps.records.workflow import Text

if TYPE_CHECKING:
    from django.forms import BaseForm

    from apps.records.actors import Actor


@dataclass(frozen=True)
class Named:
    """A field that names other rows by `code`, those alone that the reader has: a hidden one is left out.

    `column` holds what `key` of such a row is (a list of them where it is an array), and is called as the field
    unless it says so; `where` narrows to rows that are still there.
    """

    model: type[models.Model]
    column: str = ""
    key: str = "pk"
    code: str = "uuid"
    where: models.Q = field(default_factory=models.Q)


@dataclass(frozen=True)
class Under:
    """Rows below such a row, the newest first, said with it where it is read alone; at most `most`."""

    key: str
    label: Text
    model: type[models.Model]
    relation: str
    fields: tuple[str, ...]
    order: tuple[str, ...]
    named: Mapping[str, Named] = field(default_factory=dict, hash=False)
    most: int = 200


@dataclass(frozen=True)
class Kind:
    """What rows of one kind say: `written` is what its form takes, `told` what comes to it otherwise."""

    label: Text
    model: type[models.Model]
    written: tuple[str, ...]
    told: tuple[str, ...] = ()
    under: tuple[Under, ...] = ()


class RowsApart:
    """How rows of one table are read and written one by one. Subclass, fill in, name it on the `Child`.

    The rows have `uuid`, `kind` and `classification`; details of a kind may have a table of their own, which inherits
    from the first. Rows are in the `order` of their columns, the last of which is unique.
    """

    kinds: ClassVar[Mapping[str, Kind]]
    named: ClassVar[Mapping[str, Named]] = {}
    fixed: ClassVar[tuple[str, ...]] = ()  # columns of the first table that nobody writes
    order: ClassVar[tuple[str, ...]]

    @classmethod
    def rows(cls, record: Any) -> models.QuerySet[Any]:
        """The rows of a record that are there, without details."""
        raise NotImplementedError

    @classmethod
    def get(cls, record: Any, uuid: UUID, *, lock: bool = False) -> Any:
        """A row with its details; ObjectDoesNotExist for one that is gone or not the actor's to know."""
        raise NotImplementedError

    @classmethod
    def tag(cls, row: Any) -> str:
        """What is different whenever what may be written in the row is: letters, digits, hyphens."""
        raise NotImplementedError

    @classmethod
    def may_write(cls, actor: Actor, record: Any) -> None:
        """NotPermitted for whoever may not write such rows; IllegalTransition while nobody may."""
        raise NotImplementedError

    @classmethod
    def form(cls, actor: Actor, record: Any, kind: str, row: Any = None, data: Any = None) -> BaseForm:
        """The form of a new row of a kind, or of one that is there; bound when there is data."""
        raise NotImplementedError

    @classmethod
    def add(cls, actor: Actor, record: Any, form: Any) -> Any:
        """Store what a valid form says as a new row, and return it. RecordError; ValidationError by field."""
        raise NotImplementedError

    @classmethod
    def change(cls, actor: Actor, record: Any, row: Any, form: Any, named: Collection[str]) -> None:
        """Write the fields that are named, and no others, as a valid form has them.

        StaleRecord where somebody else changed the same meanwhile; RecordError; ValidationError by field.
        """
        raise NotImplementedError

    @classmethod
    def remove(cls, actor: Actor, record: Any, row: Any) -> None:
        """Take a row out. RecordError."""
        raise NotImplementedError
