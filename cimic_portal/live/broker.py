"""This process's one subscription to what is said to open pages; it is taken up again for as long as it takes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Callable
from typing import Any

import redis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from apps.notifications.live import CHANNEL

SHORTEST_WAIT = 0.5
LONGEST_WAIT = 10.0
SILENT_SECONDS = 20.0

_log = logging.getLogger("portal.live")


async def listen(
    url: str, heard: Callable[[list[int], str], None], connected: Callable[[], None], lost: Callable[[], None]
) -> None:
    """Hear for ever: `heard` gets people and what; `connected` and `lost` tell of the connection itself."""
    wait = SHORTEST_WAIT
    while True:
        try:
            async with _server(url) as server, server.pubsub() as line:
                await line.subscribe(CHANNEL)
                async for message in _messages(line):
                    if message["type"] == "subscribe":
                        wait = SHORTEST_WAIT
                        connected()
                    elif message["type"] == "message":
                        _pass_on(message["data"], heard)
        except (redis.RedisError, OSError) as error:
            if wait == SHORTEST_WAIT:
                _log.warning("open pages hear nothing: %s", type(error).__name__)
            lost()
        # WHY: not all web processes at the same moment.
        await asyncio.sleep(wait * random.uniform(0.7, 1.3))  # noqa: S311
        wait = min(wait * 2, LONGEST_WAIT)


def _server(url: str) -> Redis:
    # WHY: no second attempt inside the client: it would hide that something was missed meanwhile.
    return Redis.from_url(url, socket_connect_timeout=5, retry=Retry(NoBackoff(), 0))


async def _messages(line: Any) -> Any:
    """Messages as they come. A server that stays silent when asked is taken for lost: it may be cut off."""
    asked = False
    while True:
        message = await line.get_message(timeout=SILENT_SECONDS)
        if message is not None:
            asked = False
            yield message
        elif asked:
            raise redis.TimeoutError("no answer to a ping")
        else:
            asked = True
            await line.ping()


def _pass_on(data: bytes, heard: Callable[[list[int], str], None]) -> None:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        told = json.loads(data)
        heard([int(person) for person in told["people"]], str(told["what"]))
