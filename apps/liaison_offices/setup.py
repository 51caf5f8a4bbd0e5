"""The set-up page of the rules of liaison."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin

from apps.liaison_offices.models import LiaisonRule
from apps.liaison_offices.vocabulary import Mode
from apps.mission.setup.base import StructureAdmin, StructureForm


def _modes(name: str) -> forms.TypedMultipleChoiceField:
    label = cast(Any, LiaisonRule._meta.get_field(name)).verbose_name
    return forms.TypedMultipleChoiceField(
        label=label, choices=Mode.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class LiaisonRuleForm(StructureForm):
    """Modes as boxes to tick."""

    discouraged = _modes("discouraged")
    barred = _modes("barred")

    class Meta:
        model = LiaisonRule
        fields = (
            "mission", "side_a", "side_b", "area", "discouraged", "barred", "reason", "required",
            "stale_strategic", "stale_operational", "stale_tactical",
        )  # fmt: skip


class LiaisonRuleAdmin(StructureAdmin):
    """One for two sides, everywhere or in an area."""

    form: Any = LiaisonRuleForm
    list_display = ("__str__", "area", "required", "mission")
    removable = True


def register(site: admin.AdminSite) -> None:
    """Put the page on the site."""
    site.register(LiaisonRule, LiaisonRuleAdmin)
