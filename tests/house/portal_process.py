"""A whole portal under `manage.py up`, started by a test and looked at from outside."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
STARTED_IN_SECONDS = 90


def clean_environment(**more: str) -> dict[str, str]:
    """The variables of somebody who has set nothing, plus `more`."""
    own = ("PORTAL_", "DATABASE_", "REDIS_", "SECRET_", "DJANGO_", "ALLOWED_", "PORT", "HOST", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {**kept, **more}


class PortalProcess:
    """`manage.py up` on a data folder, in test mode (no demo mission), on a port of its own."""

    def __init__(self, data: Path, port: str = "0", **more: str) -> None:
        self.output = Path(tempfile.mkstemp(prefix="portal-", suffix=".out")[1])
        env = clean_environment(PORTAL_DATA=str(data), PORT=port, PORTAL_MODE="test", **more)
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=env,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.data = data

    def text(self) -> str:
        """What it has printed so far."""
        return self.output.read_text()

    def wait_ready(self) -> str:
        """Its address, once it says that it is ready."""
        found = eventually(lambda: re.findall(r"Ready in \d+ s at (http://\S+)", self.text()) or self.ended())
        assert isinstance(found, list), f"ended with code {self.process.returncode}:\n{self.text()}"
        return str(found[-1]).replace("localhost", "127.0.0.1").rstrip("/")

    def ended(self) -> bool:
        """True if the supervisor is gone."""
        return self.process.poll() is not None

    def children(self) -> dict[int, str]:
        """Every live process that works on the data folder, but the supervisor: id and command line."""
        found = {}
        for pid, line in command_lines().items():
            if pid != self.process.pid and (str(self.data) in line or self._works_there(pid)):
                found[pid] = line
        return found

    def _works_there(self, pid: int) -> bool:
        place = Path("/proc") / str(pid)
        try:
            variables = (place / "environ").read_bytes().split(b"\0")
            return (
                f"PORTAL_DATA={self.data}".encode() in variables
                or self.data in (place / "cwd").resolve().parents
            )
        except OSError:
            return False

    def child(self, words: str) -> int:
        """The first process (the oldest) whose command line has `words` in it."""
        return min(pid for pid, line in self.children().items() if words in line)

    def stop(self) -> int:
        """End it as Ctrl-C does; its exit code."""
        if not self.ended():
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)

    def kill(self) -> None:
        """End the supervisor without a word."""
        self.process.kill()
        self.process.wait(10)

    def kill_all(self, *, but: str = "") -> None:
        """End the supervisor and every process it started, the watchdog first, but those named by `but`."""
        lines = self.children()
        first = [
            pid for pid, line in command_lines().items() if "watchdog.py" in line and self._parent_is(pid)
        ]
        rest = [pid for pid, line in lines.items() if not but or but not in line]
        for pid in [*first, self.process.pid, *rest]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)

    def _parent_is(self, pid: int) -> bool:
        return f"PPid:\t{self.process.pid}\n" in Path(f"/proc/{pid}/status").read_text()


def command_lines() -> dict[int, str]:
    """Every process of the machine that we may look at: id and command line."""
    done = subprocess.run(
        ["ps", "-ww", "-e", "-o", "pid=,command="], capture_output=True, text=True, check=True
    )
    split = (line.strip().partition(" ") for line in done.stdout.splitlines())
    return {int(pid): command for pid, _, command in split if "<defunct>" not in command}


def eventually(ask: Callable[[], T], seconds: float = STARTED_IN_SECONDS, every: float = 0.2) -> T:
    """Ask until the answer is true, or time is up; the last answer."""
    end = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < end:
        time.sleep(every)
    return answer


def status(url: str) -> int:
    """The HTTP status that an address answers with; 0 for none."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
