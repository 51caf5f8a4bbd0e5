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
        from apps.joint_plans import record, setup, ways  # noqa: F401
        from apps.joint_plans.models import PartLink
        from apps.mission.setup import site
        from apps.records.connections import Connection, register_connection

        register_connection(
            Connection("plan_part", PartLink, "plan", "record", _("led to"), _("came out of"))
        )
        setup.register(site)
