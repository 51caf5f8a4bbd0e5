"""Running a Django command with the servers it needs: those named, those that run already, or its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cimic_portal.embedded.servers import Addresses, DataFolder, Servers

# These read no database, so nothing is started for them.
SERVERLESS = {
    "help", "collectstatic", "compilemessages", "diffsettings", "findstatic", "makemessages",
    "spectacular", "version", "--version", "--help",
}  # fmt: skip
NOWHERE = Addresses("postgresql://portal_app@localhost/portal", "", "redis://localhost/0")


def data_folder(project: Path) -> DataFolder:
    """The folder that PORTAL_DATA names, or `var` in the project."""
    return DataFolder(Path(os.environ.get("PORTAL_DATA") or project / "var").resolve())


def environment(data: DataFolder, addresses: Addresses) -> dict[str, str]:
    """The variables that a process of this installation gets on top of the caller's.

    The caller's PORTAL_MODE and SECRET_KEY are stronger; the servers' addresses are those in use.
    """
    mode = os.environ.get("PORTAL_MODE", "demo")
    own = {"PORTAL_MODE": mode, "PORTAL_DATA": str(data.path), **addresses.environment()}
    if mode != "production" and not os.environ.get("SECRET_KEY"):
        own["SECRET_KEY"] = data.secret("django")
    if mode == "demo" and not os.environ.get("VAPID_PRIVATE_KEY"):
        own["VAPID_PRIVATE_KEY"] = data.secret("vapid", 32)
    return own


@contextmanager
def prepared(project: Path, name: str) -> Iterator[None]:
    """Within, the environment is complete for the command `name`.

    In production mode the environment is taken as it is: nothing is started and nothing invented.
    """
    if os.environ.get("PORTAL_MODE") == "production":
        yield
        return
    data = data_folder(project)
    if name in SERVERLESS:
        os.environ.update(environment(data, NOWHERE))
        yield
        return
    mine = data.take()
    running = None if mine else data.announced()
    if running is not None:
        os.environ.update(environment(data, running[0]))
        yield
        return
    if not mine:
        print("Waiting for another command on the same data folder", flush=True)
        data.take(wait=True)
    with Servers(data, environ=os.environ) as servers:
        os.environ.update(environment(data, servers.addresses))
        yield
    data.release()
