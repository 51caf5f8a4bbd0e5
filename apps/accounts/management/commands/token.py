"""`manage.py token EMAIL`: an API token for that person, printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import User
from apps.accounts.services import token_create


class Command(BaseCommand):
    """Prints the token alone on standard output, its end date on standard error."""

    help = "Make an API token for the person who signs in with EMAIL, and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        """One argument: the address."""
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make and print; CommandError for nobody, or for somebody who may not sign in."""
        person = User.objects.filter(email__iexact=options["email"].strip()).first()
        if person is None or not person.is_active:
            raise CommandError(f"Nobody may sign in as {options['email']}.")
        token, secret = token_create(person)
        self.stdout.write(secret)
        if token.expiry:
            self.stderr.write(f"Valid until {token.expiry:%Y-%m-%d %H:%M} UTC.")
