"""Application configuration of `desk`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Wires `desk` into Django."""

    name = "apps.desk"
    verbose_name = _("Desk")
