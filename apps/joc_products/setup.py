"""The set-up pages of the templates of JOC products."""

from __future__ import annotations

from django.contrib import admin

from apps.joc_products.models import ProductTemplate, TemplateSection
from apps.mission.setup.base import MissionFilter, StructureAdmin, StructureInline


class SectionInline(StructureInline):
    """Sections of the template in their order; products keep a copy of their own."""

    model = TemplateSection
    removable = True


class ProductTemplateAdmin(StructureAdmin):
    """A template ends by its tick: products refer to it."""

    inlines = (SectionInline,)
    list_display = ("name", "kind", "release_hour", "contributions_hours", "is_active", "mission")
    list_filter = (MissionFilter, "kind", "is_active")


def register(site: admin.AdminSite) -> None:
    """Put the page on the site."""
    site.register(ProductTemplate, ProductTemplateAdmin)
