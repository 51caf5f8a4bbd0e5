"""Application configuration of `need_to_know`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class NeedToKnowConfig(AppConfig):
    """Wires `need_to_know` into Django."""

    name = "apps.need_to_know"
    verbose_name = _("Need to know")

    def ready(self) -> None:
        """Register the check of the wall and who may be mentioned; keep what search reads equal to the declarations."""
        from apps.need_to_know import checking, indexing, mentions  # noqa: F401

        pre_migrate.connect(indexing.write_sources, sender=self)
        post_migrate.connect(indexing.write_sources, sender=self)
