"""The Celery application. Tasks live in the apps' `tasks` modules."""

from __future__ import annotations

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings")

app = Celery("cimic_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_portal_logging(**_: Any) -> None:
    """Log as the web process does, in place of Celery's own format, which prints arguments."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
