"""The portal as an ASGI application: Django's synchronous pages in a fixed pool of threads, and open streams.

WHY: under native ASGI Django cannot keep database connections between requests; in a fixed pool it can.
"""

from __future__ import annotations

import os
from typing import Any

from a2wsgi import WSGIMiddleware

from cimic_portal.wsgi import application as pages

# isort: split
# WHY: what follows needs Django, which the line above has loaded.
from cimic_portal.live.answer import PATH, answer
from cimic_portal.live.hub import Hub
from cimic_portal.metrics import GAUGES

THREADS = int(os.environ.get("WEB_THREADS", "8"))

_pages: Any = pages
_threaded: Any = WSGIMiddleware(_pages, workers=THREADS)
live = Hub()
GAUGES["portal_live_streams"] = lambda: live.count


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer one connection."""
    if scope["type"] == "lifespan":
        await _live_from_start_to_end(receive, send)
    elif scope["type"] == "http" and scope["path"] == PATH:
        await answer(live, scope, receive, send)
    else:
        await _threaded(scope, receive, send)


async def _live_from_start_to_end(receive: Any, send: Any) -> None:
    while (message := await receive())["type"] != "lifespan.shutdown":
        live.start()
        await send({"type": message["type"] + ".complete"})
    await live.stop()
    await send({"type": "lifespan.shutdown.complete"})
