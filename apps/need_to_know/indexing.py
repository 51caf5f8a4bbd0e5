"""Tells the database which columns search reads: the record types declare them, `migrate` writes them.

No searching here (that is `selectors`), and no words (that is the database's own `records_search_words`).
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from apps.records.models import Comment
from apps.records.registry import all_types

_FUNCTION = "records_search_texts"
_HEAD = (
    f"CREATE OR REPLACE FUNCTION {_FUNCTION}(ids bigint[])"
    " RETURNS TABLE (record_id bigint, rank integer, place bigint, said text)"
    " LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $texts$"
)
_RECORD = (
    "\n    SELECT r.id, 0, 0::bigint, concat_ws(' · ', r.title, r.reference)"
    " FROM records_record r WHERE r.id = ANY (ids)"
)
_TEXT = (
    '\n    SELECT t."{record}", {rank}, t."{key}"::bigint, concat_ws(\' · \', {said})'
    ' FROM {table} t WHERE t."{record}" = ANY (ids)'
)
_TRIGGERS = {"added": ("INSERT", "NEW"), "changed": ("UPDATE", "NEW"), "removed": ("DELETE", "OLD")}

# (table, column that names the record, column that orders its rows, searched columns), in order of importance
Source = tuple[str, str, str, tuple[str, ...]]


def declared_sources() -> list[Source]:
    """All tables under records that are searched: those of the types, and comments."""
    found: list[Source] = []
    for declared in all_types():
        for searched in declared.search:
            model, record = declared.searched_table(searched)
            fields: list[Any] = [model._meta.get_field(name) for name in searched.fields]
            columns = tuple(str(field.column) for field in fields)
            found.append((model._meta.db_table, record, model._meta.pk.attname, columns))
    comments = Comment._meta
    return [*found, (comments.db_table, "record_id", comments.pk.attname, ("text",))]


def texts_sql(sources: list[Source]) -> str:
    """The body of the function that brings what is searched of some records."""
    # SECURITY: tables and columns are names from our own models.
    parts = [
        _TEXT.format(
            table=table,
            record=record,
            key=key,
            rank=rank,
            said=", ".join(f't."{column}"' for column in columns),
        )
        for rank, (table, record, key, columns) in enumerate(sources, start=1)
    ]
    return "\n    UNION ALL".join([_RECORD, *parts]) + "\n"


def _existing(cursor: Any, sources: list[Source]) -> list[Source]:
    """Those tables and columns that are there now.

    WHY: before migrations some are not there yet, and none that they drop may be read any more.
    """
    cursor.execute(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%s) AND NOT a.attisdropped",
        [[table for table, *_rest in sources]],
    )
    there = set(cursor.fetchall())
    found = []
    for table, record, key, columns in sources:
        kept = tuple(column for column in columns if (table, column) in there)
        if kept and (table, record) in there:
            found.append((table, record, key, kept))
    return found


def _stored(cursor: Any) -> str | None:
    cursor.execute("SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure(%s)", [f"{_FUNCTION}(bigint[])"])
    row = cursor.fetchone()
    return str(row[0]) if row else None


def _triggers(cursor: Any) -> dict[tuple[str, str], str]:
    """(table, trigger) -> argument, of the triggers that `migrate` made."""
    cursor.execute(
        "SELECT c.relname, t.tgname, encode(t.tgargs, 'escape') FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE p.proname = 'records_search_changed' AND c.relname <> 'records_record'"
    )
    return {(table, name): str(given).removesuffix("\\000") for table, name, given in cursor.fetchall()}


def _wanted_triggers(sources: list[Source]) -> dict[tuple[str, str], str]:
    return {
        (table, f"records_search_{name}"): record for table, record, *_rest in sources for name in _TRIGGERS
    }


def write_sources(using: str = "default", **_kwargs: Any) -> None:
    """Make function and triggers equal to the declarations; where they change, write all documents anew.

    Runs before and after migrations, as the owner.
    """
    with connections[using].cursor() as cursor:
        stored = _stored(cursor)
        if stored is None:
            return
        sources = _existing(cursor, declared_sources())
        wanted, there = _wanted_triggers(sources), _triggers(cursor)
        for table, name in sorted(there.keys() - wanted.keys()):
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
        for (table, name), record in sorted(wanted.items() - there.items()):
            event, transition = _TRIGGERS[name.removeprefix("records_search_")]
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} REFERENCING {transition} TABLE"
                f" AS changed FOR EACH STATEMENT EXECUTE FUNCTION records_search_changed('{record}')"
            )
        body = texts_sql(sources)
        if body != stored:
            cursor.execute(f"{_HEAD}{body}$texts$")
            cursor.execute("SELECT records_search_rebuild()")


def search_problems(using: str = "default") -> list[str]:
    """Where what the database searches differs from what the record types declare."""
    with connections[using].cursor() as cursor:
        stored = _stored(cursor)
        if stored is None:
            return []
        sources = declared_sources()
        found = [] if stored == texts_sql(sources) else ["the database searches other columns than declared"]
        wanted, there = _wanted_triggers(sources), _triggers(cursor)
    found += [
        f"{table} does not keep search documents ({name})"
        for (table, name), record in sorted(wanted.items())
        if there.get((table, name)) != record
    ]
    return found
