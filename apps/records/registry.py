"""Record types, each declared once. Pages, API, export, timeline and checks read these declarations.

A domain app subclasses `RecordType` in its `record.py` and decorates it with `@register`.
Nothing here queries records and nothing here knows HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from apps.mission.clocked import ClockedState
from apps.mission.vocabulary import Role
from apps.records.field_rules import AnyRule
from apps.records.groups import NavGroup
from apps.records.workflow import Outcome, Text, Transition, Workflow

if TYPE_CHECKING:
    from apps.mission.models import Position
    from apps.records.actors import Actor
    from apps.records.apart import RowsApart
    from apps.records.models import Record


@dataclass(frozen=True)
class Column:
    """A column of the list and the export. `field` is a column of Record (or a path from it, `area__name`).

    `kind` tells pages how to show it: text, reference, state, label, datetime, due, priority, area, organisation,
    position.
    `sort` is the Record column that orders by it, or empty. `wide` columns are left out on small screens.
    """

    key: str
    label: Text
    field: str
    kind: str = "text"
    sort: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter of the list, on a column of Record alone (children are never filtered: see architecture).

    `kind`: choice, multichoice, state, area, sector, organisation, date_range, mine, open, check. A `check` is a box
    that narrows the list by the type's own condition, `where(actor)`: on Record, or on few rows of its own by an index.
    """

    key: str
    label: Text
    field: str
    kind: str
    choices: Any = None
    where: Callable[[Actor], models.Q] | None = None


@dataclass(frozen=True)
class Child:
    """Rows under a record (cargo lines …), shown as a table and edited as a formset.

    `fields` are shown and edited; `editable` False marks rows that only transitions write. `check(actor, record,
    row)` raises ValidationError by field for what this actor may not write; `open_to(actor, record)` False keeps
    the table out of the actor's forms. `apart` rows may be thousands: neither the record's page nor its API reads them
    with the record; pages of their own do, and `one_by_one` gives them addresses in the API.
    """

    key: str
    label: Text
    model: type[models.Model]
    fields: tuple[str, ...]
    relation: str = "request"
    editable: bool = True
    max_rows: int = 50
    empty_text: Text = ""
    check: Callable[[Actor, Any, Any], None] | None = None
    open_to: Callable[[Actor, Any], bool] | None = None
    apart: bool = False
    one_by_one: type[RowsApart] | None = None


@dataclass(frozen=True)
class Section:
    """A part of the record's page, of its print and of its form: fields and child tables under one heading.

    `when(record)` hides a section that does not apply. `step` False keeps it out of the form.
    """

    key: str
    label: Text
    fields: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()
    when: Callable[[Any], bool] | None = None
    step: bool = True
    help: Text = ""


@dataclass(frozen=True)
class Searched:
    """Text columns that search reads: of the type's own table, or of the child table whose key is `child`.

    The order in which they are declared is their weight: what finds a record is quoted from the first that has it.
    Title and reference come before all of them and comments after; neither is declared. Results are never ranked.
    """

    fields: tuple[str, ...]
    child: str = ""


@dataclass(frozen=True)
class Pending:
    """Something awaited of a role while the record goes on, beside what its state awaits."""

    role: Role
    text: Text
    due: datetime | None = None


@dataclass(frozen=True)
class Surfaces:
    """Names of URL patterns that a type must have; a missing one fails the system check."""

    pages: tuple[str, ...] = (
        "list", "new", "detail", "edit", "transition", "history", "share", "share-many", "reads", "still", "print",
        "pdf", "export", "preview", "comment", "attach", "attachment", "link",
    )  # fmt: skip


class RecordType:
    """The declaration of one type of record. Subclass, fill in, `@register`."""

    key: ClassVar[str]
    model: ClassVar[type[models.Model]]
    plural: ClassVar[str]  # the path: /aid-requests/
    url_namespace: ClassVar[str]
    reference_prefix: ClassVar[str]
    label: ClassVar[Text]
    label_plural: ClassVar[Text]
    icon: ClassVar[str] = "file"
    nav_group: ClassVar[NavGroup]  # where the navigation has its list
    daily_for: ClassVar[
        tuple[Role, ...]
    ] = ()  # roles who begin one every day: a button of its own on their desk
    workflow: ClassVar[Workflow]
    kinds: ClassVar[Any] = None  # TextChoices for Record.kind
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    sections: ClassVar[Sequence[Section]] = ()
    search: ClassVar[
        Sequence[Searched]
    ] = ()  # beside title, reference and comments; nothing under a field rule
    filed_by: ClassVar[tuple[Role, ...]] = ()  # roles whose positions may file one; empty: everybody
    files_on_behalf: ClassVar[bool] = False  # whether a mandate to file for others extends to it
    form_class: ClassVar[Any] = None  # base ModelForm of every step; gets actor= and cleans what its step has
    field_rules: ClassVar[tuple[AnyRule, ...]] = ()  # fields that not every reader may have
    surfaces: ClassVar[Surfaces] = Surfaces()
    releasable: ClassVar[bool] = True  # whether a releasable summary of such a record makes sense
    role_names: ClassVar[Mapping[Role, Text]] = {}  # what a role is called on this type, where it differs
    field_names: ClassVar[Mapping[str, Text]] = {}  # what a column of Record is called, where it differs
    broadcasts: ClassVar[frozenset[str]] = frozenset()  # steps of which every reader is told
    asks: ClassVar[Mapping[str, Text]] = {}  # state -> what it asks of people that is none of its steps
    exercise_kinds: ClassVar[frozenset[str]] = (
        frozenset()
    )  # kinds that are exercises in a mission that is none

    @classmethod
    def url(cls, record: Record, name: str = "detail", /, **extra: Any) -> str:
        """The address of one of the record's pages."""
        from django.urls import reverse

        return reverse(f"{cls.url_namespace}:{name}", kwargs={"uuid": record.uuid, **extra})

    @classmethod
    def concrete(cls, record: Record) -> Any:
        """The record with its type's own columns, from its Record row (one query unless it is that already)."""
        if isinstance(record, cls.model):
            return record
        return cls.model._default_manager.select_related(*cls.related()).get(pk=record.pk)

    @classmethod
    def related(cls) -> tuple[str, ...]:
        """Foreign keys to structure (never to records) that pages of this type read."""
        return ("mission", "originator", "author", "author_position", "sector", "area")

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> models.QuerySet[Position]:
        """Which positions exercise `role` on this record. A domain type narrows by sector, kind, unit …"""
        raise NotImplementedError

    @classmethod
    def role_label(cls, role: Role | str) -> str:
        """The words for a role, as this type calls it."""
        return str(cls.role_names.get(Role(role)) or Role(role).label)

    @classmethod
    def runs(cls, record: Record) -> bool:
        """Whether a date shown in a `due` column still runs: past it, the column says overdue."""
        return cls.workflow.state(record.state).outcome is Outcome.OPEN

    @classmethod
    def is_overdue(cls, record: Record) -> bool:
        """Whether pages call the record overdue beside its state; computed, never a state."""
        return False

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Whether the actor might exercise `role` on some record of this type; False spares the question."""
        return actor.has_role(role)

    @classmethod
    def drawn_as(cls, position: Position, role: Role) -> Role:
        """The role under which a position that exercises `role` is drawn in; it must hold that one itself."""
        return role

    @classmethod
    def awaited(cls, record: Any) -> tuple[Role, ...]:
        """Roles that the record's state awaits."""
        role = cls.workflow.state(record.state).waits_for
        return (role,) if role else ()

    @classmethod
    def pending(cls, record: Any) -> list[Pending]:
        """What is awaited beside that."""
        return []

    @classmethod
    def awaited_roles(cls) -> frozenset[Role]:
        """Roles that a record of this type may ever wait for."""
        return frozenset(state.waits_for for state in cls.workflow.states if state.waits_for)

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> models.Q | None:
        """Condition on Record under which it waits for one of the actor's positions of `role`; None: never.

        Positions that were drawn in count; a domain type says more exactly who is meant. Drafts wait for nobody.
        """
        from apps.records.models import Addressee

        states = [
            s.code for s in cls.workflow.states if s.waits_for == role and s.code != cls.workflow.initial
        ]
        mine = [position.pk for position in actor.positions_with(role)]
        return models.Q(
            state__in=states, pk__in=Addressee.objects.filter(position_id__in=mine).values("record_id")
        )

    @classmethod
    def due_for(cls, records: Sequence[Record], role: Role) -> dict[int, datetime | None]:
        """Until when these records wait for `role`, by id."""
        return {record.pk: record.due_at for record in records}

    @classmethod
    def files_as(cls, actor: Actor) -> list[Position]:
        """The actor's positions that may file a record of this type; where none is named, it is the first."""
        if not cls.filed_by:
            return list(actor.positions)
        return list(dict.fromkeys(post for role in cls.filed_by for post in actor.positions_with(role)))

    @classmethod
    def may_file(cls, actor: Actor) -> bool:
        """Whether this actor may start a record of this type, for whomever."""
        from apps.records.originators import ways_to_file

        return bool(ways_to_file(actor, cls))

    @classmethod
    def is_emergency(cls, record: Any) -> bool:
        """Whether what it broadcasts must reach people at once, in their quiet hours too."""
        return False

    @classmethod
    def broadcast_text(cls, record: Any) -> str:
        """What a broadcast says, for mail about one that is not restricted; `record` has its type's columns."""
        return ""

    @classmethod
    def leaving(cls, records: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Those of these Record rows that may stand in a file that leaves the portal; all, unless a type says less."""
        return records

    @classmethod
    def told_alone(cls, record: Any) -> models.QuerySet[Position] | None:
        """The positions whose people alone are told of the record, and whoever acts for them; None: all concerned."""
        return None

    @classmethod
    def protected(cls, records: Sequence[Record]) -> Mapping[int, Text]:
        """Those of these records that are about a protected object: id -> what stands beside them in a list's file.

        Their rows name the mission and none of its units.
        """
        return {}

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """Field name -> what is missing before the record may leave its draft; empty when complete."""
        return {}

    @classmethod
    def weighed(cls, record: Any, step: Transition) -> list[tuple[Text, bool | None, str]]:
        """What whoever takes this step weighs: (test, whether met, what was said of it). Shown above the form."""
        return []

    @classmethod
    def children(cls) -> list[Child]:
        """All child tables, in the order of their sections."""
        return [child for section in cls.sections for child in section.children]

    @classmethod
    def rows_together(cls) -> list[Child]:
        """The child tables that are read with the record: all but those kept apart."""
        return [child for child in cls.children() if not child.apart]

    @classmethod
    def tables(cls) -> list[type[models.Model]]:
        """The type's own tables: its detail model and its children."""
        return [cls.model, *[child.model for child in cls.children()]]

    @classmethod
    def searched_table(cls, searched: Searched) -> tuple[type[models.Model], str]:
        """(model, column that names the record) of a table that is searched; LookupError for an unknown child."""
        if not searched.child:
            return cls.model, cls.model._meta.pk.attname
        for child in cls.children():
            if child.key == searched.child:
                relation: Any = child.model._meta.get_field(child.relation)
                return child.model, str(relation.column)
        raise LookupError(f"{cls.key} has no child table “{searched.child}”")

    @classmethod
    def field_label(cls, table: str, name: str) -> Text:
        """The label of a column in a history entry; the plain name when the model has none."""
        from apps.records.models import Record as RecordModel

        tables: list[type[models.Model]] = [RecordModel, *cls.tables()]
        for model in tables:
            if model._meta.db_table == table:
                for candidate in model._meta.get_fields():
                    if getattr(candidate, "column", None) == name or candidate.name == name:
                        if candidate.name in cls.field_names:
                            return cls.field_names[candidate.name]
                        return getattr(candidate, "verbose_name", name)
        return name


@dataclass
class Registry:
    """The types known, by key."""

    types: dict[str, type[RecordType]] = field(default_factory=dict)


_registry = Registry()


def register(declared: type[RecordType]) -> type[RecordType]:
    """Make a record type known; a second one with the same key or path is an error."""
    for known in _registry.types.values():
        if declared.key == known.key or declared.plural == known.plural:
            raise ValueError(f"record type {declared.key} is declared twice")
    _registry.types[declared.key] = declared
    return declared


def by_key(key: str) -> type[RecordType]:
    """The type with that key; KeyError if there is none."""
    return _registry.types[key]


def all_types() -> list[type[RecordType]]:
    """All types, in the order declared."""
    return list(_registry.types.values())


def type_names() -> list[tuple[str, str]]:
    """Keys and names of all types, for choices."""
    return [(declared.key, str(declared.label)) for declared in all_types()]


def clocked_states() -> list[ClockedState]:
    """States whose lead time a mission may set."""
    return [
        ClockedState(declared.key, state.code, str(declared.label), str(state.label))
        for declared in all_types()
        for state in declared.workflow.states
        if state.hours is not None
    ]
