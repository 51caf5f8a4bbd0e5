"""Application configuration of `desk`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Wires `desk` into Django."""

    name = "apps.desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        """Add the desk to the navigation, and the way to one's positions to everybody's own menu."""
        from apps.desk import ways  # noqa: F401
        from apps.desk.handover import ways as handover_ways  # noqa: F401
