"""The register as a table for files with HXL hashtags."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.pages.listing import Listing
from apps.records.actors import Actor
from apps.stakeholders.files import ROWS_MOST, Column, Table
from apps.stakeholders.models import Stakeholder


def organisations_table(actor: Actor, listing: Listing) -> Table:
    """What the list shows under its filters, as far as it may leave the portal; at most ROWS_MOST organisations."""
    leaving = listing.record_type.leaving(listing.ordered())
    ids = list(leaving.values_list("pk", flat=True)[: ROWS_MOST + 1])
    found = Stakeholder.objects.filter(pk__in=ids[:ROWS_MOST]).select_related("area", "sector").in_bulk()
    rows = [found[pk] for pk in ids if pk in found]
    return Table(actor, "organisations", _columns(), rows, lambda row: row, more=len(ids) > ROWS_MOST)


def _columns() -> list[Column]:
    """The columns of a list of organisations, as HXL's core names them."""
    return [
        Column(_("Organisation"), "#org+name", lambda row: row.title),
        Column(_("Acronym"), "#org+acronym", lambda row: row.acronym),
        Column(_("Code of the type"), "#org+type+code", lambda row: row.kind),
        Column(_("Type"), "#org+type+name", lambda row: row.get_kind_label()),
        Column(
            _("Code of the sector"), "#sector+cluster+code", lambda row: row.sector.code if row.sector else ""
        ),
        Column(_("P-code"), "#adm+code+v_pcodes", lambda row: row.area.pcode if row.area else ""),
        Column(_("Area"), "#adm+name", lambda row: row.area.name if row.area else ""),
        Column(_("Active from"), "#date+start", lambda row: row.active_from),
        Column(_("Active until"), "#date+end", lambda row: row.active_to),
        Column(_("Reference"), "#meta+id", lambda row: row.reference),
    ]
