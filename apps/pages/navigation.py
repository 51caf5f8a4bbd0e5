"""The navigation: its groups, and in them the record types and the other pages that are open to somebody.

A record type says its group itself (`RecordType.nav_group`); a page that is no list of a type registers an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.registry import RecordType, all_types
from apps.records.workflow import Text


@dataclass(frozen=True)
class Entry:
    """A link of the navigation. `alone` marks it as current on its own page only, not on those below."""

    label: Text
    url: str
    icon: str
    alone: bool = False


Find = Callable[[Actor], Entry | None]
_in_groups: dict[NavGroup, list[Find]] = {group: [] for group in NavGroup}
_own: list[Find] = []


def register_entry(group: NavGroup) -> Callable[[Find], Find]:
    """Add a finder of an entry to a group, after its record types.

    It asks no query of its own and answers None where it is not open.
    """

    def add(find: Find) -> Find:
        _in_groups[group].append(find)
        return find

    return add


def register_own_entry(find: Find) -> Find:
    """Add a finder of an entry of the person's own menu, on the same terms."""
    _own.append(find)
    return find


def types_of(group: NavGroup) -> list[type[RecordType]]:
    """The record types found in a group, in the order declared."""
    return [declared for declared in all_types() if declared.nav_group == group]


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The groups with what is open to the actor, as `pages/_navigation.html` draws them.

    At most one entry is the current page: the most precise, where one lies below another.
    """
    found = {group: _drawn(_entries(group, actor), path) for group in NavGroup}
    current = [entry["url"] for entries in found.values() for entry in entries if entry["current"]]
    precise = max(current, key=len, default=None)
    for entries in found.values():
        for entry in entries:
            entry["current"] = entry["url"] == precise
    return [
        {
            "label": group.label,
            "entries": entries,
            "current": any(entry["current"] for entry in entries),
        }
        for group, entries in found.items()
        if entries
    ]


def own_entries(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The entries of the person's own menu, as base.html draws them."""
    return _drawn((find(actor) for find in _own), path)


def _entries(group: NavGroup, actor: Actor) -> Iterable[Entry | None]:
    for declared in types_of(group):
        yield Entry(declared.label_plural, reverse(f"{declared.url_namespace}:list"), declared.icon)
    for find in _in_groups[group]:
        yield find(actor)


def _drawn(found: Iterable[Entry | None], path: str) -> list[dict[str, Any]]:
    return [
        {
            "label": each.label,
            "url": each.url,
            "icon": each.icon,
            "current": path == each.url if each.alone else path.startswith(each.url),
        }
        for each in found
        if each is not None
    ]
