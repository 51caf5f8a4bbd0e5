"""Application configuration of `joc_products`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JocProductsConfig(AppConfig):
    """Situation reports, special incident reports and flash reports, compiled of contributions."""

    name = "apps.joc_products"
    verbose_name = _("JOC products")

    def ready(self) -> None:
        """Put the templates on the set-up pages; tell pages which product corrects which."""
        from apps.joc_products import setup
        from apps.joc_products.models import Correction
        from apps.mission.setup import site
        from apps.records.connections import Connection, register_connection

        register_connection(
            Connection("correction", Correction, "product", "corrected", _("corrects"), _("is corrected by"))
        )
        setup.register(site)
