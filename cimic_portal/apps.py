"""The app that carries the portal's own commands, checks and tasks."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Makes the Celery application the current one before any task is declared."""

    name = "cimic_portal"
    label = "cimic_portal"

    def ready(self) -> None:
        """Load the Celery application, register the checks, and let operators see whether a worker lives."""
        from apps.notifications import operations
        from cimic_portal import celery, checks, health

        operations.register_sign_of_life(health.worker_age)
        self.celery = celery.app
        self.checks = checks
