"""Presence as a table for files, with P-codes and the hashtags of a 3W (HXL 1.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mission.models import Area
from apps.mission.vocabulary import EngagementStance
from apps.stakeholders.files import ROWS_MOST, Column, Table
from apps.stakeholders.models import Presence
from apps.stakeholders.presence.listing import PresenceListing


def presence_table(listing: PresenceListing) -> Table:
    """What the list shows under its filters, without organisations that are only listed; at most ROWS_MOST rows."""
    shown = listing.ordered.exclude(stakeholder__stance=EngagementStance.LISTED)
    rows = list(shown[: ROWS_MOST + 1])
    filters = "; ".join(
        f"{each['label']}: {each['value']}" for each in listing.filters.described(lambda **_: "")
    )
    left_out = listing.filtered.filter(stakeholder__stance=EngagementStance.LISTED).count()
    notes = [(_("Content"), str(_("Who does what, where"))), (_("Filters"), filters or _("none"))]
    if left_out:
        said = ngettext(
            "%(number)d row of an organisation that is only listed",
            "%(number)d rows of organisations that are only listed", left_out,
        )  # fmt: skip
        notes.append((_("Left out"), said % {"number": left_out}))
    places = Places(listing)
    return Table(
        listing.actor, "presence", columns(places), rows[:ROWS_MOST], lambda row: row.stakeholder, notes,
        len(rows) > ROWS_MOST,
    )  # fmt: skip


class Places:
    """The areas above an area, by level; read once."""

    def __init__(self, listing: PresenceListing) -> None:
        self.areas = {area.pk: area for area in Area.objects.filter(mission=listing.actor.mission)}

    def at(self, row: Presence, level: int) -> Area | None:
        """The area of that level in which a row lies; None where it is not known so closely."""
        area = self.areas.get(row.area_id)
        while area is not None and area.level > level:
            area = self.areas.get(area.parent_id) if area.parent_id else None
        return area if area is not None and area.level == level else None

    def code(self, level: int) -> Any:
        """What a column of P-codes says."""
        return lambda row: found.pcode if (found := self.at(row, level)) else ""

    def name(self, level: int) -> Any:
        """What a column of names says."""
        return lambda row: found.name if (found := self.at(row, level)) else ""


def columns(places: Places) -> list[Column]:
    """The columns of a 3W or 4W, as HXL's core names them."""
    return [
        Column(_("Organisation"), "#org+name", lambda row: row.stakeholder.title),
        Column(_("Acronym"), "#org+acronym", lambda row: row.stakeholder.acronym),
        Column(_("Code of the type"), "#org+type+code", lambda row: row.stakeholder.kind),
        Column(_("Type"), "#org+type+name", lambda row: row.stakeholder.get_kind_label()),
        Column(_("Role"), "#org+role", lambda row: str(row.get_role_display())),
        Column(
            _("Code of the sector"), "#sector+cluster+code", lambda row: row.sector.code if row.sector else ""
        ),
        Column(_("Sector"), "#sector+cluster+name", lambda row: row.sector.name if row.sector else ""),
        Column(_("Activity"), "#activity+name", lambda row: row.activity),
        Column(_("P-code, level 1"), "#adm1+code+v_pcodes", places.code(1)),
        Column(_("Name, level 1"), "#adm1+name", places.name(1)),
        Column(_("P-code, level 2"), "#adm2+code+v_pcodes", places.code(2)),
        Column(_("Name, level 2"), "#adm2+name", places.name(2)),
        Column(_("Place"), "#loc+name", lambda row: row.place),
        Column(_("Latitude"), "#geo+lat", lambda row: row.latitude),
        Column(_("Longitude"), "#geo+lon", lambda row: row.longitude),
        Column(_("From"), "#date+start", lambda row: row.start),
        Column(_("Until"), "#date+end", lambda row: row.end),
        Column(_("Status"), "#status", lambda row: str(row.get_status_display())),
        Column(_("For whom"), "#beneficiary+type", lambda row: row.population),
        Column(_("People targeted"), "#targeted+num", lambda row: row.targeted),
        Column(_("People reached"), "#reached+num", lambda row: row.reached),
        Column(_("Source"), "#meta+source", lambda row: row.source),
    ]
