"""The set-up page of the desk for requests for information."""

from __future__ import annotations

from django.contrib import admin

from apps.information_requests.models import InformationDesk
from apps.mission.setup.base import StructureAdmin


class InformationDeskAdmin(StructureAdmin):
    """One for each mission; without it, the organisation with the JOC is asked."""

    list_display = ("organisation", "mission")
    removable = True


def register(site: admin.AdminSite) -> None:
    """Put the page on the site."""
    site.register(InformationDesk, InformationDeskAdmin)
