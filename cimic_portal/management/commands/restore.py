"""`restore FILE`: the whole portal back from one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cimic_portal.backups import BackupError, restore


class Command(BaseCommand):
    """Brings a backup back into an empty database and proves that all of it arrived."""

    help = __doc__ or ""
    # SECURITY: there are no tables yet whose owner the role check could compare.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file to read."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and say what came back."""
        try:
            manifest = restore(options["file"].absolute())
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        rows, files = sum(manifest["rows"].values()), len(manifest["checksums"]) - 1
        self.stdout.write(f"Restored and verified: {rows} rows, {files} attachments, as of {manifest['at']}.")
