"""The one place where withheld values come back onto a record: those that the actor may read, and no others.

The database decides what opens. A record that was not filled shows what every reader may see, and its
`withheld_fields` are all fields under a rule.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from apps.records.field_rules import EXACT_DECIMALS, CoordinateRule

if TYPE_CHECKING:
    from apps.records.models import Record
    from apps.records.registry import RecordType

R = TypeVar("R", bound="Record")

# By rule: whether it opens, the decimals of coordinates, and what is kept (nothing when it does not open).
_OPENED = """
    (SELECT jsonb_object_agg(o.rule, jsonb_build_array(
            need_to_know_opens({r}.id, o.rule), records_decimals({r}.mission_id, {r}.sensitivity),
            (SELECT jsonb_object_agg(w.field, w.value) FROM records_withheld w
              WHERE w.record_id = {r}.id AND w.rule = o.rule)))::text
       FROM unnest(%s::text[]) o(rule))
"""


@dataclass
class Filling:
    """What a record was filled with.

    `fields` are not open to the actor, with all that names them; `decimals` of a degree are those to which
    coordinates are rounded for the actor, None when they are exact; `kept` is what the open fields held.
    """

    fields: frozenset[str] = frozenset()
    decimals: int | None = None
    kept: dict[str, Any] = field(default_factory=dict)


def with_withheld(rows: QuerySet[Any], record_type: type[RecordType]) -> QuerySet[Any]:
    """The same records, brought with what `withheld_fill` puts onto them, so that it asks nothing more."""
    if not record_type.field_rules:
        return rows
    brought: QuerySet[Any] = rows.annotate(
        opened=RawSQL(_OPENED.format(r="records_record"), [_rules(record_type)], output_field=TextField())  # noqa: S611
    )
    return brought


def _rules(record_type: type[RecordType]) -> list[str]:
    return sorted({rule.opens_to for rule in record_type.field_rules})


def withheld_fill(record: R) -> R:
    """Put what the actor may read of the record's withheld values onto it; one query, or none (`with_withheld`).

    A record filled once stays filled: `refresh_from_db` and `save` keep it so.
    """
    rules = record.record_type.field_rules
    if not rules or record._state.adding:
        record.filling = Filling()
        return record
    if "opened" in record.__dict__:
        said = record.__dict__.pop("opened")
    else:
        with connection.cursor() as cursor:
            asked = f"SELECT {_OPENED.format(r='r')} FROM records_record r WHERE r.id = %s"  # noqa: S608
            cursor.execute(asked, [_rules(record.record_type), record.pk])
            row = cursor.fetchone()
        said = row[0] if row else None
    found = json.loads(said or "{}", parse_float=Decimal)
    filling, closed = Filling(), set()
    for rule in rules:
        opens, decimals, values = found.get(rule.opens_to, (False, -1, None))
        if opens:
            filling.kept |= _put(record, rule.fields, values or {})
        elif not isinstance(rule, CoordinateRule) or decimals < 0:
            closed |= {*rule.fields}
        elif decimals < EXACT_DECIMALS:
            filling.decimals = decimals
    filling.fields = frozenset(closed)
    record.filling = filling
    return record


def _put(record: Record, names: tuple[str, ...], values: dict[str, Any]) -> dict[str, Any]:
    """Set the named fields to what is kept; a field of which nothing is kept stays as the column has it."""
    for name in names:
        column: Any = record._meta.get_field(name)
        if column.column in values:
            setattr(record, column.attname, column.to_python(values[column.column]))
    return {name: getattr(record, name) for name in names}


def withheld_filled(record: R) -> R:
    """The record, filled now unless it was before."""
    return record if record.filling is not None else withheld_fill(record)


def is_answered(record: Record, name: str) -> bool:
    """Whether a field holds anything, also one that is withheld from whoever asks; blanks are nothing.

    Whoever takes a step for a colleague need not read what the colleague answered.
    """
    if name in record.withheld_fields:
        with connection.cursor() as cursor:
            column = record._meta.get_field(name).column  # type: ignore[union-attr]
            cursor.execute("SELECT records_withheld_holds(%s, %s)", [record.pk, column])
            return bool(cursor.fetchone()[0])
    value = getattr(record, name)
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def withheld_settle(record: Record, names: Any = None) -> None:
    """Before a filled record is saved: forget what is kept of the fields that were changed on it.

    WHY: a trigger keeps the value of a field that comes back as every reader sees it, so that code which never
    filled the record loses nothing. Whoever saw the value and empties the field says so here.
    """
    filling = record.filling
    if filling is None:
        return
    changed = [
        name for name, before in filling.kept.items()
        if getattr(record, name) != before and (names is None or name in names)
    ]  # fmt: skip
    if not changed:
        return
    columns = [record._meta.get_field(name).column for name in changed]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_withheld_forget(%s, %s)", [record.pk, columns])
    filling.kept |= {name: getattr(record, name) for name in changed}
