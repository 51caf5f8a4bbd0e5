"""`manage.py test`: pytest with the project's settings. The servers are started by `tests/conftest.py`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

_BROWSER = "tests/browser"
# About half of the work: the house mostly waits for processes, the contract keeps one core busy.
_BESIDE = ("tests/house", "tests/contract", "tests/properties", "tests/architecture")


def main(project: Path, arguments: list[str]) -> int:
    """Run pytest with `arguments` and return its exit code; `--browser` runs the browser tests alone.

    Without arguments two halves of the suite run side by side.
    """
    words = [_BROWSER if word == "--browser" else word for word in arguments]
    if any(word.rstrip("/").startswith(_BROWSER) for word in words):
        words.append("--override-ini=addopts=--strict-markers")
    # WHY: settings are read once `tests/conftest.py` has started the servers, and not before.
    dropped = {"DJANGO_SETTINGS_MODULE", "PORTAL_STARTED", "PORTAL_MODE", "SECRET_KEY"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    command = [sys.executable, "-m", "pytest", *words]
    if words:
        return subprocess.run(command, cwd=project, env=environment, check=False).returncode
    return _both(command, project, environment)


def _both(command: list[str], project: Path, environment: dict[str, str]) -> int:
    """Two sessions at once, each with servers of its own; what the second says is shown at the end."""
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(
            [*command, *_BESIDE], cwd=project, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            others = subprocess.run(
                [*command, *[f"--ignore={folder}" for folder in _BESIDE]],
                cwd=project,
                env=environment,
                check=False,
            ).returncode
            code = beside.wait()
        finally:
            beside.terminate()
            beside.wait()
        said.seek(0)
        sys.stdout.write(said.read().decode(errors="replace"))
        sys.stdout.flush()
    return others or code
