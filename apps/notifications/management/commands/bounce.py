"""`manage.py bounce < report`: a mail server hands in a message that it could not deliver."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from apps.notifications.bounces import bounce_read


class Command(BaseCommand):
    """Reads one report from standard input; set your mail server to pipe the address EMAIL_BOUNCES into it."""

    help = "Notes an address whose mail came back, from a delivery report on standard input."

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in and say what followed."""
        closed = bounce_read(sys.stdin.buffer.read(1_000_000))
        self.stdout.write(f"No more mail goes to {closed}." if closed else "This report changes nothing.")
