"""Set-up pages of missions, components, sectors, organisations and compartments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Compartment, Component, Mission, Organisation, Sector
from apps.mission.setup.access import administered
from apps.mission.setup.base import MissionFilter, StructureAdmin, StructureForm
from apps.mission.vocabulary import Priority, Role


def _roles(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    """Roles as boxes to tick; those that read no content announce nothing."""
    choices = [(code, text) for code, text in Role.choices if code not in (Role.ADMIN, Role.AUDITOR)]
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class MissionForm(StructureForm):
    """Says who announces what in the mission."""

    notice_roles = _roles(_("Roles that issue notices"), _("A position with one of these roles may do it."))
    broadcast_roles = _roles(
        _("Roles that issue emergency broadcasts"),
        _("Everybody is disturbed at once. Choose few, and some that are there at every hour."),
    )

    register_roles = _roles(
        _("Roles that keep files on organisations"),
        _("A position with one of these roles may put an organisation on the register."),
    )

    group_roles = _roles(
        _("Roles that set up groups and meetings"),
        _(
            "A position with one of these roles may open the file of a group, call meetings and record decisions."
        ),
    )

    evidence_priorities = forms.TypedMultipleChoiceField(
        label=_("Action points that need evidence"), coerce=int, choices=Priority.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of these priorities, its owner attaches a file before saying that one is done."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (
            "notice_roles",
            "broadcast_roles",
            "register_roles",
            "group_roles",
            "evidence_priorities",
        ):
            if name in self.fields:
                self.initial.setdefault(name, getattr(self.instance, name))


class MissionAdmin(StructureAdmin):
    """Missions are made by superusers and kept by their administrators."""

    form = MissionForm
    list_display = ("name", "code", "time_zone", "is_exercise")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The missions administered."""
        return Mission.objects.filter(pk__in=[mission.pk for mission in administered(request)])

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the missions administered; the list also before there is one."""
        return self._within(request, obj) or (obj is None and request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A new mission begins with a superuser."""
        return bool(request.user.is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code stands in addresses and commands; exercise and real work never turn into each other."""
        return ("code", "is_exercise") if obj is not None else ()


class ComponentAdmin(StructureAdmin):
    """Components of the mission."""

    list_display = ("name", "kind")
    list_filter = (MissionFilter, "kind")
    search_fields = ("name",)


class SectorAdmin(StructureAdmin):
    """Sectors with their standard codes."""

    list_display = ("code", "name")
    list_filter = (MissionFilter,)
    search_fields = ("code", "name")


class OrganisationAdmin(StructureAdmin):
    """Organisations as readers and originators."""

    list_display = ("name", "acronym", "org_type", "side", "engagement_stance", "active_to")
    list_filter = (MissionFilter, "side", "org_type", "engagement_stance")
    search_fields = ("name", "acronym")
    autocomplete_fields = ("component", "parent")


class CompartmentAdmin(StructureAdmin):
    """Compartments of the mission's labels."""

    list_display = ("name", "code")
    list_filter = (MissionFilter,)
    search_fields = ("name", "code")


def register_structure(site: admin.AdminSite) -> None:
    """Put these pages on the site."""
    site.register(Mission, MissionAdmin)
    site.register(Component, ComponentAdmin)
    site.register(Sector, SectorAdmin)
    site.register(Organisation, OrganisationAdmin)
    site.register(Compartment, CompartmentAdmin)
