"""Application configuration of `notifications`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Wires `notifications` into Django."""

    name = "apps.notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Hear of what is published; add its ways to the pages, and its own to the set-up pages."""
        from apps.mission.setup import site
        from apps.need_to_know.checking import register_comparison
        from apps.notifications import setup, ways  # noqa: F401
        from apps.notifications.tasks import nudge, relay_outbox
        from apps.records.events import when_published

        register_comparison("notifications_differences")
        when_published(lambda: nudge(relay_outbox))
        setup.register(site)
