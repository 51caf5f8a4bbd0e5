"""`manage.py test`: pytest with the project's settings. The servers are started by `tests/conftest.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_BROWSER = "tests/browser"


def main(project: Path, arguments: list[str]) -> int:
    """Run pytest with `arguments` and return its exit code; `--browser` runs the browser tests alone."""
    words = [_BROWSER if word == "--browser" else word for word in arguments]
    if any(word.rstrip("/").startswith(_BROWSER) for word in words):
        words.append("--override-ini=addopts=--strict-markers")
    # WHY: settings are read once `tests/conftest.py` has started the servers, and not before.
    dropped = {"DJANGO_SETTINGS_MODULE", "PORTAL_STARTED", "PORTAL_MODE", "SECRET_KEY"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.run(command, cwd=project, env=environment, check=False).returncode
