"""The row rule as SQL text, stated once. Policies and the audited doors are made of it; nothing else decides reading.

A Record is readable if, and only if, it belongs to the reader's mission and either its audience has one of the
reader's principals, its classification is within the reader's clearance and all its compartments are held; or a
time-boxed grant of it to one of the reader's principals is live (`app.lent`, computed when acting begins).
"""

from __future__ import annotations

# WHY: no sub-select around current_setting(): the planner must be able to estimate from its value.
# WHY: most labels name no compartment. Said first, the planner knows it from its statistics; `<@` alone it takes
# for rare, and then sorts thousands of rows where an index would have given the first fifty.
# SECURITY: current_setting() without its second argument raises when nobody is acting.
_LABEL = (
    "{r}classification <= current_setting('app.clearance')::integer"
    " AND ({r}compartments = '{{}}' OR {r}compartments <@ current_setting('app.compartments')::integer[])"
)
_READABLE = (
    "{r}mission_id = current_setting('app.mission')::bigint AND"
    " (({r}audience && current_setting('app.principals')::integer[] AND " + _LABEL + ")"
    " OR {r}id = ANY (current_setting('app.lent')::bigint[]))"
)
_EDITABLE = (
    "{r}mission_id = current_setting('app.mission')::bigint AND"
    " (({r}editors && current_setting('app.principals')::integer[] AND " + _LABEL + ")"
    " OR {r}id = ANY (current_setting('app.lent_edit')::bigint[]))"
)


def readable(alias: str = "") -> str:
    """The condition under which a row of records_record is readable."""
    return _READABLE.format(r=f"{alias}." if alias else "")


def editable(alias: str = "") -> str:
    """The condition under which the fields of a row of records_record may be changed."""
    return _EDITABLE.format(r=f"{alias}." if alias else "")


def expand(sql: str) -> str:
    """Fill the rule into a migration's SQL."""
    return (
        sql.replace("@READABLE_R@", readable("r"))
        .replace("@READABLE@", readable())
        .replace("@EDITABLE@", editable())
    )
