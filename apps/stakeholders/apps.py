"""Application configuration of `stakeholders`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StakeholdersConfig(AppConfig):
    """The register of organisations, their contacts, presence, mandates, caveats and relations."""

    name = "apps.stakeholders"
    verbose_name = _("Stakeholders")

    def ready(self) -> None:
        """Tell pages which stakeholders stand in a relation to which, and where presence is found."""
        from apps.records.connections import Connection, register_connection
        from apps.stakeholders import ways  # noqa: F401
        from apps.stakeholders.briefing import register_part
        from apps.stakeholders.models import Relation
        from apps.stakeholders.presence.shown import brief_part
        from apps.stakeholders.vocabulary import PREFIX, RELATED, RelationKind

        for kind in RelationKind:
            forward, backward = RELATED[kind]
            key, where = f"{PREFIX}{kind.value}", ("kind", kind.value)
            register_connection(Connection(key, Relation, "source", "target", forward, backward, where))
        register_part(brief_part)
