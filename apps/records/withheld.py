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

from apps.records.field_rules import EXACT_DECIMALS, CoordinateRule

if TYPE_CHECKING:
    from apps.records.models import Record

R = TypeVar("R", bound="Record")

_OPEN = """
    SELECT o.rule, need_to_know_opens(r.id, o.rule), records_decimals(r.mission_id, r.sensitivity),
           (SELECT jsonb_object_agg(w.field, w.value)::text FROM records_withheld w
             WHERE w.record_id = r.id AND w.rule = o.rule)
      FROM records_record r CROSS JOIN unnest(%s) o(rule) WHERE r.id = %s
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


def withheld_fill(record: R) -> R:
    """Put what the actor may read of the record's withheld values onto it; one query, none for a type without rules.

    A record filled once stays filled: `refresh_from_db` and `save` keep it so.
    """
    rules = record.record_type.field_rules
    if not rules or record._state.adding:
        record.filling = Filling()
        return record
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [sorted({rule.opens_to for rule in rules}), record.pk])
        found = {rule: (opens, decimals, values) for rule, opens, decimals, values in cursor.fetchall()}
    filling, closed = Filling(), set()
    for rule in rules:
        opens, decimals, values = found.get(rule.opens_to, (False, -1, None))
        if opens:
            filling.kept |= _put(record, rule.fields, json.loads(values or "{}", parse_float=Decimal))
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
        column = record._meta.get_field(name)
        if column.column in values:  # type: ignore[union-attr]
            setattr(record, column.attname, column.to_python(values[column.column]))  # type: ignore[union-attr]
    return {name: getattr(record, name) for name in names}


def withheld_filled(record: R) -> R:
    """The record, filled now unless it was before."""
    return record if record.filling is not None else withheld_fill(record)


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
