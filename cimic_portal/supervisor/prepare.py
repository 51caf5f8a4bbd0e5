"""Run as a module: brings catalogues, database and static files to the state of the code.

Static files are collected by a second process (`… prepare static`) while the first migrates. It signs in as the
owner for migrations only, and ends before the portal's own processes start.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys

import django
from django.conf import settings
from django.core.checks import Tags
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from cimic_portal import catalogues
from cimic_portal.bootstrap.progress import say
from cimic_portal.supervisor import state

SIGN_INS = "sign-ins.txt"
STATIC = "static"


def collect_static() -> None:
    """Collect and compress static files, unless none has changed since the last time."""
    now = state.static_hash(settings.BASE_DIR)
    stamp = settings.DATA_DIR / ".static-collected"
    if stamp.exists() and stamp.read_text() == now and settings.STATIC_ROOT.is_dir():
        return
    say("Collecting static files")
    # WHY: the API answers JSON alone, so REST framework's own pages, styles and fonts are not served.
    call_command(
        "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=["rest_framework"]
    )
    stamp.write_text(now)


def load_demo() -> None:
    """Load the demo mission into a portal that has no mission yet, and keep the sign-ins it prints."""
    from django.apps import apps

    if apps.get_model("mission", "Mission").objects.exists():
        return
    say("Loading the demo mission")
    out = io.StringIO()
    call_command("demo", stdout=out)
    place = settings.DATA_DIR / SIGN_INS
    place.touch(mode=0o600)
    place.write_text(out.getvalue(), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Prepare everything; a failure is one sentence and exit code 1."""
    if arguments == [STATIC]:
        django.setup()
        collect_static()
        return 0
    # WHY: before anything reads a catalogue.
    if catalogues.main():
        return 1
    static: subprocess.Popen[bytes] | None = None
    try:
        django.setup()
        if settings.MODE != "test":
            # WHY: compressing and migrating each keep one core busy; a first start does both at once.
            static = subprocess.Popen([sys.executable, "-m", "cimic_portal.supervisor.prepare", STATIC])
        say("Applying migrations")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("check", databases=["default"], tags=[Tags.database], stdout=io.StringIO())
        connection.close()
        if settings.MODE == "demo":
            load_demo()
        if static is not None and static.wait():
            raise CommandError("The static files could not be collected.")
        state.note_prepared(os.environ["DATABASE_OWNER_URL"], state.database_hash(settings.BASE_DIR))
    except (CommandError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    finally:
        if static is not None:
            static.terminate()
            static.wait()
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings")
    sys.exit(main(sys.argv[1:]))
