"""Calendars on one's own devices: the page that makes and revokes their addresses, and the address itself."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views import View

from apps.need_to_know.acting import acting_as
from apps.notifications.calendar_feeds import (
    FEEDS_MOST,
    digest_of,
    feed_addresses,
    feed_found,
    feed_make,
    feed_revoke,
    feed_used,
    feeds_of,
    may_call,
)
from apps.notifications.calendar_writing import MEDIA_TYPE, calendar_of
from apps.notifications.forms import CalendarForm
from apps.notifications.models import CalendarFeed
from apps.pages import errors
from apps.pages.views.base import SignedInPage
from apps.records.actors import NoActor


class Calendars(SignedInPage):
    """One's own calendars: which there are, and a form for another."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self.page(CalendarForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make one, and show its address this once."""
        form = CalendarForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            made, token = feed_make(self.actor, name=form.cleaned_data["name"])
        except ValidationError as refusal:
            for name, texts in errors.errors_of(refusal).items():
                form.add_error(name if name in form.fields else None, texts)
            return self.page(form, 422)
        address, subscribing = feed_addresses(token)
        context = {"made": made, "address": address, "subscribing": subscribing}
        return render(request, "notifications/calendar_made.html", context)

    def page(self, form: CalendarForm, status: int = 200) -> HttpResponse:
        """Draw it."""
        feeds = list(feeds_of(self.actor))
        context = {"form": form, "feeds": feeds, "is_full": len(feeds) >= FEEDS_MOST}
        return render(self.request, "notifications/calendars.html", context, status=status)


class CalendarRevoke(SignedInPage):
    """Closes one of one's own addresses; anybody else's is not there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, device: UUID) -> HttpResponse:
        """Close it."""
        if not feed_revoke(self.actor, uuid=device):
            raise Http404
        messages.success(
            request,
            _("The address is closed. A calendar keeps what it has already read until you remove it there."),
        )
        return redirect("notifications:calendars")


class Feed(View):
    """A person's calendar, for whoever has its secret address; no session is asked.

    SECURITY: unknown, revoked, of somebody who may not sign in or holds no position there: the same answer, after the
    same query.
    """

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Whatever is answered is nobody else's: it is kept nowhere, and its address is told to no other site."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The calendar; 304 for whoever has it as it is."""
        digest = digest_of(token)
        if not may_call(digest, get_adapter(request).get_client_ip(request)):
            return HttpResponse(status=429, headers={"Retry-After": "60"}, content_type="text/plain")
        feed = feed_found(digest)
        content = _read(feed) if feed is not None else None
        if feed is None or content is None:
            return HttpResponse(_("Not found."), status=404, content_type="text/plain; charset=utf-8")
        response = HttpResponse(content, content_type=MEDIA_TYPE)
        response["Content-Disposition"] = 'inline; filename="calendar.ics"'
        # WHY: the feed is part of it, so that no two people's calendars share one.
        etag = f'"{hashlib.sha256(feed.uuid.bytes + content).hexdigest()}"'
        response["ETag"] = etag
        conditional: HttpResponse | None = get_conditional_response(request, etag=etag, response=response)
        return conditional or response


def _read(feed: CalendarFeed) -> bytes | None:
    """What stands in it, read as its person; None for somebody who lost the last position since it was found."""
    try:
        with acting_as(feed.person, feed.mission) as actor:
            feed_used(feed)
            return calendar_of(actor)
    except NoActor:
        return None
