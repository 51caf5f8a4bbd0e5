"""Keeps `WorkflowEdge` equal to the declared workflows; run by `migrate`, as the owner."""

from __future__ import annotations

from typing import Any

from apps.records.registry import all_types


def declared_edges() -> set[tuple[str, str, str, str, str, bool]]:
    """All legal (type, name, from, to, duty, by_clock) of all record types."""
    return {(t.key, *edge) for t in all_types() for edge in t.workflow.edges()}


def stored_edges() -> set[tuple[str, str, str, str, str, bool]]:
    """The same as the database holds them."""
    from apps.records.models import WorkflowEdge

    return set(WorkflowEdge.objects.values_list("type", "name", "from_state", "to_state", "duty", "by_clock"))


def write_edges(**_kwargs: Any) -> None:
    """Make the database's edges equal to the declared ones (post_migrate)."""
    from apps.records.models import WorkflowEdge

    declared, stored = declared_edges(), stored_edges()
    for type_, name, source, target, _duty, _clock in stored - declared:
        WorkflowEdge.objects.filter(type=type_, name=name, from_state=source, to_state=target).delete()
    WorkflowEdge.objects.bulk_create(
        WorkflowEdge(type=t, name=n, from_state=f, to_state=to, duty=d, by_clock=c)
        for t, n, f, to, d, c in sorted(declared - stored)
    )
