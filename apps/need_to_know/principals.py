"""Who can be named as a reader: kinds of principals, each registered once, with names and members.

Positions, organisations and the mission are known here. Working groups and liaison offices register theirs
from their own rooms; nothing else has to change for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apps.mission.models import Mission, Organisation, Position, PrincipalOwner

Named = dict[int, tuple[str, int | None]]


@dataclass(frozen=True)
class PrincipalKind:
    """A kind of principal. `names(group ids)` gives group id -> (name, id of the organisation it belongs to)."""

    key: str
    model: type[PrincipalOwner]
    names: Callable[[Iterable[int]], Named]


def _positions(groups: Iterable[int]) -> Named:
    found = Position.objects.filter(group_id__in=groups).select_related("organisation")
    return {p.group_id: (f"{p.title}, {p.organisation}", p.organisation_id) for p in found}


def _organisations(groups: Iterable[int]) -> Named:
    return {o.group_id: (o.name, o.pk) for o in Organisation.objects.filter(group_id__in=groups)}


def _missions(groups: Iterable[int]) -> Named:
    return {m.group_id: (m.name, None) for m in Mission.objects.filter(group_id__in=groups)}


_kinds: dict[str, PrincipalKind] = {}


def register_kind(kind: PrincipalKind) -> None:
    """Make a kind of principal known; the same key twice is an error."""
    if kind.key in _kinds:
        raise ValueError(f"kind of principal declared twice: {kind.key}")
    _kinds[kind.key] = kind


def kinds() -> list[PrincipalKind]:
    """All kinds, in the order registered."""
    return list(_kinds.values())


register_kind(PrincipalKind("position", Position, _positions))
register_kind(PrincipalKind("organisation", Organisation, _organisations))
register_kind(PrincipalKind("mission", Mission, _missions))


@dataclass(frozen=True)
class Principal:
    """A principal by name, with the organisation it belongs to (None for the mission)."""

    name: str
    kind: str
    organisation_id: int | None


def principals_named(groups: Iterable[int]) -> dict[int, Principal]:
    """Auth group id -> principal; one query for each kind, none when nothing is asked."""
    wanted = set(groups)
    found: dict[int, Principal] = {}
    for kind in _kinds.values():
        if not (missing := wanted - found.keys()):
            break
        for group, (name, organisation) in kind.names(missing).items():
            found[group] = Principal(name, kind.key, organisation)
    return found
