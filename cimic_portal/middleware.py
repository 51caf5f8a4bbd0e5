"""What surrounds every request: its id in the logs, the page for a missing server, the session's end.

Not here: who acts and what they may read; that is `apps.need_to_know`.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth import logout
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from cimic_portal.logs import request_id
from cimic_portal.metrics import REQUESTS

Respond = Callable[[HttpRequest], HttpResponse]

RETRY_AFTER_SECONDS = 5
_log = logging.getLogger("portal.requests")
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


class RequestIdMiddleware:
    """Gives each request an id (the proxy's, if it sent a sound one), logs and counts the answer."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the id in the header X-Request-ID."""
        given = request.headers.get("X-Request-ID", "")
        current = given if settings.BEHIND_PROXY and _ID.fullmatch(given) else uuid.uuid4().hex
        mark = request_id.set(current)
        start = time.monotonic()
        try:
            response = self.get_response(request)
            seconds = time.monotonic() - start
            match = request.resolver_match
            REQUESTS.count(response.status_code, seconds)
            _log.info(
                "request",
                extra={
                    "method": request.method,
                    "route": match.route if match else "",
                    "status": response.status_code,
                    "milliseconds": round(seconds * 1000),
                },
            )
        finally:
            request_id.reset(mark)
        response["X-Request-ID"] = current
        return response


class UnavailableMiddleware:
    """Answers 503 with Retry-After, not 500, while the database or the cache cannot be reached."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a connection error of the outer middleware comes as an exception here."""
        try:
            return self.get_response(request)
        except Exception as error:
            if response := self.process_exception(request, error):
                return response
            raise

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The 503 answer if `error` says that a server is away; None for anything else."""
        if not is_outage(error):
            return None
        _log.error("server away", exc_info=error)
        if request.path.startswith("/api/"):
            response: HttpResponse = JsonResponse(
                {"type": "about:blank", "title": "Service Unavailable", "status": 503},
                status=503,
                content_type="application/problem+json",
            )
        else:
            response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        response["Cache-Control"] = "no-store"
        return response


def is_outage(error: BaseException) -> bool:
    """True if a server cannot be reached, as opposed to having refused a statement."""
    if isinstance(error, redis.ConnectionError | redis.TimeoutError):
        return True
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    # A refusal by a server that answers carries an SQLSTATE; of these, class 57P and 53 mean "not now".
    code = getattr(error.__cause__, "pgcode", None) or ""
    return not code or code.startswith(("57P", "53", "08"))


class SessionLifetimeMiddleware:
    """Ends a session that was idle for SESSION_IDLE, and any session SESSION_ABSOLUTE after sign-in."""

    BEGAN = "session_began"
    SEEN = "session_seen"
    REFRESH_SECONDS = 300

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out an expired session, then answer."""
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault(self.BEGAN, now)
            seen = request.session.setdefault(self.SEEN, now)
            idle = now - seen > settings.SESSION_IDLE.total_seconds()
            if idle or now - began > settings.SESSION_ABSOLUTE.total_seconds():
                logout(request)
            elif now - seen > self.REFRESH_SECONDS:
                # WHY: a write every few minutes keeps the session alive without one for each page.
                request.session[self.SEEN] = now
        return self.get_response(request)
