"""The way from `manage.py` to the command that was asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cimic_portal.bootstrap.refusal import Refusal

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; a refusal is one sentence on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings")
    try:
        return _run(arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    from cimic_portal.embedded.command import prepared

    with prepared(PROJECT, arguments[0] if arguments else "help"):
        execute_from_command_line(["manage.py", *arguments])
    return 0
