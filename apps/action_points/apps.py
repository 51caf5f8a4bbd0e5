"""Application configuration of `action_points`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionPointsConfig(AppConfig):
    """Action points, from whatever record they arise."""

    name = "apps.action_points"
    verbose_name = _("Action points")

    def ready(self) -> None:
        """Put the way to a new one on record pages."""
        from apps.action_points import ways  # noqa: F401
