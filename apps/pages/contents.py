"""Everything that hangs on a record, read in one query under the row rule.

Nothing is filtered here: the database did.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, models

from apps.records.connections import connections
from apps.records.models import Attachment, Change, Comment, Step
from apps.records.registry import Child, RecordType

PAGE = 50
_TIMELINE: tuple[type[models.Model], ...] = (Step, Change, Comment, Attachment)
_ROWS_MOST = 500


class Link(NamedTuple):
    """The visible other end of a link.

    A link to what the reader may not know of is not among the rows at all.
    """

    relation: str
    forward: bool
    uuid: str
    type: str
    reference: str
    title: str
    state: str


@dataclass
class Contents:
    """Rows under one record: children by key, attachments, links, and the newest part of its timeline.

    `data_types` are (id, name) of the kinds of protected data that a new file may be said to hold.
    """

    children: dict[str, list[models.Model]] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    data_types: list[tuple[int, str]] = field(default_factory=list)
    timeline: list[models.Model] = field(default_factory=list)
    older: datetime | None = None


def contents_of(
    record_type: type[RecordType], record_id: int, *, timeline: bool = True, before: datetime | None = None
) -> Contents:
    """Children, attachments, links and (unless left out) the newest PAGE entries of the timeline;
    one query.
    """
    parts: list[str] = []
    params: list[Any] = []
    tables: dict[str, type[models.Model]] = {"attachment": Attachment}
    for child in record_type.rows_together():
        tables[f"child:{child.key}"] = child.model
    for part, model in tables.items():
        column = "record_id" if part == "attachment" else _column(record_type, part)
        parts.append(
            # SECURITY: names of declared tables and columns; every value is a parameter.
            f"(SELECT %s, to_jsonb(t)::text FROM {model._meta.db_table} t"  # noqa: S608
            f" WHERE t.{column} = %s ORDER BY t.id LIMIT {_ROWS_MOST})"
        )
        params += [part, record_id]
    parts.append(_links_sql("records_recordlink", "source_id", "target_id", "l.relation", "true"))
    params += [record_id] * 4
    for each in connections():
        table, ends = each.model._meta.db_table, (each.column(each.source), each.column(each.target))
        parts.append(_links_sql(table, *ends, f"'{each.key}'", each.condition()))
        params += [record_id] * 4
    parts.append(_DATA_TYPES)
    params.append(record_id)
    if timeline:
        parts.append(f"(SELECT 'timeline', row FROM ({_timeline_sql()}) x)")  # noqa: S608
        params += _timeline_params(record_id, before)
    found = Contents(children={child.key: [] for child in record_type.rows_together()})
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        rows = cursor.fetchall()
    for part, row in rows:
        data = json.loads(row, parse_float=Decimal)
        if part == "link":
            found.links.append(Link(**data))
        elif part == "data_type":
            found.data_types.append((data["id"], data["name"]))
        elif part == "timeline":
            found.timeline.append(_timeline_row(data))
        elif part == "attachment":
            found.attachments.append(_instance(Attachment, data))  # type: ignore[arg-type]
        else:
            found.children[part.removeprefix("child:")].append(_instance(tables[part], data))
    _settle(found)
    return found


def timeline_of(record_id: int, *, before: datetime | None = None) -> Contents:
    """The timeline alone, its newest PAGE entries before a moment; one query."""
    found = Contents()
    with connection.cursor() as cursor:
        cursor.execute(_timeline_sql(), _timeline_params(record_id, before))
        found.timeline = [_timeline_row(json.loads(row, parse_float=Decimal)) for (row,) in cursor.fetchall()]
    _settle(found)
    return found


def child_rows(record_type: type[RecordType], record: Any, child: Child) -> models.QuerySet[models.Model]:
    """The rows of one child table, for a formset."""
    return child.model._default_manager.filter(**{child.relation: record.pk}).order_by("pk")


def _column(record_type: type[RecordType], part: str) -> str:
    child = next(c for c in record_type.children() if f"child:{c.key}" == part)
    return str(child.model._meta.get_field(child.relation).column)  # type: ignore[union-attr]


def _links_sql(table: str, source: str, target: str, relation: str, condition: str) -> str:
    """Links of a record in one table; its parameters are the record's id, four times.

    WHY: both ends are joined under the row rule, so a link with a hidden end yields no row.
    SECURITY: names of declared tables and columns; every value is a parameter.
    """
    return f"""
    (SELECT 'link', jsonb_build_object('relation', {relation}, 'forward', l.{source} = %s, 'uuid', o.uuid,
            'type', o.type, 'reference', o.reference, 'title', o.title, 'state', o.state)::text
       FROM {table} l
       JOIN records_record o ON o.id = CASE WHEN l.{source} = %s THEN l.{target} ELSE l.{source} END
      WHERE (l.{source} = %s OR l.{target} = %s) AND {condition} ORDER BY l.at LIMIT 200)
    """  # noqa: S608


_DATA_TYPES = """
    (SELECT 'data_type', jsonb_build_object('id', d.id, 'name', d.name)::text
       FROM mission_datatype d JOIN records_record r ON r.mission_id = d.mission_id
      WHERE r.id = %s AND d.is_active ORDER BY d.code LIMIT 200)
"""


def _timeline_sql() -> str:
    """The newest entries of all four kinds, whole moments at a time, so that a page may begin at a moment."""
    one = " UNION ALL ".join(
        f"(SELECT t.at,"  # noqa: S608
        f" jsonb_build_object('table', '{model._meta.db_table}', 'row', to_jsonb(t))::text AS row"
        f" FROM {model._meta.db_table} t WHERE t.record_id = %s AND t.at < %s"
        f" ORDER BY t.at DESC FETCH FIRST {PAGE} ROWS WITH TIES)"
        for model in _TIMELINE
    )
    return f"SELECT y.row FROM ({one}) y ORDER BY y.at DESC FETCH FIRST {PAGE} ROWS WITH TIES"  # noqa: S608


def _timeline_params(record_id: int, before: datetime | None) -> list[Any]:
    return [record_id, before or "infinity"] * len(_TIMELINE)


def _timeline_row(data: dict[str, Any]) -> models.Model:
    model = next(m for m in _TIMELINE if m._meta.db_table == data["table"])
    return _instance(model, data["row"])


def _instance(model: type[models.Model], data: dict[str, Any]) -> models.Model:
    """A row of the model from its JSON, as the ORM would have loaded it."""
    columns = model._meta.concrete_fields
    return model.from_db(
        "default", [c.attname for c in columns], [_value(c, data.get(c.column or "")) for c in columns]
    )


def _value(column: Any, value: Any) -> Any:
    return value if isinstance(column, models.JSONField) else column.to_python(value)


def _settle(found: Contents) -> None:
    """Put the timeline newest first; note where older entries begin."""
    order = {Step: 0, Comment: 1, Attachment: 2, Change: 3}
    found.timeline.sort(key=lambda row: (row.at, -order[type(row)], row.pk), reverse=True)  # type: ignore[attr-defined]
    if len(found.timeline) >= PAGE:
        found.older = found.timeline[-1].at  # type: ignore[attr-defined]
