"""Application configuration of `liaison_offices`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiaisonOfficesConfig(AppConfig):
    """Liaison offices, links between organisations, and engagements with their follow-ups."""

    name = "apps.liaison_offices"
    verbose_name = _("Liaison")

    def ready(self) -> None:
        """Tell pages what stands between two records, what a stakeholder's page adds, and where liaison is found."""
        from apps.liaison_offices import setup, ways  # noqa: F401
        from apps.liaison_offices.brief import stakeholder_part
        from apps.liaison_offices.models import Counterpart, Host
        from apps.mission.setup import site
        from apps.records.connections import Connection, register_connection
        from apps.stakeholders.briefing import register_part

        register_connection(
            Connection(
                "office_host", Host, "office", "stakeholder", _("is the guest of"), _("is host to the office")
            )
        )
        register_connection(
            Connection(
                "engagement_counterpart", Counterpart, "engagement", "stakeholder", _("was held with"),
                _("took part in"),
            )
        )  # fmt: skip
        register_part(stakeholder_part)
        setup.register(site)
