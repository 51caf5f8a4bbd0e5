"""One set of servers in one data folder: embedded ones, or those that DATABASE_URL and REDIS_URL name.

Here: the folder's lock, starting and stopping, and the addresses that settings read.
Not here: the portal's own processes.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

import psycopg2

from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import provision
from cimic_portal.embedded.postgres import Postgres
from cimic_portal.embedded.processes import Watchdog, alive
from cimic_portal.embedded.valkey import Valkey

SERVERS_LAST = 9


@dataclass(frozen=True)
class Addresses:
    """Where the servers are: the app's and the owner's database address, the broker, and the administrator's
    database address where there is one (empty otherwise)."""

    database_url: str
    database_owner_url: str
    redis_url: str
    database_admin_url: str = ""

    def environment(self) -> dict[str, str]:
        """The variables that settings read. The administrator's address is never among them."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
        }


class DataFolder:
    """The folder that holds everything an installation writes, and the lock that says who runs on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None
        try:
            path.mkdir(parents=True, exist_ok=True)
            (path / "log").mkdir(exist_ok=True)
            with tempfile.TemporaryFile(dir=path) as probe:
                probe.write(b"\0" * 65536)
        except OSError as error:
            raise Refusal(
                f"The data folder {path} cannot be written ({error.strerror}): "
                "free some space, or set PORTAL_DATA to another folder."
            ) from error

    def take(self, *, wait: bool = False) -> bool:
        """Take the lock. It goes with this process, however that ends."""
        handle = (self.path / "lock").open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            handle.close()
            return False
        self._lock = handle
        return True

    def release(self) -> None:
        """Give the lock back."""
        (self.path / "running.json").unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def held(self) -> tuple[int, ...]:
        """The lock as an open file, for a process that is to hold it on; nothing if it is not ours."""
        return () if self._lock is None else (self._lock.fileno(),)

    def log(self, name: str) -> Path:
        """The log file of one process."""
        return self.path / "log" / f"{name}.log"

    def announce(self, addresses: Addresses, address: str) -> None:
        """Let other commands of this installation find its servers, and people its pages at `address`."""
        note = {"pid": os.getpid(), "address": address, "servers": asdict(addresses)}
        self._write_secret(self.path / "running.json", json.dumps(note))

    def announced(self) -> tuple[Addresses, str] | None:
        """The servers and the address of the portal that runs on this folder now; None if none does."""
        try:
            note = json.loads((self.path / "running.json").read_text())
            return (Addresses(**note["servers"]), str(note["address"])) if alive(note["pid"]) else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    @staticmethod
    def _write_secret(place: Path, text: str) -> None:
        new = place.with_name(place.name + ".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(text)
        new.rename(place)

    def secret(self, name: str, size: int = 48) -> str:
        """So many random bytes in base64url, made on first use and kept in a file only its owner reads."""
        kept = self.path / "secrets" / name
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        if not kept.exists():
            self._write_secret(kept, secrets.token_urlsafe(size))
        return kept.read_text()


class Servers:
    """The servers for one data folder. Use as a context manager; leaving it stops what it started."""

    def __init__(
        self,
        data: DataFolder,
        *,
        environ: Mapping[str, str],
        database: str = provision.DATABASE,
        durable: bool = True,
        buffers_mb: int = 64,
    ) -> None:
        self.data = data
        self.database = database
        self.durable = durable
        self.buffers_mb = buffers_mb
        self._external_database = environ.get("DATABASE_URL", "")
        self._external_owner = environ.get("DATABASE_OWNER_URL", "")
        self._external_redis = environ.get("REDIS_URL", "")
        self.watchdog = Watchdog(hold=data.held)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._sockets: Path | None = None
        self.addresses = Addresses("", "", "")

    def __enter__(self) -> Servers:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start_postgres(self) -> subprocess.Popen[bytes] | None:
        """Start the embedded PostgreSQL, at first or again; None where another server is used."""
        if self.postgres is None:
            return None
        process = self.postgres.start()
        self.watchdog.watch(process, gently=signal.SIGINT, order=SERVERS_LAST)
        return process

    def start_valkey(self) -> subprocess.Popen[bytes] | None:
        """Start the embedded Valkey, at first or again; None where another server is used."""
        if self.valkey is None:
            return None
        process = self.valkey.start()
        self.watchdog.watch(process, gently=signal.SIGTERM, order=SERVERS_LAST)
        return process

    def running(self) -> dict[str, subprocess.Popen[bytes]]:
        """The embedded servers that run, by name."""
        known = {"PostgreSQL": self.postgres, "Valkey": self.valkey}
        return {name: server.process for name, server in known.items() if server and server.process}

    def stop(self) -> None:
        """Stop what was started here and leave nothing in the temporary folder."""
        if self.valkey is not None:
            self.valkey.stop()
        if self.postgres is not None:
            self.postgres.stop()
        self.watchdog.close()
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def start(self) -> None:
        """Start what is not given, and see to roles and database."""
        if not (self._external_database and self._external_redis):
            self._sockets = self._socket_folder()
        if self._external_redis:
            redis_url = self._external_redis
        else:
            assert self._sockets is not None
            self.valkey = Valkey(
                self.data.path / "valkey", self._sockets, self.data.log("valkey"), durable=self.durable
            )
            self.start_valkey()
            redis_url = self.valkey.url
        if self._external_database:
            self.addresses = self._adopt(self._external_database, redis_url)
        else:
            assert self._sockets is not None
            self.postgres = Postgres(
                self.data.path / "postgres", self._sockets, self.data.log("postgres"), durable=self.durable,
                buffers_mb=self.buffers_mb,
            )  # fmt: skip
            self.start_postgres()
            admin = self.postgres.url("postgres")
            self._provision(admin)
            self.addresses = Addresses(
                self.postgres.url(self.database, provision.APP),
                self.postgres.url(self.database, provision.OWNER),
                redis_url,
                admin,
            )

    def _socket_folder(self) -> Path:
        # WHY: a socket's path may have about 100 characters only, so it cannot lie in the data folder.
        folder = Path(tempfile.mkdtemp(prefix="cimic-"))
        account = Postgres(folder, folder, folder).account
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        self.watchdog.sweep(folder)
        return folder

    def _provision(self, admin: str, owner_password: str = "", app_password: str = "") -> None:
        if not provision.database_exists(admin, self.database):
            provision.create_database(admin, self.database)
        provision.install_roles(
            admin, self.database, owner_password=owner_password, app_password=app_password
        )

    def _adopt(self, url: str, redis_url: str) -> Addresses:
        """Use the server at `url`: as its administrator we set it up, as portal_app we take it as it is."""
        try:
            if provision.may_create_roles(url):
                owner_password = self.data.secret("portal_owner")
                app_password = self.data.secret("portal_app")
                self._provision(url, owner_password, app_password)
                return Addresses(
                    provision.readdressed(
                        url, role=provision.APP, password=app_password, database=self.database
                    ),
                    provision.readdressed(
                        url, role=provision.OWNER, password=owner_password, database=self.database
                    ),
                    redis_url,
                    url,
                )
        except psycopg2.OperationalError as error:
            raise Refusal(
                f"DATABASE_URL names a database that cannot be reached: {str(error).strip().splitlines()[-1]}"
            ) from error
        if not self._external_owner:
            raise Refusal(
                f"DATABASE_URL signs in as {provision.role_name(url)}, which may not create roles: "
                "set DATABASE_OWNER_URL to the owner's address too, so that migrations can run."
            )
        return Addresses(url, self._external_owner, redis_url)
