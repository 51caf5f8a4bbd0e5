"""Calendar programs that know nothing of the portal: vdirsyncer, which fetches, and khal, which shows.

vdirsyncer gives what it fetches by HTTP names of its own, so what is the same entry as before is read with `icalendar`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_PROGRAMS = Path(sys.executable).parent
_SECONDS = 30
_SYNC = """
[general]
status_path = "{folder}/status"
[pair meetings]
a = "portal"
b = "here"
collections = null
[storage portal]
type = "http"
url = "{url}"
[storage here]
type = "filesystem"
path = "{folder}/vdir"
fileext = ".ics"
"""
_SHOW = """
[calendars]
[[portal]]
path = {folder}/vdir
readonly = True
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""
_COLUMNS = ("{start-date}", "{start-time}", "{end-time}", "{title}", "{location}", "{status}")
_SPLIT = "\t"


@dataclass(frozen=True, order=True)
class Shown:
    """An entry as khal shows it, in its own zone."""

    day: str
    begins: str
    ends: str
    title: str
    place: str
    status: str

    @property
    def is_cancelled(self) -> bool:
        """Whether it is shown as such."""
        return "CANCEL" in self.status.upper()


class Device:
    """Somebody's computer: it subscribes to one address and shows what came, in its own time zone."""

    def __init__(self, folder: Path, url: str, zone: str) -> None:
        self.folder, self.vdir = folder, folder / "vdir"
        self.vdir.mkdir(parents=True)
        (folder / "vdirsyncer").write_text(_SYNC.format(folder=folder, url=url))
        (folder / "khal").write_text(_SHOW.format(folder=folder, zone=zone))
        self._run("vdirsyncer", "-c", str(folder / "vdirsyncer"), "discover")

    def fetch(self) -> subprocess.CompletedProcess[str]:
        """What vdirsyncer makes of the address now."""
        return self._run("vdirsyncer", "-c", str(self.folder / "vdirsyncer"), "sync")

    def shown(self, begins: str, ends: str) -> list[Shown]:
        """What khal lists between two days."""
        return self._read("list", "--once", "--day-format", "", begins, ends)

    def shown_at(self, moment: str) -> list[Shown]:
        """What khal says goes on at a local moment."""
        return self._read("at", *moment.split())

    def kept(self) -> str:
        """All that lies on the computer, long lines put together."""
        return "".join(path.read_text() for path in sorted(self.vdir.glob("*.ics"))).replace("\n ", "")

    def _read(self, *command: str) -> list[Shown]:
        name, *rest = command
        form = _SPLIT.join(_COLUMNS)
        done = self._run("khal", "-c", str(self.folder / "khal"), name, "--format", form, *rest)
        assert done.returncode == 0, done.stderr
        lines = [line.split(_SPLIT) for line in done.stdout.splitlines() if _SPLIT in line]
        return sorted(Shown(*(part.strip() for part in line)) for line in lines)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        own = {**os.environ, "HOME": str(self.folder), "COLUMNS": "500", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return subprocess.run(
            [str(_PROGRAMS / program), *arguments],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            env=own,
            check=False,
        )
