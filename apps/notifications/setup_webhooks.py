"""The set-up page of webhooks: which system is called, for whose account, and how its calls went.

SECURITY: the signing secret is shown when it is made and never again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.mission import record_types
from apps.mission.models import Holding, Mission
from apps.mission.setup.access import administered
from apps.mission.setup.base import MissionFilter, StructureAdmin, StructureForm
from apps.mission.setup.people import people_of
from apps.notifications import outbound
from apps.notifications.models import Webhook
from apps.notifications.vocabulary import CODES, MessageState
from apps.notifications.webhooks import webhook_new_secret, webhook_ping


class WebhookForm(StructureForm):
    """Refuses addresses that the portal may not reach, and accounts that people use."""

    url = forms.URLField(
        label=gettext_lazy("Address"), max_length=500, assume_scheme="https",
        help_text=gettext_lazy("Calls name records by their ids and say nothing of what is in them."),
    )  # fmt: skip
    record_types = forms.MultipleChoiceField(
        label=gettext_lazy("Record types"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: every type."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields.get("record_types")
        if isinstance(choice, forms.MultipleChoiceField):
            choice.choices = record_types.choices()

    def clean_url(self) -> str:
        """SECURITY: one sentence for every address that is closed, whatever it leads to."""
        url: str = self.cleaned_data["url"]
        try:
            outbound.check(url, allowed=settings.OUTWARD_NETWORKS)
        except outbound.Forbidden as error:
            raise ValidationError(
                _(
                    "The portal may not reach this address. It begins with https://, names no user and no other port, "
                    "and lies in the internet or in a network that the operator allows."
                )
            ) from error
        return url

    def clean(self) -> dict[str, Any] | None:
        """The account must be nobody's, in a position of its own."""
        cleaned = super().clean() or {}
        account = cleaned.get("account")
        mission = cleaned.get("mission") or (self.instance.mission if self.instance.mission_id else None)
        if account and mission and (problem := account_problem(account, mission)):
            self.add_error("account", problem)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        known = {"mission"} if self.instance.mission_id else set()
        return super()._get_validation_exclusions() - known  # type: ignore[misc]


def account_problem(account: User, mission: Mission) -> str:
    """Why a webhook may not be called for that account; empty if it may.

    It is told what its position reads, so neither may be shared with a person.
    """
    if account.has_usable_password() or account.last_login or account.is_staff or account.is_superuser:
        return _("A person uses this account. Invite one for the system, with an address that nobody opens.")
    if not account.is_active:
        return _("This account is closed.")
    held = Holding.objects.current().filter(position__mission=mission, position__is_active=True)
    own = list(held.filter(person=account).values_list("position_id", flat=True))
    if not own:
        return _("This account holds no position in the mission. Put it into one of its own first.")
    if held.filter(position__in=own).exclude(person=account).exists():
        return _("Somebody else is in the position of this account. It needs one of its own.")
    return ""


@dataclass(frozen=True)
class Went:
    """How many of the last calls went the same way."""

    state: str
    why: str
    number: int
    latest: datetime


def last_calls(webhook: Webhook) -> list[Went]:
    """What became of the last hundred calls; nothing but for administrators who work in that mission."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, code, number, latest FROM notifications_calls(%s)", [webhook.pk])
        rows = cursor.fetchall()
    return [
        Went(str(MessageState(state).label), str(CODES.get(code, code)), number, latest)
        for state, code, number, latest in rows
    ]


class WebhookAdmin(StructureAdmin):
    """Systems that are called. They are not deleted: calls refer to them; one is taken out of use."""

    form = WebhookForm
    fields = ("mission", "name", "url", "account", "record_types", "is_active")
    list_display = ("name", "account", "types", "is_active")
    list_filter = (MissionFilter, "is_active")
    list_select_related = ("account",)
    search_fields = ("name",)
    autocomplete_fields = ("account",)
    change_form_template = "admin/notifications/webhook/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """The list, the form, a test call and a new secret."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/test/", wrap(self.test), name="notifications_webhook_test"),
            path("<int:pk>/new-secret/", wrap(self.new_secret), name="notifications_webhook_secret"),
            *super().get_urls(),
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer accounts of the missions administered."""
        if db_field.name == "account":
            kwargs["queryset"] = people_of(administered(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The form, with how the last calls went."""
        webhook, actor = context.get("original"), getattr(request, "actor", None)
        if webhook is not None and actor is not None and actor.mission.pk == webhook.mission_id:
            context |= {"is_here": True, "calls": last_calls(webhook)}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The secret, once."""
        return self._show_secret(request, obj)

    def _posted(self, request: HttpRequest, pk: int) -> Webhook:
        found = self.get_queryset(request).filter(pk=pk).first()
        if found is None or request.method != "POST" or not self.has_change_permission(request, found):
            raise Http404
        webhook: Webhook = found
        return webhook

    def new_secret(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign with another secret from now on."""
        webhook = self._posted(request, pk)
        webhook_new_secret(webhook=webhook)
        self.log_change(request, webhook, _("New signing secret."))
        return self._show_secret(request, webhook)

    def _show_secret(self, request: HttpRequest, webhook: Webhook) -> HttpResponse:
        """WHY: a page of its own, in no cache and no cookie: a message would be kept in one."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "webhook": webhook,
            "title": _("Signing secret of %(webhook)s") % {"webhook": webhook.name},
        }
        return TemplateResponse(request, "admin/notifications/webhook/secret.html", context)

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Call the system about nothing, and tell what came of it."""
        webhook = self._posted(request, pk)
        failed = webhook_ping(webhook=webhook)
        if failed is None:
            messages.success(request, _("The system took the test call."))
        else:
            messages.error(request, _told(failed))
        return redirect(reverse("admin:notifications_webhook_change", args=[pk]))

    @admin.display(description=gettext_lazy("record types"))
    def types(self, webhook: Webhook) -> str:
        """The names that people know the types by."""
        return ", ".join(record_types.label(key) for key in webhook.record_types) or _("every type")


def _told(failed: outbound.Failed) -> str:
    """What went wrong with a test call, in words."""
    if failed.status:
        return _("The system refused the test call: it answered %(status)s.") % {"status": failed.status}
    if isinstance(failed, outbound.Forbidden):
        return _("The portal may not reach this address. Nothing was sent.")
    if isinstance(failed, outbound.Untrusted):
        return _("The certificate of the system is not trusted, or not for this name. Nothing was sent.")
    return _("The system did not answer within %(seconds)s seconds.") % {"seconds": int(outbound.SECONDS)}
