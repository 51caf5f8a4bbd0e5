"""Application configuration of `joint_plans`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JointPlansConfig(AppConfig):
    """Joint plans: their parts, versions, concurrence and review."""

    name = "apps.joint_plans"
    verbose_name = _("Joint plans")

    def ready(self) -> None:
        """Declare the type, and put its rules among the mission's settings."""
        from apps.joint_plans import record, setup  # noqa: F401
        from apps.mission.setup import site

        setup.register(site)
