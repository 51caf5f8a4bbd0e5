"""The portal's own background work: the sign of life of beat and worker together."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from cimic_portal import heartbeat as life


@shared_task
def heartbeat() -> None:
    """Sent by beat and noted by a worker, so it stops when either does."""
    life.note(settings.REDIS_URL)
