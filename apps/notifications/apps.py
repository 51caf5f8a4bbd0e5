"""Application configuration of `notifications`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Wires `notifications` into Django."""

    name = "apps.notifications"
    verbose_name = _("Notifications")
