"""Writing millions of rows: without triggers, and with indexes and foreign keys made again at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models


@contextmanager
def bare(cursor: Any, tables: list[str], say: Callable[[str], None]) -> Iterator[None]:
    """Within, these tables have no triggers, keys or indexes but those that other tables refer to.

    The cursor's session is the owner's. Afterwards each is as before: PostgreSQL checks every key again.
    """
    constraints, indexes = [], []
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            "SELECT c.conname, pg_get_constraintdef(c.oid), c.contype = 'f' FROM pg_constraint c"
            " WHERE c.conrelid = %s::regclass AND c.contype IN ('p', 'u', 'f') AND NOT EXISTS ("
            "SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.confrelid = c.conrelid"
            " AND f.conindid = c.conindid AND c.contype <> 'f')",
            [table],
        )
        for name, definition, foreign in cursor.fetchall():
            constraints.append((foreign, table, name, definition))
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = %s::regclass AND NOT indisprimary",
            [table],
        )
        for name, definition in cursor.fetchall():
            indexes.append(definition)
            cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for definition in indexes:
        say(f"  {definition.partition(' ON public.')[0].removeprefix('CREATE ').lower()}")
        cursor.execute(definition)
    for table in tables:
        cursor.execute(f"ANALYZE {table}")
    say("  keys")
    for foreign, table, name, definition in sorted(constraints):
        with _unforced(cursor, tables if foreign else []):
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def _unforced(cursor: Any, tables: list[str]) -> Iterator[None]:
    """Let the owner's own check of a foreign key see all rows, in one transaction with that check."""
    cursor.execute("BEGIN")
    cursor.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity AND oid = ANY (%s::regclass[])",
        [tables],
    )
    forced = [row[0] for row in cursor.fetchall()]
    for table in forced:
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    for table in forced:
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    cursor.execute("COMMIT")


def filled(model: type[models.Model], known: dict[str, str]) -> tuple[str, str]:
    """(columns, expressions) of an INSERT … SELECT: those known, and an empty value where null is not allowed."""
    columns, expressions = [], []
    for field in model._meta.local_concrete_fields:
        expression = known.get(str(field.column)) or _empty(field)
        if expression:
            columns.append(f'"{field.column}"')
            expressions.append(expression)
    missing = known.keys() - {field.column for field in model._meta.local_concrete_fields}
    if missing:
        raise LookupError(f"{model._meta.label} has no columns {sorted(missing)}")
    return ", ".join(columns), ", ".join(expressions)


def _empty(field: models.Field[Any, Any]) -> str:
    kind = field.get_internal_type()
    if field.null or field.has_db_default() or (field.primary_key and kind.endswith("AutoField")):
        return ""
    if kind == "BooleanField":
        return "false"
    if kind in {"CharField", "TextField"}:
        default = field.default if isinstance(field.default, str) else ""
        return "'{}'".format(str(default).replace("'", "''"))
    if kind == "ArrayField":
        return "'{}'"
    if kind == "UUIDField":
        return "gen_random_uuid()"
    if "Integer" in kind:
        return str(int(field.default)) if isinstance(field.default, int) else "0"
    raise LookupError(f"no empty value for {field}")
