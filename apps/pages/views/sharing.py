"""Who reads a record: its audience in words, grants given and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.mission.models import Mission, Organisation, Position
from apps.need_to_know.grants import Given, grant_give, grant_revoke, grants_of, may_share
from apps.need_to_know.models import Right
from apps.pages import errors, readers, structure
from apps.pages.forms import NativeDateTime
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.records.errors import NotPermitted, RecordError

_KINDS = {
    "position": gettext_lazy("position"),
    "organisation": gettext_lazy("organisation"),
    "mission": gettext_lazy("mission"),
    "person": gettext_lazy("person"),
}


class GrantForm(forms.Form):
    """To whom, what, why, until when."""

    to = forms.ChoiceField(label=gettext_lazy("Share with"))
    right = forms.ChoiceField(label=gettext_lazy("They may"), choices=Right.choices, initial=Right.VIEW)
    reason = forms.CharField(
        label=gettext_lazy("Why they need to know"),
        max_length=300,
        help_text=gettext_lazy("Kept with the grant, for everybody who can read the record."),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=NativeDateTime,
        help_text=gettext_lazy("Left empty, it lasts until it is taken back."),
    )

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mission = mission
        choices = [("", gettext_lazy("Choose")), *structure.who_can_be_named(mission)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def clean_to(self) -> Position | Organisation | User:
        """The one named."""
        found = structure.named(self.mission, self.cleaned_data["to"])
        if found is None:
            raise forms.ValidationError(_("Choose somebody of this mission."))
        return found


class RecordShare(RecordPage):
    """Sharing by name: seen by every reader, changed by those who may share."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page."""
        return self.page(self.record_or_404(uuid), None)

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Give a grant, or take one back when `revoke` names it."""
        record = self.record_or_404(uuid)
        here = self.record_type.url(record, "share")
        try:
            if "revoke" in request.GET:
                grant_revoke(self.actor, record=record, key=request.GET["revoke"])
                messages.success(request, _("The grant was taken back. It opens nothing any more."))
                return redirect(here)
            form = GrantForm(request.POST, mission=self.actor.mission)
            if not form.is_valid():
                return self.page(record, form, 422)
            given = form.cleaned_data
            grant_give(
                self.actor, record=record, to=given["to"], right=given["right"], reason=given["reason"],
                until=given["until"],
            )  # fmt: skip
        except NotPermitted as error:
            return self.refused(record, error, 403)
        except (RecordError, ValidationError) as error:
            errors.put(form, error, self.record_type)
            return self.page(record, form, errors.status_of(error))
        messages.success(request, _("Shared with %(name)s.") % {"name": given["to"]})
        return redirect(here)

    def page(self, record: Any, form: GrantForm | None, status: int = 200) -> HttpResponse:
        """Draw the page."""
        declared, mine = self.record_type, may_share(self.actor, record)
        here = declared.url(record, "share")
        context = {
            **head(declared, record, Names(), current="share"),
            "audience": readers.now(record),
            "grants": [
                self._given(grant, f"{here}?revoke={grant.key}" if mine else "")
                for grant in grants_of(record)
            ],
            "grant_form": (form or GrantForm(mission=self.actor.mission)) if mine else None,
            "grant_url": here,
            "preview_url": f"{reverse(f'{declared.url_namespace}:preview')}?record={record.uuid}",
            "note": _(
                "Only the position that filed it, its release authority and those given the right share it."
            ),
        }
        return render(self.request, "pages/share.html", context, status=status)

    def _given(self, grant: Given, revoke_url: str) -> dict[str, Any]:
        return {
            "to": grant.to,
            "kind": _KINDS.get(grant.kind, ""),
            "rights": grant.right.label,
            "by": {"name": grant.granted_by} if grant.granted_by else None,
            "at": grant.granted_at,
            "until": grant.expires_at,
            "reason": grant.reason,
            "revoke_url": revoke_url,
            "live": not grant.expired,
        }
