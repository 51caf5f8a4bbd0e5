"""What becomes of a row of a 3W or 4W table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.stakeholders.models import Presence
from apps.stakeholders.vocabulary import PresenceRole, RowOutcome

from . import values
from .identity import key_of, presence_key
from .judging import Judge, Judged
from .matching import folded
from .places import said_of
from .reading_rows import RowReader

#: Purpose -> field of the row that is kept; what identifies the row comes first.
FIELDS = {
    "role": "role", "sector": "sector_id", "activity": "activity", "area": "area_id", "place": "place",
    "start": "start", "latitude": "latitude", "longitude": "longitude", "end": "end", "status": "status",
    "population": "population", "targeted": "targeted", "reached": "reached", "source": "source",
}  # fmt: skip
_ACTIVITY_MOST, _PLACE_MOST, _GROUP_MOST, _SOURCE_MOST = 300, 120, 120, 200


class PresenceRows(RowReader):
    """The rules for such rows."""

    def __init__(self, judge: Judge) -> None:
        super().__init__(judge)
        self.decimals = _decimals(judge.actor.mission.pk)

    def read(self, row: Judged, cells: Sequence[Any]) -> None:
        """Read the row by itself: values, organisation, area, sector; refused, skipped, or ready to be compared."""
        name, acronym = self.who(row, cells)
        made = self._values(row, cells)
        asked_area = self._area(row, cells, made)
        if not row.problems:
            self.organisation(row, cells, name, acronym)
        if row.known is not None and not row.known.mine:
            row.refuse(
                self.layout.title("org.name") or self.layout.title("org.acronym"),
                _("%(name)s is on the register and kept by others: you may read it, not change it.")
                % {"name": row.known.title},
            )
        self.check_marks(row, cells)
        if asked_area is not None and row.outcome is not RowOutcome.REFUSED and not row.proposal:
            self.judge.ask(row, "area", asked_area, holds=True)
        row.said = _shown(made)
        if row.outcome in (RowOutcome.REFUSED, RowOutcome.SKIPPED):
            return
        self._sector(row, cells, made)
        if row.outcome is RowOutcome.REFUSED:
            return
        row.said = _shown(made)
        row.key = presence_key(
            role=made["role"], sector=made["sector_code"], activity=made["activity"], area=made["area_code"],
            place=made["place"], start=made["start"].isoformat() if made["start"] else "",
        )  # fmt: skip
        whose = str(row.known.pk) if row.known is not None else row.begun.key
        if self.judge.repeats(row, whose, row.key):
            return
        row.values = made
        if row.begun is not None and row.begun.key not in self.judge.organisations.begun:
            self.judge.organisations.begin(row.begun)
            row.begins = True

    def _values(self, row: Judged, cells: Sequence[Any]) -> dict[str, Any]:
        otherwise = self.layout.role or PresenceRole.PRESENT
        made: dict[str, Any] = {
            "role": self.value(row, cells, "role", lambda cell: values.role(cell, otherwise)) or otherwise,
            "activity": self._text(row, cells, "activity", _ACTIVITY_MOST),
            "place": self._text(row, cells, "place", _PLACE_MOST),
            "population": self._text(row, cells, "population", _GROUP_MOST),
            "source": self._text(row, cells, "source", _SOURCE_MOST),
            "start": self.value(row, cells, "start", values.day),
            "end": self.value(row, cells, "end", values.day),
            "status": self.value(row, cells, "status", values.status) or "unknown",
            "targeted": self.value(row, cells, "targeted", values.number),
            "reached": self.value(row, cells, "reached", values.number),
            "latitude": self.value(row, cells, "latitude", lambda cell: values.degrees(cell, 90)),
            "longitude": self.value(row, cells, "longitude", lambda cell: values.degrees(cell, 180)),
            "sector_id": None, "sector_code": "", "area_id": None, "area_code": "",
        }  # fmt: skip
        if made["start"] and made["end"] and made["end"] < made["start"]:
            row.refuse(self.layout.title("end"), _("The end lies before the beginning."))
        if not row.problems and (made["latitude"] is None) != (made["longitude"] is None):
            lacking = "latitude" if made["latitude"] is None else "longitude"
            row.refuse(self.layout.title(lacking), _("Latitude and longitude come together, or neither."))
        return made

    def _text(self, row: Judged, cells: Sequence[Any], purpose: str, most: int) -> str:
        return self.value(row, cells, purpose, lambda cell: values.text_within(cell, most)) or ""

    def _area(self, row: Judged, cells: Sequence[Any], made: dict[str, Any]) -> Any:
        found = self.judge.places.find(
            said_of(lambda purpose: self.text(cells, purpose), self.layout.columns)
        )
        if found.refused is not None:
            purpose, text = found.refused
            row.refuse(self.layout.title(purpose), text)
        elif found.place is not None:
            made |= {"area_id": found.place.pk, "area_code": found.place.code, "area_name": found.place.name}
        return found.asked

    def _sector(self, row: Judged, cells: Sequence[Any], made: dict[str, Any]) -> None:
        code, words = self.text(cells, "sector.code"), self.text(cells, "sector")
        found, asked = self.judge.sectors.find(code, words)
        if found:
            made |= {"sector_id": self.judge.sectors.by_code[found][0], "sector_code": found}
            return
        text = words or code
        if not text:
            return
        # WHY: a sector that this mission does not have is still what the row is about; its words are not lost.
        if folded(text) != folded(made["activity"]):
            made["activity"] = f"{text}: {made['activity']}" if made["activity"] else text
        if len(made["activity"]) > _ACTIVITY_MOST:
            column = self.layout.title("activity") or self.layout.title("sector")
            row.refuse(column, _("This is longer than %(most)d characters.") % {"most": _ACTIVITY_MOST})
        elif asked is not None:
            self.judge.ask(row, "sector", asked, holds=False)

    def compare(self, rows: list[Judged]) -> None:
        """Tell new rows from changed ones and from those that are as they were; two queries for the batch."""
        ids = {row.known.pk for row in rows if row.known is not None}
        keys = {row.key for row in rows if row.known is not None}
        stood: dict[tuple[int, str], Presence] = {}
        if ids:
            places = {row.values["area_id"] for row in rows if row.known is not None}
            whose = Presence.objects.filter(stakeholder_id__in=ids)
            # WHY: what was entered by hand may bear no key yet; it is the same row nevertheless.
            unkeyed = whose.filter(source_key="", area_id__in=places).select_related("area", "sector")
            for each in unkeyed.order_by("-pk"):
                stood[each.stakeholder_id, key_of(each)] = each
            for each in whose.filter(source_key__in=keys).order_by("-pk"):
                stood[each.stakeholder_id, each.source_key] = each
        for row in rows:
            before = stood.get((row.known.pk, row.key)) if row.known is not None else None
            if before is None:
                row.outcome = RowOutcome.CREATED
                continue
            row.existing = before
            row.changes = self._changes(row, before)
            row.outcome = RowOutcome.UPDATED if row.changes else RowOutcome.UNCHANGED

    def _changes(self, row: Judged, before: Presence) -> dict[str, list[Any]]:
        changes: dict[str, list[Any]] = {}
        for purpose, name in FIELDS.items():
            if purpose not in ("role", "sector", "area", "activity") and not self.given(purpose):
                continue
            stands, now = getattr(before, name), row.values[name]
            if name in ("latitude", "longitude"):
                now = self._as_kept(now, row.known.sensitivity)
            if stands != now:
                changes[purpose] = [_plain(stands), _plain(now)]
        return changes

    def _as_kept(self, degrees: Decimal | None, sensitivity: int) -> Decimal | None:
        """Coordinates as coarse as the mission keeps them for records of that sensitivity."""
        decimals = self.decimals[sensitivity]
        if degrees is None or decimals < 0:
            return None
        return degrees.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _decimals(mission_id: int) -> list[int]:
    """How many decimals of a degree the mission keeps, by sensitivity; −1 for none of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_decimals(%s, s) FROM generate_series(0, 3) s ORDER BY s", [mission_id])
        return [row[0] for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def _shown(made: dict[str, Any]) -> dict[str, Any]:
    """What the preview shows of the row's values."""
    names = (
        "role", "sector_code", "activity", "area_code", "area_name", "place", "start", "end", "status", "population",
        "targeted", "reached", "source",
    )  # fmt: skip
    shown = {name: _plain(made[name]) for name in names if made.get(name) not in (None, "")}
    if made["latitude"] is not None and made["longitude"] is not None:
        shown["latitude"], shown["longitude"] = str(made["latitude"]), str(made["longitude"])
    return shown
