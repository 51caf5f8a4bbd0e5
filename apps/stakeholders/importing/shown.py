"""An import as its page shows it: what columns serve, what rows say, what would change, in words. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.mission.models import Area, Mission, Sector
from apps.mission.vocabulary import OrganisationType, Side
from apps.stakeholders.models import ImportRow
from apps.stakeholders.vocabulary import PresenceRole, PresenceStatus, RowOutcome

TONES = {
    RowOutcome.CREATED: "success", RowOutcome.UPDATED: "active", RowOutcome.UNCHANGED: "stopped",
    RowOutcome.SKIPPED: "waiting", RowOutcome.REFUSED: "danger",
}  # fmt: skip
_PURPOSES: dict[str, str | Promise] = {
    "org.name": lazy("Organisation"), "org.acronym": lazy("Acronym"), "org.others": lazy("Other names"),
    "org.type": lazy("Type"), "org.type.code": lazy("Type"), "org.side": lazy("Side"),
    "org.stance": lazy("Engagement stance"), "role": lazy("Role"), "sector": lazy("Sector"),
    "sector.code": lazy("Sector"), "activity": lazy("Activity"), "area.code": lazy("P-code"),
    "area.name": lazy("Area"), "upper.name": lazy("Upper area"), "place": lazy("Place"),
    "latitude": lazy("Latitude"), "longitude": lazy("Longitude"), "start": lazy("From"), "end": lazy("Until"),
    "status": lazy("Status"), "population": lazy("For whom"), "targeted": lazy("People targeted"),
    "reached": lazy("People reached"), "source": lazy("Source"), "country.name": lazy("Country"),
    "country.code": lazy("Country"), "label.classification": lazy("Classification"),
    "label.sensitivity": lazy("Sensitivity"), "label.marking": lazy("Label"),
    "label.compartments": lazy("Compartments"), "label.data": lazy("Protected data"),
    # what a row says and changes
    "acronym": lazy("Acronym"), "kind": lazy("Type"), "side": lazy("Side"), "other_names": lazy("Other names"),
    "state": lazy("State"), "area": lazy("Area"),
}  # fmt: skip


def purpose_label(purpose: str) -> str:
    """What a purpose is called to people."""
    if purpose.startswith("adm"):
        level, _dot, what = purpose[3:].partition(".")
        text = _("P-code, level %(level)s") if what == "code" else _("Area, level %(level)s")
        return text % {"level": level}
    return str(_PURPOSES.get(purpose, purpose))


def columns_shown(columns: Mapping[str, str]) -> list[dict[str, str]]:
    """Which column serves what, in the order of the table."""
    return [
        {"column": title, "purpose": purpose_label(purpose)}
        for purpose, title in sorted(columns.items(), key=lambda each: (len(each[1].split()[0]), each[1]))
    ]


class Words:
    """Codes in the words of the reader's language; structure is read once."""

    def __init__(self, mission: Mission, rows: list[ImportRow]) -> None:
        changed = [row.changes for row in rows]
        sectors = Sector.objects.filter(mission=mission).values_list("pk", "code", "name")
        self._sectors = {key: name for pk, code, name in sectors for key in (pk, code.upper())}
        wanted = {pk for change in changed for pk in change.get("area", [])}
        self._areas = dict(Area.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
        self._terms: dict[str, dict[str, Any]] = {
            "role": dict(PresenceRole.choices), "status": dict(PresenceStatus.choices),
            "kind": dict(OrganisationType.choices), "side": dict(Side.choices),
            "state": {"draft": _("Draft"), "registered": _("On the register")},
        }  # fmt: skip

    def of(self, purpose: str, value: Any) -> str:
        """A value in words; a dash for none."""
        if value in (None, ""):
            return "–"
        if purpose == "sector":
            return str(self._sectors.get(value, value))
        if purpose == "area":
            return str(self._areas.get(value, value))
        return str(self._terms.get(purpose, {}).get(str(value), value)).replace("\n", "; ")


def row_shown(row: ImportRow, words: Words) -> dict[str, Any]:
    """One row of the table: what it says, what becomes of it, and why."""
    said = dict(row.said)
    area = " ".join(
        filter(None, [said.pop("area_name", ""), f"({said.pop('area_code')})" if "area_code" in said else ""])
    )
    sector = said.pop("sector_code", "")
    latitude, longitude = said.pop("latitude", ""), said.pop("longitude", "")
    parts = [
        words.of("sector", sector) if sector else "",
        said.pop("activity", ""),
        area,
        said.pop("place", ""),
    ]
    parts.append(f"{latitude}, {longitude}" if latitude else "")
    parts += [" – ".join(filter(None, [said.pop("start", ""), said.pop("end", "")]))]
    parts += [
        words.of(name, value) if name in ("role", "status", "kind", "side")
        else f"{purpose_label(name)}: {words.of(name, value)}"
        for name, value in said.items() if not (name == "status" and value == "unknown")
    ]  # fmt: skip
    outcome = RowOutcome(row.outcome)
    return {
        "number": row.number,
        "name": row.name,
        "text": " · ".join(part for part in parts if part),
        "outcome": outcome.label,
        "tone": TONES[outcome],
        "begins": bool(row.proposal.get("begins")),
        "problems": [{"column": column, "text": text} for column, text in row.problems],
        "changes": [
            {"label": purpose_label(name), "before": words.of(name, before), "after": words.of(name, after)}
            for name, (before, after) in row.changes.items()
        ],
    }


def said_of_counts(counts: Mapping[str, int]) -> str:
    """What an import comes to, in one sentence."""
    return _(
        "%(created)d new, %(updated)d changed, %(unchanged)d as they were, %(skipped)d skipped, %(refused)d refused."
    ) % {outcome.value: counts.get(outcome.value, 0) for outcome in RowOutcome}
