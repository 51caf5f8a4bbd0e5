"""The set-up page of the rules on who leads which kind of group."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin

from apps.mission.setup.base import StructureAdmin, StructureForm
from apps.mission.vocabulary import OrganisationType, Side
from apps.working_groups.models import LeadRule


def _boxes(name: str, choices: Any) -> forms.TypedMultipleChoiceField:
    label = cast(Any, LeadRule._meta.get_field(name)).verbose_name
    return forms.TypedMultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class LeadRuleForm(StructureForm):
    """Sides and types as boxes to tick."""

    sides = _boxes("sides", Side.choices)
    types = _boxes("types", OrganisationType.choices)

    class Meta:
        model = LeadRule
        fields = ("mission", "kind", "office", "sides", "types", "reason")


class LeadRuleAdmin(StructureAdmin):
    """One for a kind of group and an office."""

    form: Any = LeadRuleForm
    list_display = ("__str__", "reason", "mission")
    removable = True


def register(site: admin.AdminSite) -> None:
    """Put the page on the site."""
    site.register(LeadRule, LeadRuleAdmin)
