"""The set-up pages of what a mission decides about notifications: reminders and defaults."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.mission.setup.base import MissionFilter, StructureAdmin, StructureForm
from apps.mission.vocabulary import Priority, Role
from apps.notifications.models import ClockRule, DefaultFrequency, Webhook
from apps.notifications.setup_webhooks import WebhookAdmin
from apps.records.events import nudge


class SettingForm(StructureForm):
    """A setting that a mission has once for each of something."""

    def _get_validation_exclusions(self) -> set[str]:
        # WHY: the mission of a known setting is not asked again, and a second one for the same must still be found.
        known = {"mission"} if self.instance.mission_id else set()
        return super()._get_validation_exclusions() - known  # type: ignore[misc]


class ClockRuleForm(SettingForm):
    """Says that an empty priority is every other one."""

    priority = forms.TypedChoiceField(
        label=_("Priority"), required=False, coerce=int, empty_value=None,
        choices=[("", _("All other priorities")), *Priority.choices],
    )  # fmt: skip


class ClockRuleAdmin(StructureAdmin):
    """When people are reminded, and when it goes up the chain of command."""

    form = ClockRuleForm
    removable = True
    fields = ("mission", "priority", "remind_percent", "escalate_hours", "levels")
    list_display = ("named", "remind_percent", "escalate_hours", "levels")
    list_filter = (MissionFilter,)

    @admin.display(description=_("Priority"), ordering="priority")
    def named(self, rule: ClockRule) -> str:
        """The priority by its name."""
        return str(dict(Priority.choices).get(rule.priority or 0, _("All other priorities")))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save it, and set the clocks of all that waits in the mission anew."""
        super().save_model(request, obj, form, change)
        _set_clocks(obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take it away, and set the clocks anew."""
        super().delete_model(request, obj)
        _set_clocks(obj)


def _set_clocks(rule: ClockRule) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_refresh(%s)", [rule.mission_id])
    nudge()


class DefaultFrequencyForm(SettingForm):
    """Says that an empty role is everybody's."""

    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Everybody")), *Role.choices])


class DefaultFrequencyAdmin(StructureAdmin):
    """How often people are mailed until they choose themselves."""

    form = DefaultFrequencyForm
    removable = True
    fields = ("mission", "role", "kind", "frequency")
    list_display = ("named", "kind", "frequency")
    list_filter = (MissionFilter, "kind")

    @admin.display(description=_("Role"), ordering="role")
    def named(self, default: DefaultFrequency) -> str:
        """The role by its name."""
        return str(default.get_role_display() if default.role else _("Everybody"))


def register(site: admin.AdminSite) -> None:
    """Put these pages on the site."""
    site.register(ClockRule, ClockRuleAdmin)
    site.register(DefaultFrequency, DefaultFrequencyAdmin)
    site.register(Webhook, WebhookAdmin)
