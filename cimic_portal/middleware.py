"""What surrounds every request: its id in the logs, the session's end.

Not here: who acts and what they may read; that is `apps.need_to_know`.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from cimic_portal.logs import request_id
from cimic_portal.metrics import REQUESTS

Respond = Callable[[HttpRequest], HttpResponse]

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


class SessionLifetimeMiddleware:
    """Ends a session that was idle for SESSION_IDLE, and any session SESSION_ABSOLUTE after sign-in."""

    BEGAN = "session_began"
    SEEN = "session_seen"
    REFRESH_SECONDS = 300
    UNATTENDED = "X-Unattended"  # sent with what an open page asks by itself: nobody need be there

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out an expired session, then answer."""
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault(self.BEGAN, now)
            seen = request.session.setdefault(self.SEEN, now)
            if self.is_over(began, seen, now):
                logout(request)
            elif now - seen > self.REFRESH_SECONDS and self.UNATTENDED not in request.headers:
                # WHY: a write every few minutes keeps the session alive without one for each page.
                request.session[self.SEEN] = now
        return self.get_response(request)

    @staticmethod
    def is_over(began: int, seen: int, now: int) -> bool:
        """Whether a session that began then, and was last seen then, has come to its end."""
        idle = now - seen > settings.SESSION_IDLE.total_seconds()
        return idle or now - began > settings.SESSION_ABSOLUTE.total_seconds()
