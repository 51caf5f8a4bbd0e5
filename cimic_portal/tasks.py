"""The portal's own background work: the sign of life of the worker."""

from __future__ import annotations

import time

from celery import shared_task
from django.core.cache import cache

HEARTBEAT_KEY = "worker-heartbeat"


@shared_task
def heartbeat() -> None:
    """Note that beat and a worker live, for `/readyz`. The note is the time in seconds since 1970."""
    cache.set(HEARTBEAT_KEY, time.time(), 300)
