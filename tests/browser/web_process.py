"""The portal's own web process on a test database, as `manage.py up` starts it, looked at from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from cimic_portal.supervisor.services import WEB

ROOT = Path(__file__).resolve().parents[2]
STARTED_IN_SECONDS = 30


class WebProcess:
    """The web process in demo mode: hashed and compressed files, the strict policy, the pool of threads."""

    def __init__(self, environment: Mapping[str, str], database_url: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-web-"))
        self.output = self.folder / "web.log"
        self.environment = {
            **os.environ,
            **environment,
            "PORTAL_MODE": "demo",
            "DATABASE_URL": database_url,
            "DATABASE_OWNER_URL": "",
            "PORTAL_STATIC": str(self.folder / "static"),
            "PORTAL_MEDIA": str(self.folder / "attachments"),
        }
        self._collect_static()
        with socket.create_server(("127.0.0.1", 0), backlog=512) as listener, self.output.open("ab") as log:
            self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self.process = subprocess.Popen(
                WEB,
                cwd=ROOT,
                env={**self.environment, "WEB_SOCKET": str(listener.fileno())},
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait_until_ready()

    def _collect_static(self) -> None:
        command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "-v", "0"]
        subprocess.run([*command, "-i", "rest_framework"], cwd=ROOT, env=self.environment, check=True)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + STARTED_IN_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"The web process did not start:\n{self.log()}")

    def log(self) -> str:
        """What it has logged so far, its plain answers left out."""
        lines = self.output.read_text().splitlines()
        return "\n".join(line for line in lines if '"level": "info"' not in line)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
