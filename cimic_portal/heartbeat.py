"""The worker's sign of life, kept in Redis. No Django here: the supervisor asks too."""

from __future__ import annotations

import time

import redis

KEY = "cimic-worker-heartbeat"
FRESH_SECONDS = 60
_KEPT_SECONDS = 600


def _server(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


def note(url: str) -> None:
    """A worker lives now."""
    with _server(url) as server:
        server.set(KEY, repr(time.time()), ex=_KEPT_SECONDS)


def age(url: str) -> float | None:
    """Seconds since a worker last showed life; None if none has lately."""
    with _server(url) as server:
        noted = server.get(KEY)
    return None if noted is None else max(0.0, time.time() - float(noted))


def forget(url: str) -> None:
    """No worker runs: what an earlier one noted counts no longer."""
    with _server(url) as server:
        server.delete(KEY)
