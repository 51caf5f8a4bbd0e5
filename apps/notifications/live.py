"""Telling open pages that something changed. What changed they ask for themselves, as whoever is signed in there.

Call it once the transaction has committed: a page asks at once. Nothing depends on it: whoever is not told sees
the same with the next page.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

CHANNEL = "portal:live"
INBOX = "inbox"  # there is something new for the person
ACCESS = "access"  # the person may have lost a record, or may no longer sign in
AT_ONCE = 1000

_log = logging.getLogger("portal.live")


def poke(people: Iterable[int], what: str = INBOX) -> None:
    """Tell the open pages of these people; if the broker is away that is logged, and nobody is told."""
    everybody = sorted(set(people))
    if not everybody:
        return
    try:
        with _server().pipeline(transaction=False) as line:
            for first in range(0, len(everybody), AT_ONCE):
                told = {"people": everybody[first : first + AT_ONCE], "what": what}
                line.publish(CHANNEL, json.dumps(told, separators=(",", ":")))
            line.execute()
    except redis.RedisError as error:
        _log.warning("open pages are not told: %s", type(error).__name__)


@cache
def _server() -> redis.Redis:
    # WHY: once again without waiting, for a connection that was kept while the broker started anew.
    again = Retry(NoBackoff(), 1)
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1, retry=again)
