"""Run as a script, alone: ends the watched process groups when the pipe on standard input closes.

Standard library only, no import of the project: it must work when everything else is broken.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time


def group_lives(group: int) -> bool:
    """True if a process group has a member that has not ended."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end(groups: dict[int, int], seconds: float) -> None:
    """Ask all `groups` (id and signal) to end, wait for at most `seconds`, then end them by force."""
    for group, gently in groups.items():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(group, gently)
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(group_lives(group) for group in groups):
        time.sleep(0.05)
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Read orders until the pipe closes, then end what is still watched, lowest order first."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watched: dict[int, tuple[int, int]] = {}
    folders: list[str] = []
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        if verb == "watch":
            pid, gently, order = (int(word) for word in rest.split())
            watched[pid] = (order, gently)
        elif verb == "forget":
            watched.pop(int(rest), None)
        elif verb == "sweep":
            folders.append(rest)
    for order in sorted({order for order, _ in watched.values()}):
        end({pid: gently for pid, (at, gently) in watched.items() if at == order}, seconds=4)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
