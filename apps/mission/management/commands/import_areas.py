"""`manage.py import_areas FILE --mission CODE`: bring a table of P-codes into a mission."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.mission.area_import import Outcome, Plan, UnreadableTable, import_apply, import_plan, read_table
from apps.mission.models import Mission


class Command(BaseCommand):
    """Prints what becomes of the rows; exits with an error, and changes nothing, if a row is refused."""

    help = "Import administrative areas from a CSV table with P-codes, HXL-tagged or plain."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, the mission, and how careful to be."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--mission", required=True, metavar="CODE", help="the mission's code")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument(
            "--valid-only", action="store_true", help="import the other rows if some are refused"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, judge, apply."""
        mission = Mission.objects.filter(code=options["mission"]).first()
        if mission is None:
            raise CommandError(f"There is no mission with the code {options['mission']}.")
        try:
            table = read_table(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except UnreadableTable as error:
            raise CommandError(str(error)) from error
        plan = import_plan(table, mission)
        self._tell(plan)
        if options["dry_run"]:
            self.stdout.write("Nothing was changed.")
        elif plan.of(Outcome.REFUSED) and not options["valid_only"]:
            raise CommandError("Nothing was imported. Mend the rows, or import the others with --valid-only.")
        else:
            import_apply(table, mission, valid_only=options["valid_only"])

    def _tell(self, plan: Plan) -> None:
        for note in plan.notes:
            self.stdout.write(note)
        for row in plan.of(Outcome.REFUSED):
            for problem in row.problems:
                self.stderr.write(f"row {row.number}, {problem.column}: {problem.text}")
        counts = plan.counts
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in counts.items()) + ".")
