"""The portal as an ASGI application: Django's synchronous pages in a fixed pool of threads.

WHY: under native ASGI Django cannot keep database connections between requests; in a fixed pool it can.
"""

from __future__ import annotations

import os
from typing import Any

from a2wsgi import WSGIMiddleware

from cimic_portal.wsgi import application as pages

THREADS = int(os.environ.get("WEB_THREADS", "8"))

_pages: Any = pages
_threaded: Any = WSGIMiddleware(_pages, workers=THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer one connection; start-up and shutdown of the server need nothing."""
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": message["type"] + ".complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await _threaded(scope, receive, send)
