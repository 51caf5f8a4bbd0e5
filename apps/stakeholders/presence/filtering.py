"""The filters of the presence list, from an address; what is not understood was not asked. No queries."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.mission.vocabulary import Side
from apps.pages.forms import NativeDate
from apps.pages.structure import Structure
from apps.records.actors import Actor
from apps.stakeholders.models import Presence
from apps.stakeholders.selectors import LIVE
from apps.stakeholders.vocabulary import PresenceRole, PresenceStatus

CIVIL, MISSION = "civil", "mission"
MISSION_SIDES = (Side.MISSION_CIVIL, Side.MISSION_MILITARY, Side.MISSION_POLICE)


class PresenceFilters(forms.Form):
    """Area (with all within it), sector, side, role, status, the organisation's name, and a span of days."""

    q = forms.CharField(
        label=_("Organisation or activity"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    area = forms.ChoiceField(label=_("Area"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    side = forms.ChoiceField(
        label=_("Side"), required=False,
        choices=[("", _("Any")), (CIVIL, _("Civil")), (MISSION, _("Mission"))],
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Any")), *PresenceRole.choices])
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *PresenceStatus.choices]
    )
    since = forms.DateField(label=_("Active from"), required=False, widget=NativeDate)
    until = forms.DateField(label=_("Active until"), required=False, widget=NativeDate)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        self.structure = Structure(actor)
        for name in ("area", "sector"):
            choices = [("", _("Any")), *self.structure.choices(name)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.is_valid()
        self.given: dict[str, Any] = {
            name: value
            for name, value in getattr(self, "cleaned_data", {}).items()
            if value not in (None, "")
        }

    def narrow(self, rows: QuerySet[Presence]) -> QuerySet[Presence]:
        """The rows that the filters let through."""
        given = self.given
        if "area" in given:
            rows = rows.filter(area_id__in=self.structure.ids("area", given["area"]))
        if "sector" in given:
            rows = rows.filter(sector_id__in=self.structure.ids("sector", given["sector"]))
        if "side" in given:
            of_mission = Q(stakeholder__side__in=MISSION_SIDES)
            rows = rows.filter(of_mission if given["side"] == MISSION else ~of_mission)
        for name in ("role", "status"):
            if name in given:
                rows = rows.filter(**{name: given[name]})
        for word in str(given.get("q", "")).split()[:8]:
            rows = rows.filter(
                Q(stakeholder__title__icontains=word)
                | Q(stakeholder__acronym__icontains=word)
                | Q(activity__icontains=word)
            )
        return rows.filter(active_between(given.get("since"), given.get("until")))

    def described(self, url: Any) -> list[dict[str, str]]:
        """Filters in use in words, each with the address without it."""
        made = []
        for name, value in self.given.items():
            field = self.fields[name]
            words = dict(getattr(field, "choices", [])) or {}
            said = str(words.get(value, value)).strip()
            made.append({"label": str(field.label), "value": said, "remove_url": url(**{name: None})})
        return made


def active_between(since: date | None, until: date | None) -> Q:
    """Rows that were active on some day between these two; an end that was not said is still to come."""
    wanted = Q()
    if since is not None:
        wanted &= Q(end__isnull=True) | Q(end__gte=since)
    if until is not None:
        wanted &= Q(start__isnull=True) | Q(start__lte=until)
    return wanted


def on_the_register(actor: Actor) -> QuerySet[Presence]:
    """Presence of organisations on the register, with what lists show of it. The row rule says whose."""
    return Presence.objects.filter(
        stakeholder__mission=actor.mission, stakeholder__state__in=LIVE
    ).select_related("stakeholder", "area", "area__parent", "sector")
