"""The containers' file is valid, and the very commands in it run, without containers."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.notifications import tasks
from tests.house.portal_process import ROOT, clean_environment, eventually

FILE = ROOT / "docker-compose.yml"
GIVEN = {"PORTAL_HOST": "portal.example.org", "EMAIL_FROM": "portal@example.org"}


def read() -> dict[str, Any]:
    """The file with its variables filled in as Compose does."""

    def fill(match: re.Match[str]) -> str:
        name, _, default = match[1].partition(":")
        return GIVEN.get(name, default.removeprefix("-"))

    loaded = yaml.safe_load(re.sub(r"\$\{([^}]+)\}", fill, FILE.read_text()))
    assert isinstance(loaded, dict)
    return loaded


def test_the_file_follows_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_that_is_mounted_exists_and_every_secret_is_made() -> None:
    compose = read()
    mounts = [
        mount.split(":")[0]
        for service in compose["services"].values()
        for mount in service.get("volumes", [])
        if mount.startswith("./")
    ]
    assert mounts
    assert all((ROOT / mount).is_file() for mount in mounts)
    made = (ROOT / "deploy/make-secrets").read_text()
    assert all(Path(secret["file"]).name in made for secret in compose["secrets"].values())


def test_make_secrets_makes_each_once(tmp_path: Path) -> None:
    def secrets() -> dict[str, str]:
        subprocess.run([ROOT / "deploy/make-secrets"], cwd=tmp_path, check=True, capture_output=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    first = secrets()
    assert len(first["secret_key"]) >= 50
    assert len(set(first.values())) == len(first)
    assert secrets() == first
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_only_migrations_know_the_owner() -> None:
    for name, service in read()["services"].items():
        knows = "DATABASE_OWNER_URL" in (service.get("environment") or {})
        assert knows == (name == "migrate"), name
        if name not in {"migrate", "database"}:
            assert "portal_owner_password" not in service.get("secrets", []), name


@pytest.fixture
def container(
    committed_db: str, database_url: Callable[..., str], tmp_path: Path
) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts a service's command with its environment, on the tests' servers in place of its neighbours."""
    compose = read()
    secrets = {
        "secret_key": "k" * 60, "email_url": "smtp://localhost", "metrics_token": "token of metrics",
        "vapid_private_key": "",
    }  # fmt: skip
    for name in compose["secrets"]:
        (tmp_path / name).write_text(secrets.get(name, "unused"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    here = {
        "DATABASE_URL": database_url(committed_db),
        "DATABASE_OWNER_URL": database_url(committed_db, "portal_owner"),
        "REDIS_URL": os.environ["REDIS_URL"],
        "HOST": "127.0.0.1",
        "PORT": port,
        "PORTAL_STATIC": str(tmp_path / "static"),
        "PORTAL_DATA": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    started: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(name: str, command: list[str] | None = None) -> subprocess.Popen[bytes]:
        service = compose["services"][name]
        env = {
            variable: str(value).replace("/run/secrets", str(tmp_path))
            for variable, value in service["environment"].items()
        }
        known = {key: value for key, value in here.items() if key in env or key != "DATABASE_OWNER_URL"}
        words = command or [str(word).replace("/tmp/", f"{tmp_path}/") for word in service["command"]]
        process = subprocess.Popen(
            words, cwd=ROOT, env=clean_environment(**{**env, **known}), stderr=subprocess.PIPE
        )
        started.append((name, process))
        return process

    yield start
    for _name, process in started:
        process.send_signal(signal.SIGTERM)
    for name, process in started:
        # WHY: as a container is stopped: asked, and after its time made to.
        try:
            process.communicate(timeout=grace(name))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


def grace(name: str) -> float:
    """Seconds that a service has to end by itself; ten where it names none."""
    said = read()["services"][name].get("stop_grace_period", "10s")
    assert said.endswith("s")
    return float(said[:-1])


def test_a_sender_ends_before_its_container_is_made_to() -> None:
    assert grace("worker") >= tasks.SECONDS + 10


def test_the_commands_run(container: Callable[..., subprocess.Popen[bytes]]) -> None:
    migrate = container("migrate")
    _, errors = migrate.communicate(timeout=60)
    assert migrate.returncode == 0, errors.decode()

    static = container("web", [*COLLECT, "--ignore", "admin", "--ignore", "rest_framework"])
    _, errors = static.communicate(timeout=60)
    assert static.returncode == 0, errors.decode()

    def healthy() -> bool:
        probe = container("web", read()["services"]["web"]["healthcheck"]["test"][1:])
        probe.communicate(timeout=20)
        return probe.returncode == 0

    assert not healthy()
    running = [container(name) for name in ("web", "worker", "beat")]
    assert eventually(healthy, 60, every=0.7)
    ready = [sys.executable, "-c", READY]
    probe = container("web", ready)
    _, errors = probe.communicate(timeout=60)
    assert probe.returncode == 0, errors.decode()
    assert [process.poll() for process in running] == [None, None, None]


COLLECT = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
READY = """
import http.client, json, os, sys, time
def ask(path, **headers):
    line = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=10)
    line.request("GET", path, headers={"Host": os.environ["ALLOWED_HOSTS"], **headers})
    answer = line.getresponse()
    return answer.status, answer.headers, answer.read().decode()
end = time.time() + 60
while (got := ask("/readyz"))[0] != 200 and time.time() < end:
    time.sleep(0.3)
assert got[0] == 200, got[2]
status, headers, _ = ask("/accounts/login/")
assert (status, headers["Location"]) == (301, "https://portal.example.org/accounts/login/"), (status, headers)
tls = {"X-Forwarded-Proto": "https", "X-Real-IP": "192.0.2.7"}
status, headers, _ = ask("/accounts/login/", **tls)
assert status == 200 and "max-age=31536000" in headers["Strict-Transport-Security"], (status, headers)
token = open(os.environ["METRICS_TOKEN_FILE"]).read()
status, _, text = ask("/metrics", Authorization="Bearer " + token, **tls)
assert status == 200 and "portal_requests_total" in text, (status, text)
assert ask("/metrics", **tls)[0] == 404
"""
