"""Application configuration of `pages`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Wires `pages` into Django."""

    name = "apps.pages"
    verbose_name = _("Pages")
