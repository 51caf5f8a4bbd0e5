"""`manage.py up`: the whole portal under one command, until Ctrl-C.

Here: the order of starting and stopping, and watching.
Not here: Django (see `prepare`), the servers themselves.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from cimic_portal import heartbeat
from cimic_portal.bootstrap.progress import elapsed, say
from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import processes
from cimic_portal.embedded.command import data_folder, environment
from cimic_portal.embedded.servers import DataFolder, Servers
from cimic_portal.supervisor.services import BEAT, WEB, WORKER, Service, launcher, stop_all
from cimic_portal.supervisor.state import is_current

SIGN_INS = "sign-ins.txt"
_CLEARING_SECONDS = 40.0


def main(project: Path, arguments: list[str]) -> int:
    """Run the portal; 0 after an orderly stop."""
    if arguments:
        raise Refusal(f"up takes no arguments ({' '.join(arguments)}): use PORT=… and PORTAL_DATA=….")
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        if stopping:
            return
        stopping.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, stop)
    data = data_folder(project)
    _take(data)
    listener = open_port(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"))
    portal = Portal(project, data, listener)
    try:
        portal.start()
        portal.watch()
    except KeyboardInterrupt:
        stopping.append(0)
    finally:
        say("Stopping")
        portal.stop()
        data.release()
        say("Stopped; nothing is left running")
    return 0


def open_port(host: str, port: str) -> socket.socket:
    """The listening socket, which the supervisor keeps across restarts of the web process."""
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise Refusal(f"PORT must be a number from 0 to 65535, not {port!r}.")
    try:
        return socket.create_server((host, int(port)), backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refusal(f"Port {port} is in use: stop what uses it, or set PORT to another one.") from error
        raise Refusal(f"Port {port} cannot be opened on {host} ({error.strerror}).") from error


def _take(data: DataFolder) -> None:
    if data.take():
        return
    running = data.announced()
    if running is not None:
        raise Refusal(
            f"The portal runs on {data.path} already, at {running[1]}: "
            "set PORTAL_DATA and PORT to run another one beside it."
        )
    say("Waiting for an earlier run on the same data folder to end")
    if not processes.wait_until(data.take, seconds=_CLEARING_SECONDS, every=0.1):
        raise Refusal(f"Another command works on {data.path}: wait for it to end, or set PORTAL_DATA.")


class Portal:
    """Everything that one `up` starts."""

    def __init__(self, project: Path, data: DataFolder, listener: socket.socket) -> None:
        self.project = project
        self.data = data
        self.listener = listener
        host, port = listener.getsockname()[:2]
        self.address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/"
        self._probe = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        self._port = port
        self.servers: Servers | None = None
        self._servers: list[Service] = []
        self._services: list[Service] = []

    def start(self) -> None:
        """Start servers, prepare the database, start web, worker and beat, and say when all is ready."""
        say("Starting PostgreSQL and Valkey")
        self.servers = Servers(self.data, environ=os.environ)
        self.servers.start()
        env = {
            **environment(self.data, self.servers.addresses),
            # WHY: cookies know no ports; two portals side by side must not sign each other out.
            "SESSION_COOKIE_NAME": os.environ.get("SESSION_COOKIE_NAME") or f"cimic_session_{self._port}",
            "CSRF_COOKIE_NAME": os.environ.get("CSRF_COOKIE_NAME") or f"cimic_csrf_{self._port}",
        }
        url, static = self.servers.addresses.database_url, env["PORTAL_MODE"] != "test"
        if not is_current(self.project, self.data.path, url, static=static):
            self._prepare(env)
        # SECURITY: the owner's address is for migrations; the running portal does not know it.
        env["DATABASE_OWNER_URL"] = ""
        say("Starting web, worker and scheduler")
        heartbeat.forget(self.servers.addresses.redis_url)
        descriptor = self.listener.fileno()
        web_env = {**env, "WEB_SOCKET": str(descriptor)}
        schedule = ["-s", str(self.data.path / "beat-schedule")]
        self._services = [
            self._service("web", WEB, web_env, [descriptor]),
            self._service("worker", WORKER, env),
            self._service("beat", [*BEAT, *schedule], env),
        ]
        starts = {"PostgreSQL": self.servers.start_postgres, "Valkey": self.servers.start_valkey}
        self._servers = [
            Service(name, starts[name], process) for name, process in self.servers.running().items()
        ]
        *first, beat = self._services
        self._services = first
        for service in first:
            service.start()
        self.data.announce(self.servers.addresses, self.address)
        self._wait_until_ready()
        # WHY: on two cores three starts at once delay the page that somebody waits for.
        self._services.append(beat)
        beat.start()
        self._tell()

    def watch(self) -> None:
        """Start again whatever ends, for ever."""
        while True:
            self._look()
            time.sleep(0.25)

    def stop(self) -> None:
        """Stop the portal's own processes, then the servers."""
        running = [service.process for service in self._services if service.process is not None]
        stop_all(running, seconds=15)
        if self.servers is not None:
            self.servers.stop()
        self.listener.close()

    def _service(
        self, name: str, command: list[str], env: dict[str, str], pass_fds: list[int] | None = None
    ) -> Service:
        start = launcher(
            command, project=self.project, env=env, log=self.data.log(name), pass_fds=pass_fds or []
        )

        def watched() -> subprocess.Popen[bytes]:
            process = start()
            assert self.servers is not None
            self.servers.watchdog.watch(process)
            return process

        return Service(name, watched)

    def _look(self) -> None:
        assert self.servers is not None
        for service in (*self._servers, *self._services):
            ended = service.look()
            if ended is not None:
                processes.end_group(ended.pid, signal.SIGKILL)
                self.servers.watchdog.forget(ended)

    def _prepare(self, env: dict[str, str]) -> None:
        command = [sys.executable, "-m", "cimic_portal.supervisor.prepare"]
        # WHY: a group of its own, so that Ctrl-C at the terminal reaches the supervisor alone.
        process = subprocess.Popen(
            command,
            cwd=self.project,
            env={**os.environ, **env},
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self.servers is not None
        self.servers.watchdog.watch(process)
        try:
            _, errors = process.communicate()
        except BaseException:
            processes.stop(process, seconds=3)
            raise
        finally:
            self.servers.watchdog.forget(process)
        if process.returncode != 0:
            self.data.log("prepare").write_bytes(errors)
            lines = errors.decode(errors="replace").strip().splitlines() or ["no reason given"]
            whole = "Traceback" not in errors.decode(errors="replace")
            reason = "\n".join(lines) if whole else lines[-1]
            raise Refusal(f"The portal could not be prepared: {reason} (see {self.data.log('prepare')}).")

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self._look()
            if self._answers("/readyz"):
                # WHY: the first page loads templates and translations; nobody should wait for that.
                self._answers("/accounts/login/", seconds=10)
                return
            time.sleep(0.1)
        raise Refusal(f"The portal did not become ready within a minute (see {self.data.path / 'log'}).")

    def _answers(self, path: str, seconds: float = 1) -> bool:
        request = urllib.request.Request(self._probe + path, headers={"Host": "localhost"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _tell(self) -> None:
        say(f"Ready in {elapsed():.0f} s at {self.address}")
        try:
            sign_ins = (self.data.path / SIGN_INS).read_text(encoding="utf-8").strip()
        except OSError:
            sign_ins = ""
        if sign_ins:
            print(f"\n{sign_ins}\n", flush=True)
        print(f"Logs are in {self.data.path / 'log'}. Ctrl-C stops everything.", flush=True)
