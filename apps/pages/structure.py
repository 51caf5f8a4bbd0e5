"""The mission's structure as choices of filters: what the reader may know of it. No records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import CharField, IntegerField, TextField, Value
from django.db.models.functions import Cast

from apps.mission.models import Area, Sector
from apps.need_to_know.known import known_organisations
from apps.records.actors import Actor


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
    """Areas, sectors and the organisations that an actor may know of, in one query and only if asked for."""

    actor: Actor
    _rows: dict[str, list[Entry]] | None = field(default=None, repr=False)

    def rows(self, kind: str) -> list[Entry]:
        """Entries of a kind: area, sector or organisation."""
        if self._rows is None:
            self._rows = self._read()
        return self._rows.get(kind, [])

    def _read(self) -> dict[str, list[Entry]]:
        areas = Area.objects.filter(mission=self.actor.mission).values_list(
            Value("area"), "pk", "pcode", "name", "parent_id", Cast("level", IntegerField())
        )
        sectors = Sector.objects.filter(mission=self.actor.mission).values_list(
            Value("sector"), "pk", "code", "name", Cast(Value(None), IntegerField()), Value(0)
        )
        organisations = known_organisations(self.actor).values_list(
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
