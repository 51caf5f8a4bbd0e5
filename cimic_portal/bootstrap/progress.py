"""Lines that say what a slow start is doing. Nothing else lives here."""

from __future__ import annotations

import os
import time

# WHY: a start runs through several processes; the first one's clock is the one that counts.
STARTED = float(os.environ.setdefault("PORTAL_STARTED", repr(time.time())))


def elapsed() -> float:
    """Seconds since the command was given."""
    return time.time() - STARTED


def say(text: str) -> None:
    """Print one line with the time since the start, at once."""
    print(f"[{elapsed():5.1f} s] {text}", flush=True)
