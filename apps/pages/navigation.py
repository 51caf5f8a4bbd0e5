"""Entries of the navigation that rooms above this one add: for whom they are open, and where they lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.records.actors import Actor
from apps.records.workflow import Text


@dataclass(frozen=True)
class Entry:
    """A link of the navigation."""

    label: Text
    url: str
    icon: str


Find = Callable[[Actor], Entry | None]
#: Place (`main`: below the head; `menu`: the person's own menu) -> finders, in the order declared.
_finders: dict[str, list[Find]] = {"main": [], "menu": []}


def register_entry(place: str) -> Callable[[Find], Find]:
    """Add a finder of an entry; it asks no query of its own and answers None where it is not open."""

    def add(find: Find) -> Find:
        _finders[place].append(find)
        return find

    return add


def entries(place: str, actor: Actor, path: str) -> list[dict[str, Any]]:
    """The entries of a place that are open to the actor, as base.html draws them."""
    found = (find(actor) for find in _finders[place])
    return [
        {"label": e.label, "url": e.url, "icon": e.icon, "current": path.startswith(e.url)}
        for e in found
        if e is not None
    ]


def one_current(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries with at most one as the current page: the most precise, where one lies below another."""
    current = [item["url"] for item in items if item["current"]]
    precise = max(current, key=len, default=None)
    return [{**item, "current": item["url"] == precise} for item in items]
