"""Application configuration of `working_groups`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkingGroupsConfig(AppConfig):
    """Working groups, their meetings, and the register of decisions."""

    name = "apps.working_groups"
    verbose_name = _("Working groups")

    def ready(self) -> None:
        """Tell the kernel that groups are readers, what stands between two records, and where groups are found."""
        from apps.mission.setup import site
        from apps.need_to_know.checking import register_comparison
        from apps.records.connections import Connection, register_connection
        from apps.working_groups import bodies, calendar, record, setup, ways  # noqa: F401
        from apps.working_groups.models import Outcome

        register_connection(
            Connection("meeting_outcome", Outcome, "meeting", "record", _("led to"), _("came out of"))
        )
        register_comparison("working_groups_differences")
        setup.register(site)
