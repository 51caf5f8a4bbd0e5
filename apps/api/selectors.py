"""Reads of the API: a record with all that its type declares, in two queries; lists with strict addresses."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.api.codes import path_to_code
from apps.api.serializers import declared_fields, row_fields
from apps.pages import cursors
from apps.pages.listing import PLACE, SORT, Listing
from apps.records.models import Record
from apps.records.registry import RecordType, by_key
from apps.records.withheld import with_withheld, withheld_fill

ROWS_MOST = 500


def bare(record_type: type[RecordType], uuid: UUID) -> Any:
    """The record, for services. ObjectDoesNotExist when there is none that the actor may know of."""
    return record_type.model._default_manager.select_related(*record_type.related()).get(uuid=uuid)


def whole(record_type: type[RecordType], uuid: UUID) -> Any:
    """The record with its structure and, as `rows_<key>`, its child rows as plain values; two queries.

    ObjectDoesNotExist alike for what does not exist and for what the actor may not know of.
    """
    records = record_type.model._default_manager.select_related(*_related(record_type.key))
    record = withheld_fill(with_withheld(records, record_type).get(uuid=uuid))
    rows: dict[str, list[Any]] = {child.key: [] for child in record_type.rows_together()}
    sql, params = _rows_sql(record_type.key)
    if sql:
        with connection.cursor() as cursor:
            cursor.execute(sql, [record.pk if param == _RECORD else param for param in params])
            for key, row in cursor.fetchall():
                rows[key].append(json.loads(row))
    for key, found in rows.items():
        setattr(record, f"rows_{key}", found)
    return record


@cache
def _related(of_type: str) -> tuple[str, ...]:
    """The structure that a whole record names."""
    record_type = by_key(of_type)
    written, shown = declared_fields(record_type)
    fields = {f.name: f for f in record_type.model._meta.concrete_fields}
    named = [name for name in (*written, *shown) if name in fields and fields[name].is_relation]
    return ("originator", "author", "author_position", *dict.fromkeys(named))


_RECORD = -1  # stands for the record's id in prepared SQL; no real id is negative


@cache
def _rows_sql(of_type: str) -> tuple[str, tuple[Any, ...]]:
    """One statement for all child tables of a type, in the order in which their rows were added.

    WHY: made by the ORM once in the life of the process; making it costs more than running it.
    """
    parts: list[str] = []
    params: list[Any] = []
    for child in by_key(of_type).rows_together():
        columns: dict[str, Any] = {}
        for name in row_fields(child):
            column = child.model._meta.get_field(name)
            columns[name] = path_to_code(name, column.related_model) if column.is_relation else F(name)  # type: ignore[arg-type]
        rows = child.model._default_manager.filter(**{child.relation: _RECORD}).order_by("pk")
        sql, given = rows.values(row=JSONObject(**columns))[:ROWS_MOST].query.sql_with_params()
        parts.append(f"SELECT %s, x.row::text FROM ({sql}) x(row)")  # noqa: S608 - the ORM's own text
        params += [child.key, *given]
    return " UNION ALL ".join(f"({part})" for part in parts), tuple(params)


class StrictListing(Listing):
    """The list that the pages show, for programs: what its address says wrong is an error."""

    def base(self) -> QuerySet[Record]:
        """All readable records of the type, with what a summary shows."""
        return self.listed().select_related("originator", "sector", "area")

    def check(self) -> None:
        """ValidationError by parameter."""
        errors: dict[str, list[str]] = {}
        known = {*self.filterset.form.fields, PLACE, SORT}
        for name, given in self.query.lists():
            if name not in known:
                errors[name[:60]] = [_("There is no such parameter.")]
            elif any("\0" in value for value in given):
                errors[name] = [_("Null characters are not allowed.")]
        if not errors and not self.filterset.form.is_valid():
            errors = {name: [str(t) for t in texts] for name, texts in self.filterset.form.errors.items()}
        if (wanted := self.query.get(SORT)) and wanted != self.sort:
            sorts = sorted({column.sort for column in self.record_type.columns if column.sort})
            errors[SORT] = [
                _("Sort by one of: %(names)s; “-” in front turns it round.") % {"names": ", ".join(sorts)}
            ]
        place_check(self.query, self.sort, errors)
        if errors:
            raise ValidationError(errors)


def place_check(query: QueryDict, order: str, errors: dict[str, list[str]]) -> None:
    """Add an error for a cursor that is broken or belongs to another order."""
    given = query.get(PLACE)
    if given and cursors.read(given, order) is None:
        errors[PLACE] = [broken_cursor()]


def broken_cursor() -> str:
    """What is said of a cursor that leads nowhere."""
    return _("This cursor is not one of this list. Follow “next” and “previous”.")
