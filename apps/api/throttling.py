"""How often a person, or an anonymous address, may call: whole minutes counted in the cache."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

WINDOW_SECONDS = 60


class PerMinute(BaseThrottle):
    """So many reads and so many writes a minute (settings API_READS_PER_MINUTE, API_WRITES_PER_MINUTE).

    WHY: counted per person and not per address, because a whole base shares one address.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this call; False when it is one too many."""
        reads = request.method in {"GET", "HEAD", "OPTIONS"}
        most = settings.API_READS_PER_MINUTE if reads else settings.API_WRITES_PER_MINUTE
        who = request.user.pk if request.user and request.user.is_authenticated else self.get_ident(request)
        minute = int(time.time()) // WINDOW_SECONDS
        key = f"api-calls:{who}:{'r' if reads else 'w'}:{minute}"
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        return int(cache.incr(key)) <= most

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS
