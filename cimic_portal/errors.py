"""The answer when a request fails: 503 while a server is away, 500 for a fault of ours.

Django calls `server_error` for every error that nothing else answered, from views and middleware alike.
"""

from __future__ import annotations

import sys

import psycopg2
import redis
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

RETRY_AFTER_SECONDS = 5
_TITLES = {500: "Internal Server Error", 503: "Service Unavailable"}


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After if a server is away, else 500; as a problem document under /api/."""
    error = sys.exc_info()[1]
    status = 503 if error is not None and is_outage(error) else 500
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": _TITLES[status], "status": status}
        response: HttpResponse = JsonResponse(problem, status=status, content_type="application/problem+json")
    else:
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def is_outage(error: BaseException) -> bool:
    """True if a server cannot be reached, as opposed to having refused a statement."""
    if isinstance(error, redis.ConnectionError | redis.TimeoutError | InterfaceError):
        return True
    # WHY: a connection that breaks while the commit is sent raises the bare class, without an SQLSTATE.
    if type(error.__cause__) is psycopg2.DatabaseError:
        return not error.__cause__.pgcode
    if not isinstance(error, OperationalError):
        return False
    # A refusal by a server that answers carries an SQLSTATE; 57P, 53 and 08 among these mean "not now".
    code = getattr(error.__cause__, "pgcode", None) or ""
    return not code or code.startswith(("57P", "53", "08"))
