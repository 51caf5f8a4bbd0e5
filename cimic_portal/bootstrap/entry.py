"""The way from `manage.py` to the command that was asked for, through the virtual environment.

Standard library only, until the virtual environment is entered.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cimic_portal.bootstrap import virtualenv
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
    # WHY: this file is read by whatever Python the machine has.
    if sys.version_info < (3, 11):  # noqa: UP036
        raise Refusal("The portal needs Python 3.11 or newer: run manage.py with that one.")
    name = arguments[0] if arguments else "help"
    # WHY: these judge mail by what a mail server took, and bring one along.
    judged = name in {"test", "faults"} or arguments[:2] == ["bench", "announcement"]
    lock = virtualenv.DEVELOPMENT_LOCK if judged else virtualenv.RUNTIME_LOCK
    if not virtualenv.enough(lock):
        python = virtualenv.ready_python(PROJECT, lock)
        if Path(sys.prefix).resolve() == python.parents[1].resolve():
            raise Refusal(f"The virtual environment {python.parents[1]} is damaged: remove it and try again.")
        os.execv(python, [str(python), str(PROJECT / "manage.py"), *arguments])
    if name == "up":
        from cimic_portal.supervisor import up

        return up.main(PROJECT, arguments[1:])
    if name == "test":
        from cimic_portal.supervisor import suite

        return suite.main(PROJECT, arguments[1:])
    if name == "bench":
        if arguments[1:2] == ["announcement"]:
            from bench import announcing

            return announcing.main(PROJECT, arguments[2:])
        if arguments[1:2] == ["plan"]:
            from bench import planning

            return planning.main(PROJECT, arguments[2:])
        from bench import command

        return command.main(PROJECT, arguments[1:])
    if name == "faults":
        from bench.faults import command as faults

        return faults.main(PROJECT, arguments[1:])
    return _django(name, arguments)


def _django(name: str, arguments: list[str]) -> int:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from cimic_portal.embedded.command import prepared

    with prepared(PROJECT, name):
        try:
            execute_from_command_line(["manage.py", *arguments])
        except ImproperlyConfigured as error:
            raise Refusal(str(error)) from error
    return 0
