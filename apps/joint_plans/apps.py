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
        from apps.joint_plans import following, record, setup, ways  # noqa: F401
        from apps.joint_plans.models import PartLink
        from apps.lessons import teaching, vocabulary
        from apps.mission.setup import site
        from apps.records.connections import Connection, register_connection

        register_connection(
            Connection("plan_part", PartLink, "plan", "record", _("led to"), _("came out of"))
        )
        setup.register(site)
        after_action = vocabulary.LessonKind.AFTER_ACTION
        teaching.teaches("joint_plan", ("under_review", "completed", "archived"), after_action)
