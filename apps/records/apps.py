"""Application configuration of `records`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Finds every app's `record.py`, and keeps the database's workflow edges equal to the declarations."""

    name = "apps.records"
    verbose_name = _("Records")

    def ready(self) -> None:
        """Load the declarations and the checks over them."""
        from django.utils.module_loading import autodiscover_modules

        from apps.mission import clocked, record_types
        from apps.records import checks, edges, registry  # noqa: F401  (registers the system checks)

        autodiscover_modules("record")
        clocked.tell(registry.clocked_states)
        record_types.tell(registry.type_names)
        post_migrate.connect(edges.write_edges, sender=self)
