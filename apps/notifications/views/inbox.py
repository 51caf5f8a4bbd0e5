"""The inbox: its tabs, opening, marking as read, and the part of it that stands at the head of every page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from apps.access.keyset import newest_first
from apps.notifications.inbox import TABS, Tab, count_text, of_tab, own, shown, unread_counts
from apps.notifications.models import Notification
from apps.notifications.services import notification_read, notifications_read
from apps.pages import cursors
from apps.pages.listing import PLACE
from apps.pages.views.base import SignedInPage
from apps.records import clock

TAB = "tab"


def tab_of(given: Any) -> Tab:
    """The tab that is asked for; the unread ones without."""
    return TABS.get(given.get(TAB, ""), TABS["unread"])


def inbox_url(tab: Tab, place: str = "") -> str:
    """The address of a tab, from a place on."""
    asked = {TAB: tab.key} if tab.key != "unread" else {}
    if place:
        asked[PLACE] = place
    return reverse("notifications:inbox") + (f"?{urlencode(asked)}" if asked else "")


class Inbox(SignedInPage):
    """What one was told, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A page of a tab."""
        tab = tab_of(request.GET)
        order = f"inbox {tab.key}"
        given = request.GET.get(PLACE, "")
        found = newest_first(of_tab(self.actor, tab), "at", "uuid", cursors.read(given, order))
        counted = unread_counts(self.actor)
        context = {
            "tabs": [
                {
                    "label": each.label, "url": inbox_url(each), "current": each is tab,
                    "number": count_text(counted.get(each.key, 0)),
                }
                for each in TABS.values()
            ],
            "tab": tab,
            "entries": shown(self.actor, found.rows),
            # WHY: marking all means all up to the newest that is shown; what came since nobody has seen.
            "until": found.rows[0].at.isoformat() if found.rows and found.is_first else "",
            "can_mark": found.is_first and any(row.read_at is None for row in found.rows),
            "here": inbox_url(tab, given),
            "place": given,
            "newer_url": "" if found.is_first else inbox_url(tab, found.newer.text(order) if found.newer else ""),
            "older_url": inbox_url(tab, found.older.text(order)) if found.older else "",
        }  # fmt: skip
        return render(request, "notifications/inbox.html", context)


class Head(SignedInPage):
    """The mark of the inbox and what must be read at once, drawn anew for a page that is open."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """That part alone."""
        return render(request, "notifications/_head.html")


class OneTold(SignedInPage):
    """Something about one of one's own notifications; anybody else's is not there."""

    def mine(self, told: UUID) -> Notification:
        """The notification, or Http404."""
        found = own(self.actor).filter(uuid=told).first()
        if found is None:
            raise Http404
        return found


class Open(OneTold):
    """On to what a notification tells of; it, and all others of that record, are read by this."""

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, told: UUID) -> HttpResponse:
        """There, or to the same few words for whatever may not be read any more."""
        mine = self.mine(told)
        (entry,) = shown(self.actor, [mine])
        notification_read(self.actor, notification=mine, whole_record=entry.available)
        if entry.available and entry.url:
            return redirect(entry.url)
        return render(request, "notifications/gone.html")


class Read(OneTold):
    """Marks one as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, told: UUID) -> HttpResponse:
        """Mark it; for htmx its row comes back, else the page on which it stood."""
        mine = self.mine(told)
        notification_read(self.actor, notification=mine)
        if getattr(request, "htmx", False):
            (entry,) = shown(self.actor, list(own(self.actor).filter(pk=mine.pk)))
            return render(request, "notifications/_marked.html", {"entry": entry})
        return redirect(inbox_url(tab_of(request.POST), request.POST.get(PLACE, "")[:2000]))


class ReadAll(SignedInPage):
    """Marks all of a tab as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark what had happened up to the moment that the page names; without one, up to now."""
        tab = tab_of(request.POST)
        try:
            until = parse_datetime(request.POST.get("until", ""))
        except ValueError:
            until = None
        if until is None or until.tzinfo is None:
            until = clock.now()
        notifications_read(self.actor, rows=of_tab(self.actor, tab), until=until)
        return redirect(inbox_url(tab))
