"""Application configuration of `mission`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MissionConfig(AppConfig):
    """Wires `mission` into Django."""

    name = "apps.mission"
    verbose_name = _("Mission")
