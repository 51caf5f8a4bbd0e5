"""Push messages: the worker that shows them in a browser, what one says to its person, and that person's devices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from apps.notifications.devices import device_add, device_remove
from apps.notifications.inbox import own
from apps.notifications.rendering import Said, said
from apps.pages.views.base import SignedInPage
from apps.records.actors import Actor
from apps.records.reading import note_unseen

_NIL = UUID(int=0)


def generic() -> dict[str, Any]:
    """What a push message says to whoever may not know more: signed out, somebody else, a right that has ended."""
    return {
        "title": _("CIMIC Portal"),
        "body": _("There is something new. Open the portal to see whether it is for you."),
        "url": reverse("notifications:inbox"),
    }


class ServiceWorker(View):
    """The script that a browser runs when a push message comes. It holds words for when the portal cannot be asked."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The script, asked for anew each time the browser looks for a newer one."""
        context = {**generic(), "text_url": reverse("notifications:push-text", args=[_NIL]), "nil": str(_NIL)}
        response = render(
            request, "notifications/sw.js", context, content_type="text/javascript; charset=utf-8"
        )
        response["Cache-Control"] = "no-cache"
        return response


@method_decorator(never_cache, name="dispatch")
class PushText(View):
    """What a push message says now, to whoever is signed in at that browser.

    SECURITY: the same answer for what is missing, somebody else's, or hidden by now; and to whoever is signed out.
    """

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, told: UUID) -> JsonResponse:
        """The words. `elsewhere` names the person's other missions, where the browser may ask as well."""
        actor: Actor | None = getattr(request, "actor", None)
        answer: dict[str, Any] = {**generic(), "tag": str(told), "found": False, "elsewhere": []}
        if actor is None:
            return JsonResponse(answer)
        asked_for = "X-Mission" in request.headers
        if not asked_for:
            answer["elsewhere"] = [m.code for m in request.missions if m.pk != actor.mission.pk]  # type: ignore[attr-defined]
        notification = own(actor).filter(uuid=told).first()
        if notification is not None and (words := said(actor, [notification])[notification.pk]).available:
            if words.restricted and notification.record_id is not None:
                # WHY: a reference alone is no reading of the record.
                note_unseen([notification.record_id])
            url = (
                reverse("desk:mission", args=[actor.mission.code])
                if asked_for
                else reverse("notifications:open", args=[told])
            )
            answer |= {**_words(words), "url": url, "found": True, "elsewhere": []}
        return JsonResponse(answer)


def _words(words: Said) -> dict[str, str]:
    """Title and text. A locked screen may show them: of what is restricted they say the reference and nothing more."""
    if words.restricted:
        return {
            "title": words.name or _("CIMIC Portal"),
            "body": _("There is something new. Open it to read more."),
        }
    return {
        "title": words.headline,
        "body": " – ".join(part for part in (words.reference, words.title) if part),
    }


class DeviceAdd(SignedInPage):
    """This browser takes push messages from now on."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """204; 422 with what is wrong, by field."""
        given = {name: request.POST.get(name, "") for name in ("endpoint", "key", "secret")}
        try:
            device_add(self.actor, **given, agent=request.headers.get("User-Agent", "")[:500])
        except ValidationError as refusal:
            return JsonResponse(refusal.message_dict, status=422)
        return HttpResponse(status=204)


class DeviceRemove(SignedInPage):
    """One of one's own devices takes none any more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, device: UUID) -> HttpResponse:
        """Forget it."""
        if not device_remove(self.actor, uuid=device):
            raise Http404
        return redirect("notifications:preferences")
