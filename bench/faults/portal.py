"""A whole portal under `manage.py up`, on a folder of its own: started, looked at from outside, and stopped.

Not here: what is killed, and when.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import provision
from cimic_portal.embedded.command import environment
from cimic_portal.embedded.processes import Watchdog, wait_until
from cimic_portal.embedded.servers import Addresses, DataFolder

STARTED_IN_SECONDS = 180
STOPPED_IN_SECONDS = 40
_OURS = (
    "PORTAL_", "DATABASE_", "REDIS_", "SECRET_", "DJANGO_", "ALLOWED_", "EMAIL_", "PORT", "HOST", "PYTEST", "WEB_",
)  # fmt: skip


@dataclass(frozen=True)
class Process:
    """A live process of the machine."""

    pid: int
    parent: int
    line: str


def processes() -> list[Process]:
    """Every live process that we may look at."""
    done = subprocess.run(
        ["ps", "-ww", "-e", "-o", "pid=,ppid=,command="],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    split = (line.split(None, 2) for line in done.stdout.splitlines())
    return [
        Process(int(words[0]), int(words[1]), words[2])
        for words in split
        if len(words) == 3 and "<defunct>" not in words[2]
    ]


class Portal:
    """One `up`: durable servers, as an operator has them, in test mode, which loads no demo mission."""

    def __init__(self, project: Path, place: Path, *, mail_port: int, restart_seconds: float) -> None:
        self.project = project
        self.data = place / "data"
        self.output = place / "up.out"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        self.environment = {
            **kept,
            "PORTAL_MODE": "test",
            "PORTAL_DATA": str(self.data),
            "PORT": "0",
            "EMAIL_URL": f"smtp+plain://127.0.0.1:{mail_port}",
            "EMAIL_FROM": "portal@faults.invalid",
            "PORTAL_RESTART_SECONDS": str(restart_seconds),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.address = ""
        self.addresses = Addresses("", "", "")
        self._watchdog: Watchdog | None = None

    def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        self._watchdog = Watchdog()
        with self.output.open("ab") as out:
            self.process = process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=self.project,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        # WHY: should this process be killed, the portal that it started must not live on.
        self._watchdog.watch(process, gently=signal.SIGINT)
        said: list[str] = []

        def ready() -> bool:
            said[:] = re.findall(r"Ready in \d+ s at (http://\S+)", self.output.read_text())
            return bool(said) or process.poll() is not None

        if not wait_until(ready, seconds=STARTED_IN_SECONDS, every=0.2) or not said:
            raise Refusal(f"The portal did not start: see {self.output}.")
        self.address = said[-1].replace("localhost", "127.0.0.1").rstrip("/")
        announced = DataFolder(self.data).announced()
        if announced is None:
            raise Refusal(f"The portal does not say where its servers are: see {self.data}.")
        self.addresses = announced[0]

    def adopt(self) -> None:
        """Let this process work on the portal's database with the portal's own code, as its own role."""
        for name in ("PORTAL_MODE", "PORTAL_DATA", "EMAIL_URL", "EMAIL_FROM"):
            os.environ[name] = self.environment[name]
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
            os.environ.pop(name, None)
        os.environ.update(environment(DataFolder(self.data), self.addresses))
        import django

        django.setup()

    @property
    def admin_url(self) -> str:
        """The portal's database, for the administrator of its server."""
        return provision.readdressed(self.addresses.database_admin_url, database=provision.DATABASE)

    def status(self, path: str, seconds: float = 3) -> int:
        """The HTTP status that it answers with; 0 for none."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=seconds) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def healthy(self) -> bool:
        """True if database, broker and worker are fit for work."""
        return self.status("/readyz") == 200

    def alive(self) -> bool:
        """True while the supervisor lives: nothing here ever kills it."""
        return self.process is not None and self.process.poll() is None

    def command(self, *words: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run one of the portal's own commands on this portal."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.project, env=self.environment, capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip

    def stop(self) -> list[str]:
        """End it as Ctrl-C does, by force if need be; command lines of what is left running, which is nothing."""
        process = self.process
        if process is None:
            return []
        known = self.descendants()
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOPPED_IN_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._watchdog is not None:
            self._watchdog.close()
        self.process = None
        return self._left(known)

    def descendants(self) -> dict[int, str]:
        """Every live process that was started under it: id and command line."""
        assert self.process is not None
        found: dict[int, str] = {}
        wanted = {self.process.pid}
        running = processes()
        while wanted:
            children = {
                each.pid: each.line for each in running if each.parent in wanted and each.pid not in found
            }
            found |= children
            wanted = set(children)
        return found

    def _left(self, known: dict[int, str]) -> list[str]:
        def left() -> list[str]:
            return [each.line for each in processes() if known.get(each.pid) == each.line]

        wait_until(lambda: not left(), seconds=10, every=0.2)
        return left()


class Administrator:
    """Questions to the portal's database as the administrator of its server, whatever was just killed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows. psycopg2.Error while the database is away."""
        try:
            if self._connection is None:
                self._connection = psycopg2.connect(self._url, connect_timeout=5)
                self._connection.autocommit = True
            with self._connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return list(cursor.fetchall()) if cursor.description else []
        except psycopg2.Error:
            self.close()
            raise

    def try_ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows; none while the database is away."""
        try:
            return self.ask(sql, *values)
        except psycopg2.Error:
            return []

    def patiently(self, sql: str, *values: Any, seconds: float = 60) -> list[tuple[Any, ...]]:
        """Rows, asked again until the database is back."""
        until = time.monotonic() + seconds
        while True:
            try:
                return self.ask(sql, *values)
            except psycopg2.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
