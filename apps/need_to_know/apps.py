"""Application configuration of `need_to_know`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedToKnowConfig(AppConfig):
    """Wires `need_to_know` into Django."""

    name = "apps.need_to_know"
    verbose_name = _("Need to know")

    def ready(self) -> None:
        """Register the check of the wall."""
        from apps.need_to_know import checking  # noqa: F401
