"""Django's `flush`, run as the owner of the tables."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush

from cimic_portal.owner import as_owner


class Command(flush.Command):
    """Empties every table as portal_owner: only an owner may truncate."""

    def handle(self, *args: Any, **options: Any) -> Any:
        """Flush as the owner."""
        with as_owner(options["database"]):
            return super().handle(*args, **options)
