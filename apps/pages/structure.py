"""The mission's structure as choices of filters and share forms:
what everybody in the mission may know. No records.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import CharField, IntegerField, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from apps.accounts.models import User
from apps.mission.models import Area, Holding, Mission, Organisation, Position, Sector


@dataclass(frozen=True)
class Entry:
    """A row of structure: its id, the code used in addresses, its name,
    and for areas the one it is part of.
    """

    id: int
    code: str
    name: str
    parent: int | None
    level: int


@dataclass
class Structure:
    """Areas, sectors and organisations of one mission, read in one query and only if asked for."""

    mission: Mission
    _rows: dict[str, list[Entry]] | None = field(default=None, repr=False)

    def rows(self, kind: str) -> list[Entry]:
        """Entries of a kind: area, sector or organisation."""
        if self._rows is None:
            self._rows = self._read()
        return self._rows.get(kind, [])

    def _read(self) -> dict[str, list[Entry]]:
        areas = Area.objects.filter(mission=self.mission).values_list(
            Value("area"), "pk", "pcode", "name", "parent_id", Cast("level", IntegerField())
        )
        sectors = Sector.objects.filter(mission=self.mission).values_list(
            Value("sector"), "pk", "code", "name", Cast(Value(None), IntegerField()), Value(0)
        )
        organisations = Organisation.objects.filter(mission=self.mission).values_list(
            Value("organisation"), "pk", Cast(Cast("uuid", TextField()), CharField()), "name",
            Cast(Value(None), IntegerField()), Value(0),
        )  # fmt: skip
        found: dict[str, list[Entry]] = defaultdict(list)
        rows = areas.order_by().union(sectors.order_by(), organisations.order_by(), all=True)
        for kind, key, code, name, parent, level in rows:
            found[kind].append(Entry(key, code, name, parent, level))
        for entries in found.values():
            entries.sort(key=lambda entry: entry.name)
        return found

    def choices(self, kind: str) -> list[tuple[str, str]]:
        """(code, words) for a field; areas in their tree."""
        if kind != "area":
            return [(entry.code, entry.name) for entry in self.rows(kind)]
        below: dict[int | None, list[Entry]] = defaultdict(list)
        known = {entry.id for entry in self.rows("area")}
        for entry in self.rows("area"):
            below[entry.parent if entry.parent in known else None].append(entry)
        made: list[tuple[str, str]] = []

        def walk(parent: int | None, depth: int) -> None:
            for entry in below[parent]:
                made.append((entry.code, "\u2003" * depth + f"{entry.name} ({entry.code})"))
                walk(entry.id, depth + 1)

        walk(None, 0)
        return made

    def ids(self, kind: str, code: str) -> list[int]:
        """Ids for a code: for an area, its own and those of all areas within it."""
        wanted = {entry.id for entry in self.rows(kind) if entry.code == code}
        if kind != "area":
            return sorted(wanted)
        while more := {e.id for e in self.rows("area") if e.parent in wanted} - wanted:
            wanted |= more
        return sorted(wanted)


def named(mission: Mission, code: str) -> Position | Organisation | User | None:
    """Who a share form names: `position:<uuid>`, `organisation:<uuid>` or `person:<id>`;
    None for nobody of the mission.
    """
    kind, _sep, key = code.partition(":")
    try:
        if kind == "position":
            return Position.objects.filter(mission=mission, uuid=UUID(key), is_active=True).first()
        if kind == "organisation":
            return Organisation.objects.filter(mission=mission, uuid=UUID(key)).first()
        if kind == "person":
            return User.objects.filter(pk=int(key), holdings__position__mission=mission).distinct().first()
    except ValueError:
        return None
    return None


def principal_of(to: Position | Organisation | User) -> int:
    """The principal that stands for somebody in audiences."""
    return -to.pk if isinstance(to, User) else int(to.group_id)


def who_can_be_named(mission: Mission) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices of a share form, by kind: organisations, positions in use, and their present holders."""
    organisations = Organisation.objects.filter(mission=mission).order_by("name")
    positions = (
        Position.objects.filter(mission=mission, is_active=True)
        .select_related("organisation")
        .order_by("organisation__name", "title")
    )
    held = Holding.objects.current().filter(position__mission=mission, position__is_active=True)
    people = User.objects.filter(pk__in=held.values("person_id")).order_by("name")
    return [
        (gettext("Organisations"), [(f"organisation:{o.uuid}", o.name) for o in organisations]),
        (gettext("Positions"), [(f"position:{p.uuid}", f"{p.title}, {p.organisation}") for p in positions]),
        (gettext("People"), [(f"person:{u.pk}", u.name) for u in people]),
    ]
