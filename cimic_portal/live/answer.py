"""The address of the streams: who gets one, what it says at its head, and how it ends.

Whoever is nobody, or may not ask, gets a status and nothing else.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
import time
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest

from cimic_portal.live.hub import Hub
from cimic_portal.live.sessions import Found, look
from cimic_portal.live.stream import GONE, Stream
from cimic_portal.metrics import REQUESTS

PATH = "/events/"
OPENED = b"retry: 5000\n\n"
STILLS_MOST = 20
PATH_LONGEST = 200
ASKING_SECONDS = 10.0
RETRY_AFTER = (b"retry-after", b"30")

_NUMBER = re.compile("[0-9]{1,9}")
_HEAD = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_log = logging.getLogger("portal.requests")


class Refused(Exception):
    """No stream; the status says why."""

    def __init__(self, status: int, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers


async def answer(hub: Hub, scope: Any, receive: Any, send: Any) -> None:
    """Answer one request for a stream, and keep it open until the page, the person or the portal ends it."""
    began = time.monotonic()
    try:
        stream = await _admitted(hub, scope, began)
    except Refused as refused:
        _note(refused.status, began)
        headers = [(b"content-length", b"0"), (b"cache-control", b"no-store"), *refused.headers]
        await send({"type": "http.response.start", "status": refused.status, "headers": headers})
        await send({"type": "http.response.body"})
        return
    _note(200, began)
    leaving = asyncio.create_task(_end_when_left(stream, receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
        told = OPENED
        while True:
            await send({"type": "http.response.body", "body": told, "more_body": True})
            if stream.is_over:
                break
            told = await stream.next()
        await send({"type": "http.response.body"})
    finally:
        hub.remove(stream)
        leaving.cancel()


async def _end_when_left(stream: Stream, receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def _note(status: int, began: float) -> None:
    """Count and log an answer as those of pages are: a stream when it is opened."""
    seconds = time.monotonic() - began
    REQUESTS.count(status, seconds)
    said = {"method": "GET", "route": PATH[1:], "status": status, "milliseconds": round(seconds * 1000)}
    _log.info("request", extra=said)


async def _admitted(hub: Hub, scope: Any, asked_at: float) -> Stream:
    """The stream that this request opens, in its place among the others; raises Refused."""
    if scope["method"] != "GET":
        raise Refused(405, (b"allow", b"GET"))
    try:
        request = ASGIRequest(scope, io.BytesIO())
        _refuse_strangers(request)
        age, stills = request.GET.get("age", "0"), frozenset(request.GET.getlist("still"))
    except (SuspiciousOperation, UnicodeDecodeError):
        raise Refused(400) from None
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not session_key:
        raise Refused(401)
    if (
        not _NUMBER.fullmatch(age)
        or len(stills) > STILLS_MOST
        or max(map(len, stills), default=0) > PATH_LONGEST
    ):
        raise Refused(400)
    found = await _found(hub, session_key, stills)
    if found.person is None:
        raise Refused(401)
    stream = Stream(found.person, session_key, stills - found.gone)
    hub.add(stream, asked_at=asked_at, age=float(age))
    if found.gone:
        stream.tell(GONE)
    return stream


async def _found(hub: Hub, session_key: str, stills: frozenset[str]) -> Found:
    """Who asks, and what of it is gone already; Refused when nobody can say so now, or nobody more has room."""
    if hub.is_full:
        raise Refused(503, RETRY_AFTER)
    try:
        asked = hub.asking.ask(lambda: look(session_key, stills))
        hub.opening.add(asked)
        asked.add_done_callback(hub.opening.discard)
        async with asyncio.timeout(ASKING_SECONDS):
            return await asked
    except asyncio.CancelledError:
        if not hub.closed:
            raise
        raise Refused(503, RETRY_AFTER) from None
    except Exception as error:
        hub.failed(error)
        raise Refused(503, RETRY_AFTER) from None


def _refuse_strangers(request: ASGIRequest) -> None:
    """SECURITY: a page of another site must not open streams as the person, although it could not read them."""
    own = f"{request.scheme}://{request.get_host()}"
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Refused(403)
    if request.headers.get("Origin", own) != own:
        raise Refused(403)
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Refused(403)
