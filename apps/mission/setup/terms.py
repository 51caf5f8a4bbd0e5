"""Set-up pages of what the mission decides about its own work: deciders, lead times, lists of terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.mission import clocked
from apps.mission.models import DecisionAuthority, LeadTime, VocabularyTerm
from apps.mission.setup.base import MissionFilter, StructureAdmin, StructureForm
from apps.mission.vocabulary import Priority, Role


class DecisionAuthorityForm(StructureForm):
    """A position decides only if it holds the role."""

    def clean(self) -> dict[str, Any] | None:
        """Refuse a position that is no decision authority."""
        cleaned = super().clean()
        position = (cleaned or {}).get("position")
        if position and not position.roles.filter(role=Role.DECIDER).exists():
            self.add_error("position", _("This position does not hold the role “Decision authority”."))
        return cleaned


class DecisionAuthorityAdmin(StructureAdmin):
    """Which position decides on which kind of request."""

    form = DecisionAuthorityForm
    removable = True
    list_display = ("kind", "position")
    list_filter = (MissionFilter, "kind")
    list_select_related = ("position",)
    autocomplete_fields = ("position",)


class LeadTimeForm(StructureForm):
    """Offers the states that have a clock, of the record types that are there."""

    clock = forms.ChoiceField(label=_("Record and state"))
    priority = forms.TypedChoiceField(
        label=_("Priority"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Every priority")), *Priority.choices],
    )  # fmt: skip

    class Meta:
        model = LeadTime
        fields = ("mission", "clock", "priority", "hours")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["clock"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(f"{each.type}:{each.state}", str(each)) for each in clocked.states()]
        if self.instance.pk:
            choice.initial = f"{self.instance.record_type}:{self.instance.state}"

    def clean(self) -> dict[str, Any] | None:
        """Put the two halves where they belong, so that a second entry for the same is refused."""
        cleaned = super().clean()
        chosen = (cleaned or {}).get("clock")
        if chosen:
            self.instance.record_type, self.instance.state = chosen.split(":")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        chosen = {"record_type", "state"} if self.cleaned_data.get("clock") else set()
        return super()._get_validation_exclusions() - chosen  # type: ignore[misc]


class LeadTimeAdmin(StructureAdmin):
    """Hours that a state may wait."""

    form = LeadTimeForm
    removable = True
    fields = ("mission", "clock", "priority", "hours")
    list_display = ("what", "priority", "hours")
    list_filter = (MissionFilter,)

    @admin.display(description=_("Record and state"), ordering="state")
    def what(self, lead_time: LeadTime) -> str:
        """The names that people know the type and the state by."""
        return clocked.label(lead_time.record_type, lead_time.state)


class VocabularyTermAdmin(StructureAdmin):
    """Terms of the lists that the mission keeps."""

    list_display = ("label", "vocabulary", "code", "order", "is_active")
    list_filter = (MissionFilter, "vocabulary", "is_active")
    search_fields = ("label", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Programs know a term by its list and code."""
        fixed = ("vocabulary", "code") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)


def register_terms(site: admin.AdminSite) -> None:
    """Put these pages on the site."""
    site.register(DecisionAuthority, DecisionAuthorityAdmin)
    site.register(LeadTime, LeadTimeAdmin)
    site.register(VocabularyTerm, VocabularyTermAdmin)
