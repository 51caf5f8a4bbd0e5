"""The Celery application. Tasks live in the apps' `tasks` modules."""

from __future__ import annotations

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings")

app = Celery("cimic_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_portal_logging(**_: Any) -> None:
    """Log as the web process does, in place of Celery's own format, which prints arguments."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def refuse_wrong_role(**_: Any) -> None:
    """SECURITY: do no work in a role that row-level security does not bind."""
    from cimic_portal.checks import refuse_unbound_role

    refuse_unbound_role()


@worker_process_init.connect
def name_sessions(**_: Any) -> None:
    """Let the database say which of the worker's processes holds what: its sessions bear that process's number."""
    os.environ["PGAPPNAME"] = f"worker {os.getpid()}"


@worker_ready.connect
def show_life(**_: Any) -> None:
    """Note the worker's life at once; beat sees to it from then on."""
    from cimic_portal.tasks import heartbeat

    heartbeat()
