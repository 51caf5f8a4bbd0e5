"""Naming an organisation that stands with a record: the host of an office, a counterpart of an engagement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.liaison_offices.forms import NamedForm
from apps.liaison_offices.services import stakeholder_name, stakeholder_unname
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.records.errors import NotPermitted
from apps.records.services import is_editor


class Naming(RecordPage):
    """Add one, or take one back."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The form."""
        record = self.kept(uuid)
        if isinstance(record, HttpResponse):
            return record
        return self.page(record, NamedForm(actor=self.actor))

    def kept(self, uuid: UUID) -> Any:
        """The record, or the page that says that it is not theirs to change."""
        record = self.record_or_404(uuid)
        if not is_editor(self.actor, record):
            return self.refused(record, NotPermitted(), 403)
        return record

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Store it, and go back to the record."""
        record = self.kept(uuid)
        if isinstance(record, HttpResponse):
            return record
        if request.POST.get("remove", "").isdecimal():
            stakeholder_unname(self.actor, record=record, row_id=int(request.POST["remove"][:18]))
            return redirect(f"{self.record_type.url(record)}#with")
        form = NamedForm(request.POST, actor=self.actor)
        if not form.is_valid():
            return self.page(record, form, 422)
        stakeholder_name(self.actor, record=record, stakeholder=form.cleaned_data["stakeholder"])
        return redirect(f"{self.record_type.url(record)}#with")

    def page(self, record: Any, form: NamedForm, status: int = 200) -> HttpResponse:
        """Draw the form."""
        host = record.type == "liaison_office"
        context = {
            **head(self.record_type, record, Names(self.actor), tabs=False),
            "form": form,
            "page_title": _("Host of the office") if host else _("With whom it is held"),
            "submit": _("Add"),
            "cancel_url": self.record_type.url(record),
            "intro": _("Only readers who may know both are shown it."),
        }
        return render(self.request, "stakeholders/small_form.html", context, status=status)
