"""The portal's own processes: how each is started, and starting it again when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cimic_portal.bootstrap.progress import say
from cimic_portal.embedded import processes

WEB = [sys.executable, "-m", "cimic_portal.web"]
_CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "cimic_portal.celery"]
WORKER = [*_CELERY, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "-l", "WARNING"]
BEAT = [*_CELERY, "beat", "--pidfile=", "-l", "WARNING"]

SETTLED_SECONDS = 30.0
LONGEST_WAIT = 10.0


def longest_wait(environ: Mapping[str, str]) -> float:
    """Seconds that a process which keeps ending waits at most: 10, or less by PORTAL_RESTART_SECONDS, never more."""
    try:
        return min(max(float(environ.get("PORTAL_RESTART_SECONDS") or LONGEST_WAIT), 0.2), LONGEST_WAIT)
    except ValueError:
        return LONGEST_WAIT


class Service:
    """One process that is to run for ever: started, and after an end started again, later each time.

    The wait doubles from 0.2 s up to 10 s (`longest_wait`) and begins anew once a run has lasted 30 s.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[], subprocess.Popen[bytes] | None],
        process: subprocess.Popen[bytes] | None = None,
    ) -> None:
        """`process` is one that runs already."""
        self.name = name
        self._start = start
        self.process = process
        self._failures = 0
        self._longest = longest_wait(os.environ)
        self._started = time.monotonic()
        self._due = 0.0

    def start(self) -> None:
        """Start now."""
        self._started = time.monotonic()
        self.process = self._start()

    def look(self) -> subprocess.Popen[bytes] | None:
        """Start again once the process has ended and its wait is over; the ended one, when first seen."""
        now = time.monotonic()
        ended = None
        if self.process is not None and self.process.poll() is not None:
            ended, self.process = self.process, None
            self._failures = 0 if now - self._started > SETTLED_SECONDS else self._failures + 1
            wait = min(0.2 * 2**self._failures, self._longest)
            say(f"{self.name} ended with code {ended.returncode}; starting it again in {wait:.1f} s")
            self._due = now + wait
        if self.process is None and now >= self._due:
            try:
                self.start()
            except Exception as error:
                self._failures += 1
                self._due = now + min(0.2 * 2**self._failures, self._longest)
                say(f"{self.name}: {error}")
        return ended


def launcher(
    command: Sequence[str],
    *,
    project: Path,
    env: Mapping[str, str],
    log: Path,
    pass_fds: Sequence[int] = (),
) -> Callable[[], subprocess.Popen[bytes]]:
    """What starts one of the portal's own processes, at the head of its own process group."""

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as handle:
            return subprocess.Popen(
                list(command),
                cwd=project,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=handle,
                start_new_session=True,
                pass_fds=tuple(pass_fds),
            )

    return start


def stop_all(running: Sequence[subprocess.Popen[bytes]], *, seconds: float) -> None:
    """Ask all to end at once, wait for at most `seconds` in all, then end their groups by force."""
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    processes.wait_until(
        lambda: all(process.poll() is not None for process in running), seconds=seconds, every=0.05
    )
    for process in running:
        processes.end_group(process.pid, signal.SIGKILL)
        process.wait()
