"""Application configuration of `access`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Wires `access` into Django."""

    name = "apps.access"
    verbose_name = _("Access")

    def ready(self) -> None:
        """Add its ways to the navigation."""
        from apps.access import ways  # noqa: F401
