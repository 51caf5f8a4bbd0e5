"""Asking for access by reference, and what came of it. An answer never says whether a record exists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.access.forms import AskForm
from apps.access.keyset import newest_first
from apps.access.selectors import opened_to, reading_positions
from apps.mission.models import SharingProtocol
from apps.need_to_know.access_requests import (
    access_ask,
    access_requests_of,
    access_withdraw,
    answer_parts,
    state_of,
)
from apps.need_to_know.models import AccessRequest
from apps.pages import cursors, once
from apps.pages.listing import PLACE
from apps.pages.searching import referenced
from apps.pages.views.base import SignedInPage
from apps.records.errors import NotPermitted

_ORDER = "-asked_at"
#: What the asker is told while, and after, nobody gives anything: the same for a refusal and for no record.
_STATES = {
    "open": ("waiting", lambda: _("Passed on")),
    "given": ("success", lambda: _("Given")),
    "withdrawn": ("stopped", lambda: _("Withdrawn")),
    "ended": ("stopped", lambda: _("Ended without an answer")),
}


def shown(request: AccessRequest, readable: set[str]) -> dict[str, Any]:
    """A request as its asker sees it."""
    state = state_of(request)
    tone, label = _STATES[state]
    reference, said = answer_parts(request)
    return {
        "request": request,
        "url": reverse("access:asked", args=[request.uuid]),
        "state": {"label": label(), "tone": tone},
        "code": state,
        "opened": reference,
        "open_url": reverse("pages:reference", args=[reference]) if reference in readable else "",
        "said": said,
    }


class Mine(SignedInPage):
    """What one asked for, and what came of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A page of them, the newest first."""
        place = cursors.read(request.GET.get(PLACE, ""), _ORDER)
        found = newest_first(access_requests_of(self.actor), "asked_at", "uuid", place)
        readable = opened_to(self.actor, found.rows)
        here = reverse("access:mine")
        context = {
            "entries": [shown(each, readable) for each in found.rows],
            "newer_url": "" if found.is_first else _place_url(here, found.newer),
            "older_url": _place_url(here, found.older) if found.older else "",
            "may_ask": bool(reading_positions(self.actor)),
        }
        return render(request, "access/mine.html", context)


def _place_url(here: str, place: cursors.Place | None) -> str:
    return f"{here}?{PLACE}={place.text(_ORDER)}" if place else here


class Ask(SignedInPage):
    """Asking. Whoever reads the record already is led to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; `reference` in the address fills it in."""
        given = request.GET.get("reference", "").strip().upper()[:30].replace("\0", "")
        if given and (record := referenced(self.actor, given)):
            return redirect(record.get_absolute_url())
        return self.page(self.form(initial={"reference": given}))

    def form(self, *args: Any, **kwargs: Any) -> AskForm:
        """The form for this person."""
        return AskForm(*args, positions=reading_positions(self.actor), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, once however often the form is sent."""
        form = self.form(request.POST)
        if not form.positions:
            return self.page(form, 403)
        if not form.is_valid():
            return self.page(form, 422)
        given = form.cleaned_data
        if record := referenced(self.actor, given["reference"].strip().upper()):
            return redirect(record.get_absolute_url())
        try:
            uuid = once.once(
                self.actor, once.read(self.actor, request.POST.get("once", "")),
                lambda: access_ask(
                    self.actor, reference=given["reference"], wanted=given["wanted"], purpose=given["purpose"],
                    until=given["until"], position=form.chosen(),
                ),
            )  # fmt: skip
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
            return self.page(form, 422)
        return redirect("access:asked", asked=_made(self.actor, uuid).uuid)

    def page(self, form: AskForm, status: int = 200) -> HttpResponse:
        """Draw the form."""
        protocol = SharingProtocol.objects.in_force(self.actor.mission)
        context = {
            "form": form,
            "once": once.key_for(self.actor),
            "days": protocol.request_days if protocol else 14,
            "may_ask": bool(form.positions),
        }
        return render(self.request, "access/ask.html", context, status=status)


def _made(actor: Any, uuid: UUID) -> AccessRequest:
    """The request that a form made; Http404 when it is nobody's or somebody else's."""
    found = access_requests_of(actor).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


class Asked(SignedInPage):
    """One request of one's own."""

    def get(self, request: HttpRequest, asked: UUID) -> HttpResponse:
        """Where it stands."""
        found = _made(self.actor, asked)
        return render(request, "access/asked.html", {"entry": shown(found, opened_to(self.actor, [found]))})


class Withdraw(SignedInPage):
    """Takes a request back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, asked: UUID) -> HttpResponse:
        """Take it back while nothing is given."""
        found = _made(self.actor, asked)
        try:
            access_withdraw(self.actor, request=found)
            messages.success(request, _("You have withdrawn the request."))
        except NotPermitted:
            messages.warning(request, _("It was answered or withdrawn already."))
        return redirect("access:asked", asked=asked)
