"""Following or muting a record, its type, its area or its organisation, from the record's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.notifications.services import subscription_end, subscription_set
from apps.notifications.subscriptions import Target, own, targets
from apps.pages.names import Names
from apps.pages.views.base import SignedInPage, head
from apps.records.models import Record

FOLLOW, MUTE, STOP = "follow", "mute", "stop"


class Follow(SignedInPage):
    """What a record offers to follow. A hidden record is missing: the same 404, at the same cost."""

    def record_or_404(self, uuid: UUID) -> Record:
        """The record, of whatever type."""
        rows = Record.objects.select_related("mission", "originator", "area")
        try:
            return rows.get(uuid=uuid, mission=self.actor.mission)
        except ObjectDoesNotExist:
            raise Http404 from None

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page."""
        return self.page(self.record_or_404(uuid))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Follow, mute, or neither of the two."""
        record = self.record_or_404(uuid)
        wanted = next((t for t in targets(self.actor, record) if t.scope == request.POST.get("scope")), None)
        wish = request.POST.get("wish")
        if wanted is None or wish not in (FOLLOW, MUTE, STOP):
            return self.page(record, 422, _("Choose what you want to follow or mute."))
        try:
            self.carry_out(wanted, wish)
        except ValidationError as refusal:
            return self.page(record, 422, " ".join(refusal.messages))
        return redirect(request.path)

    def carry_out(self, wanted: Target, wish: str) -> None:
        """Store it, and say so."""
        if wish == STOP:
            for each in own(self.actor):
                if all(getattr(each, name) == value for name, value in wanted.to.items()):
                    subscription_end(self.actor, subscription=each)
            said = _("You are told as before.")
        else:
            subscription_set(self.actor, to=wanted.to, muted=wish == MUTE)
            said = _("You have muted it.") if wish == MUTE else _("You follow it.")
        messages.success(self.request, said)

    def page(self, record: Record, status: int = 200, problem: str = "") -> HttpResponse:
        """Draw it."""
        context = {
            **head(record.record_type, record, Names(self.actor)),
            "targets": targets(self.actor, record),
            "problems": [{"text": problem}] if problem else [],
        }
        return render(self.request, "notifications/follow.html", context, status=status)
