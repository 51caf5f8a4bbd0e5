"""Running a Django command with the servers it needs: those named, those that run already, or its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from cimic_portal.embedded.servers import Addresses, DataFolder, Servers

# These read no database, so nothing is started for them.
SERVERLESS = {
    "help", "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "makemessages",
    "spectacular", "version", "--version", "--help",
}  # fmt: skip


def demo_environment(data: DataFolder, addresses: Addresses) -> dict[str, str]:
    """The variables for a process of the demo on `data`. Those set by the caller are stronger."""
    return {
        "PORTAL_MODE": "demo",
        "PORTAL_DATA": str(data.path),
        "SECRET_KEY": data.secret("django"),
        **addresses.environment(),
        **{
            name: value
            for name, value in os.environ.items()
            if name.startswith(("SECRET_KEY", "PORTAL_MODE"))
        },
    }


@contextmanager
def _own_servers(data: DataFolder) -> Iterator[Addresses]:
    with Servers(data, environ=os.environ) as servers:
        try:
            yield servers.addresses
        finally:
            data.release()


@contextmanager
def prepared(project: Path, name: str) -> Iterator[None]:
    """Within, the environment is complete for the command `name`.

    In production mode, or where both servers are named, the environment is taken as it is.
    """
    named = "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ
    if named or os.environ.get("PORTAL_MODE", "demo") == "production":
        yield
        return
    data = DataFolder(Path(os.environ.get("PORTAL_DATA") or project / "var").resolve())
    if name in SERVERLESS:
        nowhere = Addresses("postgresql://portal_app@localhost/portal", "", "redis://localhost/0")
        os.environ.update(demo_environment(data, nowhere))
        yield
        return
    mine = data.take()
    running = None if mine else data.announced()
    if not mine and running is None:
        print("Waiting for another command on the same data folder …", flush=True)
        mine = data.take(wait=True)
    with _own_servers(data) if mine else nullcontext(running) as addresses:
        assert addresses is not None
        os.environ.update(demo_environment(data, addresses))
        yield
