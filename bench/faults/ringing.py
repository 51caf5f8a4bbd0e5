"""Turns the clocks of requests that were left waiting, so that reminders and escalations fall into the faults.

It writes what no part of the portal writes: the moment at which a clock rings next, as the administrator. One level
is turned at a time, and the next one once that has rung, so that every level must ring, and ring once.
"""

from __future__ import annotations

import random
import threading

import psycopg2

from bench.faults.load import Ledger
from bench.faults.portal import Administrator

#: Clocks of parked requests that nothing in the outbox is about to set anew, and that wait for a time not reached yet.
_TURN = """
UPDATE notifications_waits w
   SET moments[w.level + 1] = clock_timestamp(), next_at = clock_timestamp()
 WHERE w.next_at > clock_timestamp() AND w.record_id = (
       SELECT r.id FROM records_record r JOIN notifications_waits x ON x.record_id = r.id
        WHERE r.uuid = ANY (%s::uuid[]) AND x.next_at > clock_timestamp()
          AND NOT EXISTS (SELECT 1 FROM notifications_outbox o WHERE o.record_id = r.id)
        ORDER BY md5(r.id::text || %s) LIMIT 1)
RETURNING w.level
"""
EVERY_SECONDS = 2.0


class Ringer:
    """A thread that turns one clock every few seconds."""

    def __init__(self, url: str, ledger: Ledger, seed: int) -> None:
        self._administrator, self._ledger = Administrator(url), ledger
        self._order = random.Random(seed)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ringer", daemon=True)
        self.turned = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Turn nothing more."""
        self._over.set()
        self._thread.join(30)
        self._administrator.close()

    def _work(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            parked = sorted(self._ledger.parked)
            try:
                self.turned += len(self._administrator.ask(_TURN, parked, str(self._order.random())))
            except psycopg2.Error:
                continue
