"""Who reads a record: its audience in words, grants given, renewed, shortened and taken back, readers proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.need_to_know.access_requests import access_ask
from apps.need_to_know.grants import (
    Given,
    grant_give,
    grant_narrow,
    grant_renew,
    grant_revoke,
    grants_of,
)
from apps.need_to_know.models import Wanted
from apps.pages import errors, readers, share_panel
from apps.pages.names import Names
from apps.pages.share_panel import Authority, Standing
from apps.pages.sharing_forms import AskForm, GrantForm, RenewForm, ShortenForm
from apps.pages.templatetags.portal import exact_time
from apps.pages.views.base import RecordPage, head
from apps.records.errors import NotPermitted, RecordError
from apps.records.models import Record

# What a service calls a value -> what the form calls it.
_FIELDS = {"until": "lasts", "reference": "__all__", "wanted": "__all__"}


class RecordShare(RecordPage):
    """Sharing by name: seen by every reader, changed by those who may share."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page; `renew` or `shorten` in the address shows the form for that grant."""
        return self.page(self.record_or_404(uuid))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Give a grant; or renew, shorten or take back the one that the address names; or propose a reader."""
        record = self.record_or_404(uuid)
        if "revoke" in request.GET:
            return self.revoke(record, request.GET["revoke"])
        for name, act in (("renew", self.renew), ("shorten", self.shorten)):
            if name in request.GET:
                return act(record, request.GET[name])
        return self.ask(record) if "ask" in request.GET else self.give(record)

    def give(self, record: Record) -> HttpResponse:
        """A new grant."""
        standing = Standing(self.actor, record)
        if not standing.rights:
            return self.refused(record, NotPermitted(), 403)
        form = GrantForm(self.request.POST, actor=self.actor, record=record, rights=standing.rights)

        def act(given: dict[str, Any]) -> str:
            grant_give(
                self.actor, record=record, to=given["to"], right=given["right"], reason=given["reason"],
                until=given["end"],
            )  # fmt: skip
            widget: Any = form.fields["to"].widget
            return _told(_("Shared with %(name)s") % {"name": widget.shown}, given["end"])

        return self.done(record, form, act, "give")

    def renew(self, record: Record, key: str) -> HttpResponse:
        """A new end and reason for a grant."""
        form, grant = RenewForm(self.request.POST), self.grant_or_404(record, key)

        def act(given: dict[str, Any]) -> str:
            grant_renew(self.actor, record=record, key=key, reason=given["reason"], until=given["end"])
            return _told(_("Renewed for %(name)s") % {"name": grant.to}, given["end"])

        return self.done(record, form, act, "renew")

    def shorten(self, record: Record, key: str) -> HttpResponse:
        """A sooner end."""
        form, grant = ShortenForm(self.request.POST), self.grant_or_404(record, key)

        def act(given: dict[str, Any]) -> str:
            grant_narrow(self.actor, record=record, key=key, until=given["end"])
            return _told(_("Shortened for %(name)s") % {"name": grant.to}, given["end"])

        return self.done(record, form, act, "shorten")

    def ask(self, record: Record) -> HttpResponse:
        """Propose a reader to whoever may share the record."""
        form = AskForm(self.request.POST, actor=self.actor)

        def act(given: dict[str, Any]) -> str:
            access_ask(
                self.actor, reference=record.reference, wanted=Wanted.FULL, purpose=given["purpose"],
                until=given["end"], reader=given["reader"],
            )  # fmt: skip
            return _("Proposed. Whoever may share this record decides, and finds it on their desk.")

        return self.done(record, form, act, "ask")

    def done(
        self, record: Record, form: Any, act: Callable[[dict[str, Any]], str], which: str
    ) -> HttpResponse:
        """Do it, if the form is sound; a refusal comes back on the page with what was typed."""
        if not form.is_valid():
            return self.page(record, 422, **{which: form})
        try:
            said = act(form.cleaned_data)
        except NotPermitted as error:
            return self.refused(record, error, 403)
        except (RecordError, ValidationError) as error:
            for name, texts in errors.errors_of(error).items():
                for text in texts:
                    field = _FIELDS.get(name, name)
                    form.add_error(field if field in form.fields else None, text)
            return self.page(record, errors.status_of(error), **{which: form})
        messages.success(self.request, said)
        return redirect(self.here(record))

    def revoke(self, record: Record, key: str) -> HttpResponse:
        """Take a grant back and show the panel; or give up one's own, which may be all that opened the record."""
        given = next((each for each in grants_of(record, self.actor) if each.key == key), None)
        own = given is not None and given.mine and not Standing(self.actor, record).narrows(given.right)
        try:
            grant_revoke(self.actor, record=record, key=key)
        except NotPermitted as error:
            return self.refused(record, error, 403)
        if own:
            messages.success(self.request, _("You gave up what was shared with you."))
            return redirect("desk:home")
        messages.success(self.request, _("The grant was taken back. It opens nothing any more."))
        return redirect(self.here(record))

    def here(self, record: Record) -> str:
        """The address of the panel."""
        return self.record_type.url(record, "share")

    def grant_or_404(self, record: Record, key: str) -> Given:
        """The grant of that key on the record, or Http404."""
        found = next((each for each in grants_of(record, self.actor) if each.key == key), None)
        if found is None:
            raise Http404
        return found

    def page(self, record: Any, status: int = 200, **forms: Any) -> HttpResponse:
        """Draw the page; `forms` are bound ones that were refused: give, renew, shorten or ask."""
        declared, actor, here = self.record_type, self.actor, self.here(record)
        standing, authority = Standing(actor, record), Authority(actor, record)
        given = grants_of(record, actor)
        context = {
            **head(declared, record, Names(actor), current="share"),
            "audience": readers.now(actor, record),
            "rule": authority.rule,
            "grants": share_panel.grants(standing, given, here),
            "change": self.change(standing, given, forms),
            "grant_form": forms.get("give")
            or (GrantForm(actor=actor, record=record, rights=standing.rights) if standing.rights else None),
            "ask_form": None if standing.rights else forms.get("ask") or AskForm(actor=actor),
            "who_may": authority.names,
            "managers": share_panel.managers(authority, given),
            "grant_url": here,
            "ask_url": f"{here}?ask=1",
            "preview_url": f"{reverse(f'{declared.url_namespace}:preview')}?record={record.uuid}",
            "requests": share_panel.requests(actor, record) if standing.rights else [],
            "emergency_uses": share_panel.emergencies(record),
            "history": share_panel.history(actor, record),
        }
        return render(self.request, "pages/share.html", context, status=status)

    def change(self, standing: Standing, given: list[Given], forms: dict[str, Any]) -> dict[str, Any] | None:
        """The form that renews or shortens the grant named in the address; None when none is open to the person."""
        makers: dict[str, tuple[Any, Any]] = {
            "renew": (RenewForm, standing.gives),
            "shorten": (ShortenForm, standing.narrows),
        }
        for name, (make, may) in makers.items():
            key = self.request.GET.get(name, "")
            grant = next((each for each in given if each.key == key), None)
            if grant is None or not may(grant.right):
                continue
            form = forms.get(name) or make()
            titles = {
                "renew": _("Renew the grant to %(name)s"),
                "shorten": _("Shorten the grant to %(name)s"),
            }
            return {
                "name": name,
                "title": titles[name] % {"name": grant.to},
                "until": grant.expires_at,
                "form": form,
                "url": f"{self.here(standing.record)}?{name}={grant.key}",
                "button": _("Renew") if name == "renew" else _("Shorten"),
                "cancel_url": self.here(standing.record),
            }
        return None


def _told(what: str, end: Any) -> str:
    """What was done, and until when."""
    if end is None:
        return _("%(what)s, until it is taken back.") % {"what": what}
    return _("%(what)s, until %(moment)s.") % {"what": what, "moment": exact_time(end)}
