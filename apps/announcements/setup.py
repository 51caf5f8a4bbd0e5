"""The set-up page of who may announce."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.announcements.models import IssuingRules
from apps.mission.setup.base import StructureAdmin, StructureForm
from apps.mission.vocabulary import Role

#: Roles that read no content announce nothing.
_ROLES = [(code, label) for code, label in Role.choices if code not in (Role.ADMIN, Role.AUDITOR)]


def _boxes(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, choices=_ROLES, required=False, widget=forms.CheckboxSelectMultiple
    )


class IssuingRulesForm(StructureForm):
    """Roles as boxes to tick."""

    notice_roles = _boxes(_("Roles that issue notices"), _("A position with one of these roles may do it."))
    emergency_roles = _boxes(
        _("Roles that issue emergencies"),
        _("Everybody is disturbed at once. Choose few, and some at every hour."),
    )


class IssuingRulesAdmin(StructureAdmin):
    """One for each mission; without it, the usual roles announce."""

    form = IssuingRulesForm
    fields = ("mission", "notice_roles", "emergency_roles", "emergency_hours")
    list_display = ("mission", "notices", "emergencies", "emergency_hours")
    removable = True

    @admin.display(description=_("notices"))
    def notices(self, rules: IssuingRules) -> str:
        """The roles by name."""
        return ", ".join(str(Role(role).label) for role in rules.notice_roles)

    @admin.display(description=_("emergencies"))
    def emergencies(self, rules: IssuingRules) -> str:
        """The roles by name."""
        return ", ".join(str(Role(role).label) for role in rules.emergency_roles)


def register(site: admin.AdminSite) -> None:
    """Put the page on the site."""
    site.register(IssuingRules, IssuingRulesAdmin)
