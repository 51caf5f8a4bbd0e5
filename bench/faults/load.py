"""The load: threads that file requests and take their steps through the API, and the ledger of what was acknowledged.

A write is sent again under the same idempotency key until it is acknowledged, as a careful program does it.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bench.faults.cast import REQUESTERS, Cast
from bench.faults.stories import COMMENT, LIST, Story, Write, stories

PATIENCE_SECONDS = 120.0
_ATTEMPT_SECONDS = 20.0
_THINK_SECONDS = (0.3, 1.8)
_SENT_TWICE = 0.1


@dataclass(frozen=True)
class Entry:
    """An acknowledged write: on which record, which step by whom, the state it was to reach, and what it took."""

    record: str
    name: str
    person: str
    state: str
    title: str
    comment: str
    at: float
    seconds: float
    attempts: int


class Ledger:
    """What the portal acknowledged, in the order in which it did; a file of its own, only ever appended to."""

    def __init__(self, place: Path) -> None:
        self._file = place.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self.entries: list[Entry] = []
        self.parked: set[str] = set()
        self.filed: set[str] = set()  # titles of all that was ever sent, acknowledged or not
        self.unfinished: set[str] = set()  # titles whose last write was neither acknowledged nor refused
        self.refusals: list[str] = []
        self.repeated = 0
        self.last = time.monotonic()

    def note(self, entry: Entry) -> None:
        """Add one, on disk before the load goes on."""
        with self._lock:
            self.entries.append(entry)
            self.last = time.monotonic()
            self._file.write(json.dumps(asdict(entry)) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Stopped(Exception):
    """The load is over, or this write found no answer for too long."""


class Load:
    """So many threads, from `start` until `stop`."""

    def __init__(self, address: str, cast: Cast, ledger: Ledger, *, threads: int, seed: int) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._cast, self._ledger = cast, ledger
        self._over = threading.Event()
        self.gave_up = 0
        self._threads = [
            threading.Thread(
                target=self._work, args=(f"{seed}-{number}",), name=f"load {number}", daemon=True
            )
            for number in range(threads)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Begin nothing new; writes that were sent are sent again until they are answered, within their patience."""
        self._over.set()

    def join(self) -> None:
        """Wait for those."""
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS + _ATTEMPT_SECONDS + 5)

    def _work(self, name: str) -> None:
        order = random.Random(name)
        for story in stories(order, self._cast.unit, REQUESTERS, name):
            if self._over.is_set():
                return
            try:
                self._follow(story, order)
            except Stopped:
                continue

    def _follow(self, story: Story, order: random.Random) -> None:
        title = story.filing["title"]
        self._ledger.filed.add(title)
        shown = self._write(Write(story.filer, "file", "draft", story.filing), LIST, title, order)
        record, url = shown["id"], shown["url"]
        for write in story.writes:
            if self._over.wait(order.uniform(*_THINK_SECONDS)):
                raise Stopped
            path = f"{url}comments/" if write.name == COMMENT else f"{url}transitions/{write.name}/"
            self._write(write, path, title, order, record)
        if story.parked:
            self._ledger.parked.add(record)

    def _write(
        self, write: Write, path: str, title: str, order: random.Random, record: str = ""
    ) -> dict[str, Any]:
        key, began, status = str(uuid4()), time.monotonic(), 0
        for attempt in itertools.count(1):
            status, shown = self._send(write, path, key)
            if 200 <= status < 300:
                break
            if 400 <= status < 500 and status != 429:
                self._ledger.refusals.append(
                    f"{status} for {write.name} by {write.person} on {title}: {shown}"
                )
                raise Stopped
            if time.monotonic() - began > PATIENCE_SECONDS:
                self.gave_up += 1
                self._ledger.unfinished.add(title)
                raise Stopped
            time.sleep(min(0.2 * attempt, 1.0))
        if write.name != COMMENT and shown["state"] != write.state:
            self._ledger.refusals.append(f"{title} is {shown['state']} after {write.name}, not {write.state}")
        comment = shown["id"] if write.name == COMMENT else ""
        self._ledger.note(
            Entry(
                record or shown["id"], write.name, write.person, write.state, title, comment,
                time.time(), time.monotonic() - began, attempt,
            )
        )  # fmt: skip
        if order.random() < _SENT_TWICE:
            self._repeat(write, path, key, shown["id"])
        return shown

    def _repeat(self, write: Write, path: str, key: str, wanted: str) -> None:
        """Send what was acknowledged once more, as after a lost answer: it comes to the same, or to no answer."""
        status, shown = self._send(write, path, key)
        if 200 <= status < 300:
            self._ledger.repeated += 1
        if 200 <= status < 500 and shown.get("id") != wanted:
            self._ledger.refusals.append(f"{write.name} sent again was answered {status}: {shown}")

    def _send(self, write: Write, path: str, key: str) -> tuple[int, dict[str, Any]]:
        """(status, what was answered); status 0 when no whole answer came."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_ATTEMPT_SECONDS)
        try:
            connection.request(
                "POST", urlsplit(path).path, json.dumps(write.body),
                {
                    "Authorization": f"Token {self._cast.tokens[write.person]}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": key,
                },
            )  # fmt: skip
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()
