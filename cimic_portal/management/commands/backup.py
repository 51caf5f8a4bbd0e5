"""`backup FILE`: the whole portal in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cimic_portal.backups import BackupError, backup


class Command(BaseCommand):
    """Writes database and attachments, as of one moment, into one file that restore takes back."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """The file to write."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say what is in it."""
        target = options["file"].absolute()
        try:
            manifest = backup(target)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        rows, files = sum(manifest["rows"].values()), len(manifest["checksums"]) - 1
        self.stdout.write(f"{target}: {rows} rows, {files} attachments, {target.stat().st_size} bytes.")
