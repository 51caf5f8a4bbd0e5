"""Set-up page of mandates to file for another organisation. What is filed under one is read elsewhere, never here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.mission.models import FilingMandate, Position
from apps.mission.setup.access import administered, holds_now_or_later
from apps.mission.setup.base import MissionFilter, StructureAdmin, StructureForm


class FilingMandateForm(StructureForm):
    """A mandate is given to others than oneself, for another organisation than the position's own.

    `own_position_ids` are the positions that the editor is in, now or later.
    """

    own_position_ids: frozenset[int] = frozenset()

    def clean(self) -> dict[str, Any] | None:
        """Refuse the position's own organisation, an end before the beginning, and positions of one's own."""
        cleaned = super().clean()
        said = cleaned or {}
        position = said.get("position") or (self.instance.position if self.instance.pk else None)
        organisation = said.get("organisation")
        if position and organisation and position.organisation_id == organisation.pk:
            self.add_error("organisation", _("This is the position’s own organisation."))
        starts, until = said.get("starts"), said.get("until")
        if starts and until and until <= starts:
            self.add_error("until", _("The end must lie after the beginning."))
        if position and position.pk in self.own_position_ids:
            # SECURITY: an administrator gives rights to others; to their own position it would be to themselves.
            self.add_error(
                "position" if "position" in self.fields else None,
                _("Another administrator must give this to a position that you are in."),
            )
        return cleaned


class FilingMandateAdmin(StructureAdmin):
    """Which position files for which organisation. A mandate ends by its date and is kept: it says who agreed."""

    form = FilingMandateForm
    fields = ("mission", "position", "organisation", "starts", "until", "agreed_with")
    list_display = ("position", "organisation", "starts", "until", "agreed_with", "holds_now")
    list_filter = (MissionFilter,)
    list_select_related = ("position", "organisation")
    search_fields = ("position__title", "organisation__name", "organisation__acronym", "agreed_with")
    autocomplete_fields = ("position", "organisation")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Tell the form in which positions the editor is."""
        form = super().get_form(request, obj, change=change, **kwargs)
        ends = models.Q(holdings__until__isnull=True) | models.Q(holdings__until__gt=timezone.now())
        own = Position.objects.filter(
            ends, mission__in=administered(request), holdings__person_id=request.user.pk
        )
        return type(
            "OwnMandateForm", (form,), {"own_position_ids": frozenset(own.values_list("pk", flat=True))}
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who files for whom stays as it was agreed: another agreement is another mandate."""
        fixed = ("position", "organisation") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the missions administered, save the mandates of positions one is in."""
        own = obj is not None and obj.pk and holds_now_or_later(request, obj.position)
        return self._within(request, obj) and not own

    @admin.display(description=_("in force"), boolean=True)
    def holds_now(self, mandate: FilingMandate) -> bool:
        """Whether one may file under it now."""
        return mandate.starts <= timezone.now() and (mandate.until is None or mandate.until > timezone.now())


def register_mandates(site: admin.AdminSite) -> None:
    """Put this page on the site."""
    site.register(FilingMandate, FilingMandateAdmin)
