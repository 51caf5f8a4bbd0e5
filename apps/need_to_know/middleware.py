"""Every request of a signed-in person runs inside acting_as(); without it, records cannot be read at all."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as, missions_of
from apps.need_to_know.reads import reads_log
from apps.records.actors import Actor, NoActor
from apps.records.reading import collecting

SESSION_KEY = "mission"
#: SECURITY: below this address a secret in the address says who reads, whoever else is signed in at that browser.
BY_ADDRESS = "/calendar/"


def chosen_mission(request: HttpRequest) -> Mission | None:
    """The mission the person works in: the one named by the request or the session, else the first held.

    All missions held stay on the request as `missions`, for the switcher.
    """
    missions = missions_of(request.user)  # type: ignore[arg-type]
    request.missions = missions  # type: ignore[attr-defined]
    wanted = request.headers.get("X-Mission") or request.session.get(SESSION_KEY)
    return next((m for m in missions if m.code == wanted), missions[0] if missions else None)


class ActingMiddleware:
    """Sets `request.actor` (None when nobody acts) and rolls the request's transaction back on an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Act as the signed-in person for the length of the request."""
        request.actor = None  # type: ignore[attr-defined]
        request.mission = None  # type: ignore[attr-defined]
        if request.path_info.startswith(BY_ADDRESS) or not request.user.is_authenticated:
            return self.get_response(request)
        mission = chosen_mission(request)
        request.mission = mission  # type: ignore[attr-defined]
        if mission is None:
            return self.get_response(request)
        try:
            with acting_as(request.user, mission) as actor, collecting() as loaded:
                request.actor = actor  # type: ignore[attr-defined]
                response = self.get_response(request)
                if (labels := loaded.labels()) and response.status_code < 300:
                    reads_log(request, labels)
                # WHY: only here, not at the error: the page that tells of it may still have to read.
                if response.status_code >= 500 or getattr(request, "acting_failed", False):
                    transaction.set_rollback(True)
                return response
        except NoActor:
            request.actor = None  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Nothing is half-written: what the view wrote before the error is undone."""
        request.acting_failed = True  # type: ignore[attr-defined]


def actor_of(request: HttpRequest) -> Actor:
    """The request's actor. Raises NoActor for a person without a position, and for anonymous requests."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NoActor("this request has no actor")
    return actor
