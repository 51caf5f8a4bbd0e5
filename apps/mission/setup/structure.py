"""Set-up pages of missions, components, sectors, organisations and compartments."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from apps.mission.models import Compartment, Component, Mission, Organisation, Sector
from apps.mission.setup.access import administered
from apps.mission.setup.base import MissionFilter, StructureAdmin


class MissionAdmin(StructureAdmin):
    """Missions are made by superusers and kept by their administrators."""

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
