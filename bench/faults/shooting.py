"""What is killed, and when: `kill -9` at a random process, now and then two at once, never the supervisor.

A worker's child is aimed at while it tells (relay) or mails (sender), which its session in the database shows: such a
session bears the child's number as its name, and holds rows of the outbox or of the queue.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass

from bench.faults.portal import Administrator, Portal, Process, processes

WEB, WORKER, BEAT, POSTGRESQL, VALKEY = "web", "worker", "beat", "PostgreSQL", "Valkey"
CHILD, RELAY, SENDER, BACKEND = "worker child", "relay", "sender", "PostgreSQL backend"
#: Relative to one another.
_OFTEN = {WEB: 4, WORKER: 3, CHILD: 1, RELAY: 3, SENDER: 2, BEAT: 3, POSTGRESQL: 3, BACKEND: 2, VALKEY: 4}
_AIM_SECONDS = 4.0
_TWO_AT_ONCE = 0.2
_COMMANDS = {
    WEB: "cimic_portal.web", WORKER: "cimic_portal.celery worker", BEAT: "cimic_portal.celery beat",
    POSTGRESQL: "postgres -D", VALKEY: "valkey-server",
}  # fmt: skip
_BUSY = """
SELECT DISTINCT split_part(a.application_name, ' ', 2)::integer
  FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
 WHERE a.application_name LIKE 'worker %%' AND l.mode = 'RowShareLock' AND l.granted
   AND l.relation = %s::regclass
"""
_HELD = {RELAY: "notifications_outbox", SENDER: "notifications_message"}
_SESSIONS = """
SELECT pid FROM pg_stat_activity WHERE usename = 'portal_app' ORDER BY xact_start IS NULL, random() LIMIT 1
"""


@dataclass(frozen=True)
class Shot:
    """A kill: when (seconds since the epoch), of what, and the process's number."""

    at: float
    what: str
    pid: int


class Shooter:
    """Kills at random, by a seed."""

    def __init__(self, portal: Portal, administrator: Administrator, seed: int) -> None:
        self._portal, self._administrator = portal, administrator
        self.order = random.Random(seed)
        self.shots: list[Shot] = []

    def counts(self) -> dict[str, int]:
        """Kills by what was killed."""
        found = Counter(shot.what for shot in self.shots)
        return {what: found[what] for what in _OFTEN}

    def round(self) -> None:
        """Kill one process, or two different ones. What is down already cannot be hit; then something else is."""
        hit = 0
        while not hit:
            hit = sum(self._kill(what) for what in self._choose())

    def _kill(self, what: str) -> bool:
        found = self._find(what)
        if found is None:
            return False
        hit, pid = found
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.shots.append(Shot(time.time(), hit, pid))
        return True

    def _choose(self) -> list[str]:
        names, weights = list(_OFTEN), list(_OFTEN.values())
        first = self.order.choices(names, weights)[0]
        if self.order.random() >= _TWO_AT_ONCE:
            return [first]
        # WHY: what is aimed at must be hit while it still works, so it comes first.
        return [first, self.order.choice([WEB, WORKER, BEAT, POSTGRESQL, VALKEY])]

    def _find(self, what: str) -> tuple[str, int] | None:
        """(what it is, its number); None when there is no such process now."""
        if what in _HELD:
            return self._busy(what)
        if what == BACKEND:
            rows = self._administrator.try_ask(_SESSIONS)
            return (what, rows[0][0]) if rows else None
        running = processes()
        main = self._main(running, WORKER if what == CHILD else what)
        if main is None:
            return None
        if what != CHILD:
            return what, main.pid
        children = [each.pid for each in running if each.parent == main.pid]
        return (what, self.order.choice(children)) if children else None

    def _main(self, running: list[Process], what: str) -> Process | None:
        process = self._portal.process
        assert process is not None
        return next(
            (each for each in running if each.parent == process.pid and _COMMANDS[what] in each.line), None
        )

    def _busy(self, what: str) -> tuple[str, int] | None:
        """A child of the worker that does that just now; any child when none does within a moment."""
        until = time.monotonic() + _AIM_SECONDS
        while time.monotonic() < until:
            rows = self._administrator.try_ask(_BUSY, _HELD[what])
            if rows:
                return what, self.order.choice(sorted(row[0] for row in rows))
            time.sleep(0.005)
        return self._find(CHILD)
