"""Does the wall stand: every table under a record guarded, every computed audience equal to its sources.

Structure is read from the database's own catalogue, so that a table nobody thought of is found. Nothing here
repairs anything, and nothing here reads what a record says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

# Tables that reach records_record by foreign keys, whatever the number of steps.
_UNDER = """
WITH RECURSIVE under(oid) AS (
    SELECT to_regclass('public.records_record')::oid
    UNION
    SELECT c.conrelid FROM pg_constraint c JOIN under u ON c.confrelid = u.oid WHERE c.contype = 'f'
)
SELECT t.oid::regclass::text, t.relrowsecurity, t.relforcerowsecurity,
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polcmd IN ('r', '*')),
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid
                AND concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
                    !~ '(current_setting|records_record|need_to_know_)'),
       has_table_privilege('portal_app', t.oid, 'SELECT, INSERT, UPDATE, DELETE'),
       has_table_privilege('portal_app', t.oid, 'TRUNCATE, REFERENCES, TRIGGER')
  FROM under u JOIN pg_class t ON t.oid = u.oid ORDER BY 1
"""

# Functions that look past the row rule, with what makes one dangerous.
_DOORS = """
SELECT p.oid::regprocedure::text, pg_get_userbyid(p.proowner) <> 'portal_door',
       coalesce(NOT 'search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig), true),
       EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = 'public' AND p.prosecdef ORDER BY 1
"""

# Views and stored query results that portal_app may read although their owner passes the row rule.
_BYPASSING = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_roles o ON o.oid = c.relowner
 WHERE n.nspname = 'public' AND has_table_privilege('portal_app', c.oid, 'SELECT')
   AND (c.relkind = 'm' OR c.relkind = 'v' AND (o.rolbypassrls OR o.rolsuper)) ORDER BY 1
"""

# What portal_app must not be able to do, whatever a policy says.
_NEVER = {
    "records_record": "DELETE",
    "records_step": "UPDATE, DELETE",
    "records_event": "UPDATE, DELETE",
    "records_change": "INSERT, UPDATE, DELETE",
    "records_workflowedge": "INSERT, UPDATE, DELETE",
    "records_withheld": "INSERT, UPDATE, DELETE",
    "need_to_know_feed": "SELECT, INSERT, UPDATE, DELETE",
    "need_to_know_source": "SELECT, INSERT, UPDATE, DELETE",
    "records_searchdocument": "SELECT, INSERT, UPDATE, DELETE",
    "need_to_know_readlog": "INSERT, UPDATE, DELETE",
    "need_to_know_readhead": "INSERT, UPDATE, DELETE",
    "need_to_know_emergencyaccess": "INSERT, UPDATE, DELETE",
    "need_to_know_accessrequest": "UPDATE, DELETE",
    "need_to_know_accessrequesttarget": "INSERT, UPDATE, DELETE",
    "notifications_outbox": "SELECT, INSERT, UPDATE, DELETE",
    "notifications_waits": "SELECT, INSERT, UPDATE, DELETE",
    "notifications_notification": "INSERT, DELETE",
    "notifications_message": "INSERT, UPDATE, DELETE",
    "notifications_digest": "INSERT, UPDATE, DELETE",
    "notifications_call": "INSERT, UPDATE, DELETE",
}


# Functions of the database that compare what is computed with its sources: (kind, record id) of what differs.
_COMPARISONS = ["need_to_know_differences", "records_search_differences", "records_withheld_differences"]


def register_comparison(function: str) -> None:
    """Let a room above have its own computed data compared, by the name of its function."""
    if function not in _COMPARISONS:
        _COMPARISONS.append(function)


def _rows(alias: str, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def structure_problems(alias: str = "default") -> list[str]:
    """What is open in the database's structure: unguarded tables, loose functions, views, privileges.

    A few catalogue queries, whatever the number of records. Empty before the first migration.
    """
    if _rows(alias, "SELECT to_regclass('public.need_to_know_feed')") == [(None,)]:
        return []
    found: list[str] = []
    for table, enabled, forced, read, loose, reached, more in _rows(alias, _UNDER):
        if more:
            found.append(f"{table}: portal_app may truncate it, refer to it or put triggers on it")
        if not reached:
            continue
        if not (enabled and forced):
            found.append(f"{table} hangs on a record and has no forced row-level security")
        elif not read:
            found.append(f"{table} hangs on a record and has no policy for reading")
        elif loose:
            found.append(f"{table} has a policy that does not ask who reads")
    for function, foreign, path, public in _rows(alias, _DOORS):
        if foreign:
            found.append(f"{function} is SECURITY DEFINER and not owned by portal_door")
        if path:
            found.append(f"{function} is SECURITY DEFINER and does not fix its search_path")
        if public:
            found.append(f"{function} is SECURITY DEFINER and open to PUBLIC")
    found += [f"{view} shows portal_app what its owner reads" for (view,) in _rows(alias, _BYPASSING)]
    for table, rights in _NEVER.items():
        # WHY: a table that a migration still has to make is no problem, and migrating asks this first.
        asked = "SELECT has_table_privilege('portal_app', to_regclass(%s), %s)"
        if _rows(alias, asked, [table, rights]) == [(True,)]:
            found.append(f"portal_app has one of {rights} on {table}")
    return found


def edge_problems() -> list[str]:
    """Where the workflow edges in the database differ from the declared ones."""
    from apps.records.edges import declared_edges, stored_edges

    declared, stored = declared_edges(), stored_edges()
    return [f"the database does not know the step {edge}" for edge in sorted(declared - stored)] + [
        f"the database allows the undeclared step {edge}" for edge in sorted(stored - declared)
    ]


def content_differences(alias: str = "default") -> list[tuple[str, int]]:
    """(kind, record id) of every audience, editors' list, feed or search document that differs from its sources,
    and of every column under a field rule that shows more, or less, than its rule lets it.

    Reads all records and all that is searched under them.
    """
    sql = " UNION ALL ".join(
        f"SELECT * FROM {function}()"  # noqa: S608 - the functions below
        for function in _COMPARISONS
    )
    return [(kind, number) for kind, number in _rows(alias, sql)]


def rule_problems(alias: str = "default") -> list[str]:
    """Where the triggers that keep fields apart differ from the declared field rules."""
    from apps.records.field_rules import declared_rules

    stored: set[tuple[str, str, str]] = set()
    sql = "SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname = %s AND tgenabled <> 'D'"
    for table, arguments in _rows(alias, sql, ["records_withhold"]):
        for said in bytes(arguments).decode().split("\0")[1:-1]:
            rule, _how, column = said.split(" ")
            stored.add((table, column, rule))
    declared = declared_rules()
    return [f"nothing in the database keeps {rule} apart" for rule in sorted(declared - stored)] + [
        f"the database keeps apart what no field rule declares: {rule}" for rule in sorted(stored - declared)
    ]


def chain_problems(alias: str = "default") -> list[tuple[int, int]]:
    """(record id, number of the entry) wherever a chain of the log of reads was changed, cut or left out."""
    return [
        (record, number) for record, number in _rows(alias, "SELECT * FROM need_to_know_chain_problems()")
    ]


def chain_digest(alias: str = "default") -> str:
    """One hash over the ends of all chains: kept outside the database, it shows later that none was rewritten."""
    return str(_rows(alias, "SELECT need_to_know_chain_digest()")[0][0])


def unmanaged_records(alias: str = "default") -> list[int]:
    """Ids of records that nobody manages any more: their position is closed, and no release authority is named."""
    return [number for (number,) in _rows(alias, "SELECT * FROM need_to_know_unmanaged(NULL)")]


@register(Tags.database)
def the_wall_stands(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Refuse a database in which a table under a record is not guarded."""
    return [
        Error(problem, id="need_to_know.E001")
        for alias in databases or []
        for problem in structure_problems(alias)
    ]
