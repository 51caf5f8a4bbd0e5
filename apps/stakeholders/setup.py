"""The set-up page of a mission's register of stakeholders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.mission.setup.base import StructureAdmin, StructureForm
from apps.mission.vocabulary import Role
from apps.stakeholders.models import Register
from apps.stakeholders.models.settings import keepers_by


class RegisterForm(StructureForm):
    """Roles as boxes to tick; those that read no content keep no files."""

    keepers = forms.MultipleChoiceField(
        label=_("Roles that keep files on organisations"), widget=forms.CheckboxSelectMultiple,
        choices=[(code, text) for code, text in Role.choices if code not in (Role.ADMIN, Role.AUDITOR)],
        help_text=_("A position with one of these roles may put an organisation on the register."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("keepers", self.instance.keepers if self.instance.pk else keepers_by())


class RegisterAdmin(StructureAdmin):
    """One for each mission; without it, the usual roles keep files."""

    form = RegisterForm
    list_display = ("mission", "keepers")
    removable = True


def register(site: admin.AdminSite) -> None:
    """Put the page on the site."""
    site.register(Register, RegisterAdmin)
