"""Application configuration of `api`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Wires `api` into Django."""

    name = "apps.api"
    verbose_name = _("Interface for programs")
