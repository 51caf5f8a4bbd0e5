"""Rows of any table under a record, made from the model alone, so that a new table needs no new test.

They are written as the door: the row rule lets it pass, while the stamping triggers see the named person.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.apps import apps
from django.db import models

from apps.records.models import Record
from tests.cast.canaries import Canaries
from tests.cast.told import TOLD_OTHERWISE

# Written by triggers or by the services that the world uses.
WRITTEN_OTHERWISE = {
    "records_record", "records_step", "records_change", "records_event", "records_addressee", "working_groups_body",
    *TOLD_OTHERWISE,
}  # fmt: skip


def is_record(model: type[models.Model]) -> bool:
    """Whether rows of the model are records, by inheritance."""
    return issubclass(model, Record)


def path_to_record(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    """The foreign keys of the model that point at records."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.ForeignKey) and is_record(field.remote_field.model)
    ]


def models_under_records() -> list[type[models.Model]]:
    """Every concrete model that is a record or has a foreign key to one."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and (is_record(model) or path_to_record(model))
    ]


@contextmanager
def door(url: str, user_id: int | None = None, mission_id: int | None = None) -> Iterator[Any]:
    """A cursor that passes the row rule, committed at the end; the triggers see `user_id` as the actor."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET ROLE portal_door")
            if user_id is not None:
                cursor.execute("SELECT need_to_know_begin(%s, %s)", [user_id, mission_id])
            yield cursor
    finally:
        connection.close()


def value_for(field: models.Field[Any, Any], record: Record, cursor: Any, canary: Any) -> Any:
    """A value that the column accepts: a canary wherever people could write text."""
    if isinstance(field, models.ForeignKey):
        target = field.remote_field.model
        if is_record(target):
            return record.pk
        narrowed, value = "", 0
        if beneath := path_to_record(target):
            # A row below a row of the same record.
            narrowed, value = f' WHERE "{beneath[0].column}" = %s', record.pk
        elif any(f.name == "mission" for f in target._meta.fields):
            narrowed, value = " WHERE mission_id = %s", record.mission_id
        key = target._meta.pk.column
        if field.primary_key:  # one that has no such row yet
            table = field.model._meta.db_table
            narrowed += f' AND "{key}" NOT IN (SELECT "{field.column}" FROM {table})'
        cursor.execute(
            f'SELECT min("{key}") FROM {target._meta.db_table}{narrowed}', [value] if narrowed else []
        )
        return cursor.fetchone()[0]
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.CharField | models.TextField):
        return canary(field)[: field.max_length or 400]
    now = dt.datetime.now(dt.UTC)
    known: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.UUIDField, str(uuid.uuid4())),
        (models.DateTimeField, now),
        (models.DateField, now.date()),
        (models.TimeField, now.time()),
        (models.BooleanField, False),
        (models.DecimalField, 1),
        (models.IntegerField, 1),
        (models.JSONField, "{}"),
    ]
    return next((value for kind, value in known if isinstance(field, kind)), "{}")


def fills(field: models.Field[Any, Any]) -> bool:
    """Whether a made row says something in this column: all that people write, and all that must be there."""
    if field.primary_key and field.is_relation and not is_record(field.remote_field.model):
        return True  # a row that is more of another row
    if field.primary_key or isinstance(field, models.GeneratedField):
        return False
    texts = isinstance(field, models.CharField | models.TextField) and not field.choices
    return texts or not (field.null or field.has_db_default())


def row_make(
    cursor: Any,
    model: type[models.Model],
    record: Record,
    canaries: Canaries,
    ends: dict[str, Record] | None = None,
) -> None:
    """Insert a row of `model` under `record`; `ends` names other records for keys that do not point at it."""
    columns, values = [], []
    for field in model._meta.local_concrete_fields:
        if fills(field):
            columns.append(f'"{field.column}"')
            values.append(
                value_for(
                    field,
                    (ends or {}).get(field.name, record),
                    cursor,
                    lambda f: canaries.token(f"{record.title}: {model._meta.label}.{f.name}"),
                )
            )
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({marks})", values)
