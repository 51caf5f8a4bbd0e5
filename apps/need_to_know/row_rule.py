"""The row rule as SQL text, stated once. Policies and the audited doors are made of it; nothing else decides reading.

A Record is readable if, and only if, it belongs to the reader's mission, holds no data that the reader's side is
barred from, and either its audience has one of the reader's principals, its classification is within the reader's
clearance and all its compartments are held; or it is lent to the reader now (`app.lent`, computed when acting
begins: time-boxed grants under the same label, and emergency accesses whatever the label).

Released versions stay as they are: a migration says which one it was written for.
"""

from __future__ import annotations

CURRENT = 2

# WHY: no sub-select around current_setting(): the planner must be able to estimate from its value.
# WHY: most labels name no compartment and hold no protected data. Said first, the planner knows it from its
# statistics; `<@` alone it takes for rare, and then sorts thousands of rows where an index would have given fifty.
# SECURITY: current_setting() without its second argument raises when nobody is acting.
_LABEL = (
    "{r}classification <= current_setting('app.clearance')::integer"
    " AND ({r}compartments = '{{}}' OR {r}compartments <@ current_setting('app.compartments')::integer[])"
)
_CEILING = "({r}data_types = '{{}}' OR NOT {r}data_types && current_setting('app.barred')::integer[])"


def _rule(named: str, lent: str, ceiling: bool) -> str:
    rule = (
        "{r}mission_id = current_setting('app.mission')::bigint AND"
        " (({r}" + named + " && current_setting('app.principals')::integer[] AND " + _LABEL + ")"
        " OR {r}id = ANY (current_setting('" + lent + "')::bigint[]))"
    )
    return f"{rule} AND {_CEILING}" if ceiling else rule


_READABLE = {1: _rule("audience", "app.lent", False), 2: _rule("audience", "app.lent", True)}
_EDITABLE = {1: _rule("editors", "app.lent_edit", False), 2: _rule("editors", "app.lent_edit", True)}


def _for(text: str, alias: str) -> str:
    return text.format(r=f"{alias}." if alias else "")


def readable(alias: str = "", version: int = CURRENT) -> str:
    """The condition under which a row of records_record is readable."""
    return _for(_READABLE[version], alias)


def editable(alias: str = "", version: int = CURRENT) -> str:
    """The condition under which the fields of a row of records_record may be changed."""
    return _for(_EDITABLE[version], alias)


def ceiling(alias: str = "") -> str:
    """The condition under which a row with `data_types` is not barred to the reader's side."""
    return _for(_CEILING, alias)


def expand(sql: str, version: int = CURRENT) -> str:
    """Fill the rule into a migration's SQL."""
    return (
        sql.replace("@READABLE_R@", readable("r", version))
        .replace("@READABLE@", readable("", version))
        .replace("@EDITABLE_R@", editable("r", version))
        .replace("@EDITABLE@", editable("", version))
        .replace("@CEILING_R@", ceiling("r"))
        .replace("@CEILING@", ceiling())
    )
