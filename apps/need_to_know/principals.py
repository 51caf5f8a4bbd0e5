"""Who can be named as a reader: kinds of principals, each registered once, with names and members.

Positions, organisations and the mission are known here. Working groups and liaison offices register theirs
from their own rooms; nothing else has to change for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Mission, Organisation, Position, PrincipalOwner
from apps.need_to_know.known import unknown
from apps.records.actors import Actor
from apps.records.workflow import Text

Named = dict[int, tuple[str, int | None]]


@dataclass(frozen=True)
class PrincipalKind:
    """A kind of principal. `names(group ids)` gives group id -> (name, id of the organisation it belongs to).

    Whoever shares chooses among those rows of its mission that fulfil `usable`, found by words in the columns
    `searched`; without any, the kind is not offered. `organisation` is the path to the organisation whose name it
    tells; None for none, empty for itself.
    """

    key: str
    label: Text
    model: type[PrincipalOwner]
    names: Callable[[Iterable[int]], Named]
    searched: tuple[str, ...] = ()
    organisation: str | None = None
    usable: Q = field(default_factory=Q)

    def nameable(self, actor: Actor) -> QuerySet[PrincipalOwner]:
        """Those that the actor may name when sharing; nothing whose name they may not know."""
        rows: QuerySet[Any] = self.model._default_manager.filter(self.usable)
        if not self.searched:
            return rows.none()
        rows = rows.filter(mission=actor.mission)
        return rows if self.organisation is None else rows.exclude(unknown(actor, self.organisation))


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


register_kind(
    PrincipalKind(
        "position", _("position"), Position, _positions,
        searched=("title", "organisation__name", "organisation__acronym"), organisation="organisation",
        usable=Q(is_active=True),
    )
)  # fmt: skip
register_kind(
    PrincipalKind(
        "organisation", _("organisation"), Organisation, _organisations, searched=("name", "acronym"), organisation=""
    )
)  # fmt: skip
register_kind(PrincipalKind("mission", _("mission"), Mission, _missions))


@dataclass(frozen=True)
class Principal:
    """A principal by name, with the organisation it belongs to (None for the mission)."""

    name: str
    kind: str
    organisation_id: int | None


def kind_label(key: str) -> str:
    """The word for a kind of reader, a person and one that may not be known included."""
    known = {"person": _("person"), "restricted": ""}
    return str(known[key] if key in known else _kinds[key].label)


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
