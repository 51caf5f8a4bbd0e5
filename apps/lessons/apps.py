"""Application configuration of `lessons`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LessonsConfig(AppConfig):
    """Lessons, and where they are shown again."""

    name = "apps.lessons"
    verbose_name = _("Lessons")

    def ready(self) -> None:
        """Declare the type; put the way to a new one and what was learnt before on record pages."""
        from apps.lessons import ways  # noqa: F401
