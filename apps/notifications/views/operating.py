"""The operator's page: how the background work fares, what failed, what to do. For administrators of the mission."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mission.vocabulary import Role
from apps.notifications import operations
from apps.notifications.services import bounce_clear, failed_replay
from apps.pages.views.base import SignedInPage

log = logging.getLogger(__name__)


class OperatorPage(SignedInPage):
    """A page for administrators. Nobody else finds anything here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, for administrators."""
        actor = getattr(request, "actor", None)
        if request.user.is_authenticated and actor is not None and not actor.has_role(Role.ADMIN):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class Operations(OperatorPage):
    """Depths, ages, failures, addresses that bounce, and the worker's sign of life."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        said = operations.health()
        context = {
            "health": said,
            "worker": operations.worker_life(),
            "events": operations.age_of(said["oldest_seconds"], operations.OLDEST_SECONDS),
            "sending": operations.age_of(said["message_oldest_seconds"], operations.OLDEST_SECONDS),
            "failures": operations.failures(self.actor),
            "bounced": operations.bounced(self.actor),
        }
        return render(request, "notifications/operations.html", context)


class Retry(OperatorPage):
    """Tries again what failed: one, or all of the mission's."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Put it back into its queue."""
        given = request.POST.get("uuid", "")
        try:
            uuid = UUID(given) if given else None
        except ValueError:
            raise Http404 from None
        again = failed_replay(self.actor, uuid=uuid)
        log.info("tried again: %s, by person %s", again, self.actor.user_id)
        said = ngettext("%(number)d is tried again.", "%(number)d are tried again.", again)
        messages.success(request, said % {"number": again})
        return redirect("notifications:operations")


class ClearBounce(OperatorPage):
    """Writes again to an address that mail came back from."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Forget that it came back."""
        if not bounce_clear(self.actor, email=request.POST.get("email", "")[:300]):
            raise Http404
        messages.success(request, _("Mail goes to that address again."))
        return redirect("notifications:operations")
