"""Django's `migrate`, run as the owner of the tables."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from cimic_portal.owner import as_owner


class Command(migrate.Command):
    """Updates the database's structure as portal_owner; everything else signs in as portal_app."""

    # SECURITY: the role check is about the app's role, and this command does not use it.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> Any:
        """Migrate as the owner."""
        with as_owner(options["database"]):
            return super().handle(*args, **options)
