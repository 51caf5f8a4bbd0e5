"""Stopping a digest by the link in it: one page, one button, no signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from apps.accounts.models import User
from apps.notifications.services import digest_stop
from apps.notifications.unsubscribing import token_read


# SECURITY: mail programs send the one click (RFC 8058) without a cookie or a token of ours; the signed token in the
# address says all that is done, and it can only make mail less.
@method_decorator([never_cache, csrf_exempt], name="dispatch")
class Unsubscribe(View):
    """The page; a token that the portal did not make gets the same one, and does nothing."""

    http_method_names = ["get", "post", "head", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask once: a mail program that follows every link stops nothing."""
        return render(request, "notifications/unsubscribe.html", {"done": False})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Stop them."""
        if (named := token_read(token)) is not None:
            person_id, frequency = named
            if (person := User.objects.filter(pk=person_id).first()) is not None:
                digest_stop(person, frequency=frequency)
        return render(request, "notifications/unsubscribe.html", {"done": True})
