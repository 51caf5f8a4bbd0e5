"""`manage.py demo`: loads the demo mission. Its people and stories are `apps.desk.demo`'s."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from apps.desk.demo import load
from cimic_portal.owner import as_owner


class Command(BaseCommand):
    """Says who may sign in; a second run changes nothing."""

    help = "Load the demo mission: invented people and requests on real geography."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much, and with which dice."""
        parser.add_argument("--size", choices=sorted(load.SIZES), default="small")
        parser.add_argument("--seed", type=int, default=1, help="the same seed tells the same (default: 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and print the sign-ins. CommandError in production mode."""
        if settings.PRODUCTION:
            # SECURITY: everybody in the demo mission has one password, which is public.
            raise CommandError("The demo mission has public sign-ins and is not loaded in production.")
        with as_owner():
            with connection.cursor() as cursor:
                # SECURITY: the owner's session may date back; as portal_app it is held to the row rule.
                cursor.execute("SET ROLE portal_app")
            told = load.load(options["size"], options["seed"], self.stderr.write)
        if told:
            self.stdout.write(f"The demo mission is loaded: {told} records.")
        else:
            self.stdout.write("The demo mission is there already; nothing was changed.")
        self.stdout.write(load.sign_ins())
