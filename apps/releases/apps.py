"""Application configuration of `releases`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from apps.pages.onward import Way
    from apps.records.actors import Actor


class ReleasesConfig(AppConfig):
    """Tear-lines: drafted beside a restricted record, signed by its originator's release authority."""

    name = "apps.releases"
    verbose_name = _("Releases")

    def ready(self) -> None:
        """Tell the pages which records are drawn from which, and where a summary is begun."""
        from django.urls import reverse

        from apps.pages.onward import Way, register_way
        from apps.records.connections import Connection, register_connection
        from apps.releases.models import Derivation

        drawn, version = Derivation.Relation.SOURCE, Derivation.Relation.VERSION
        register_connection(
            Connection(
                "release", Derivation, "derived", "source", _("is drawn from"), _("is released as"),
                ("relation", drawn.value),
            )
        )  # fmt: skip
        register_connection(
            Connection(
                "version", Derivation, "derived", "source", _("is a new version of"), _("has the new version"),
                ("relation", version.value),
            )
        )  # fmt: skip

        def draw(actor: Actor, record: Any) -> Way | None:
            """From any record; from a release only its new version, while it is in force."""
            if not record.record_type.releasable:
                return None
            label = _("Write a releasable summary")
            if record.type == "release":
                if record.state != "released":
                    return None
                label = _("Write a new version")
            return Way(label, reverse("releases:draw", kwargs={"uuid": record.uuid}), "share")

        register_way(draw)
