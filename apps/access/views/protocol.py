"""The mission's information sharing protocol, for everybody who works in the mission."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.mission.models import Holding, SharingProtocol
from apps.mission.vocabulary import Sensitivity, Side
from apps.need_to_know.known import unknown_organisation_ids
from apps.pages.views.base import SignedInPage
from apps.records import clock
from apps.records.registry import all_types

_KILOMETRES = Decimal(111)  # a degree of latitude


def grid(decimals: int) -> str:
    """How far apart two points lie at least that are told apart with so many decimals of a degree; −1 shows none."""
    if decimals < 0:
        return _("not shown")
    size = _KILOMETRES / (10**decimals)
    if size < 1:
        return _("to about %(number)s m") % {"number": number_format((size * 1000).quantize(Decimal(1)))}
    return _("to about %(number)s km") % {"number": number_format(size.quantize(Decimal(1)))}


class Protocol(SignedInPage):
    """The protocol in force, or an older version; drafts are the administrators'."""

    def get(self, request: HttpRequest, protocol: UUID | None = None) -> HttpResponse:
        """The page."""
        seen = SharingProtocol.objects.filter(mission=self.actor.mission).exclude(state="draft")
        versions = list(seen.select_related("breach_position__organisation"))
        if protocol is None:
            shown = next((each for each in versions if each.state == "in_force"), None)
        else:
            shown = next((each for each in versions if each.uuid == protocol), None)
            if shown is None:
                raise Http404
        context: dict[str, Any] = {"protocol": shown, "versions": versions}
        if shown is not None:
            context |= self.described(shown)
        return render(request, "access/protocol.html", context)

    def described(self, shown: SharingProtocol) -> dict[str, Any]:
        """Its tables in words."""
        sides = dict(Side.choices)
        labels = {declared.key: capfirst(str(declared.label)) for declared in all_types()}
        lines = [
            {
                "line": line,
                "name": str(line.data_type),
                "barred": [str(sides.get(side, side)) for side in line.data_type.barred_sides],
            }
            for line in shown.lines.select_related("data_type")
        ]
        defaults = [
            {"type": labels.get(default.record_type, default.record_type), "label": default}
            for default in shown.default_labels.all()
        ]
        return {
            "lines": lines,
            "defaults": defaults,
            "rounding": [
                {"sensitivity": level.label, "grid": grid(decimals)}
                for level, decimals in zip(Sensitivity, shown.decimals, strict=False)
            ],
            "overdue": bool(shown.review_on and shown.review_on < clock.now().date()),
            "tell": self._whom_to_tell(shown),
        }

    def _whom_to_tell(self, shown: SharingProtocol) -> dict[str, Any] | None:
        """The position to which a breach is told, and who holds it now, as far as the reader may know it."""
        position = shown.breach_position
        if position is None:
            return None
        if position.organisation_id in unknown_organisation_ids(self.actor):
            return {"restricted": True}
        held = Holding.objects.current().filter(position=position).select_related("person")
        return {
            "title": position.title,
            "organisation": position.organisation.name,
            "holders": [holding.person for holding in held],
        }
