"""Run as a module: brings database, static files and messages to the state of the code, in one process.

It signs in as the owner for migrations only, and ends before the portal's own processes start.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.checks import Tags
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from cimic_portal.bootstrap.progress import say

SIGN_INS = "sign-ins.txt"


def code_hash(folders: list[Path], suffixes: set[str]) -> str:
    """Changes whenever a file with one of `suffixes` under `folders` does."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in suffixes and path.is_file():
                digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def collect_static() -> None:
    """Collect and compress static files, unless none has changed since the last time."""
    kinds = {".css", ".js", ".svg", ".png", ".ico", ".webmanifest", ".txt"}
    lock = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes()).hexdigest()
    apps = [path for path in (settings.BASE_DIR / "apps").glob("*/static") if path.is_dir()]
    now = lock + code_hash([*settings.STATICFILES_DIRS, *apps], kinds)
    stamp = settings.STATIC_ROOT.parent / f".{settings.STATIC_ROOT.name}-collected"
    if stamp.exists() and stamp.read_text() == now:
        return
    say("Collecting static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
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


def main() -> int:
    """Prepare everything; a failure is one sentence and exit code 1."""
    try:
        django.setup()
        say("Applying migrations")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("check", databases=["default"], tags=[Tags.database])
        connection.close()
        collect_static()
        if settings.MODE == "demo":
            load_demo()
    except (CommandError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings")
    sys.exit(main())
