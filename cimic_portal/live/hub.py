"""All open streams of this process: who is told what is heard, and who is looked at again, when.

Every stream is looked at each LIVE_CHECK_SECONDS, and at once when the person's access may have changed: a session
that is over ends it (`out`), a record that is gone is said (`gone`). What cannot be asked now is asked again soon.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings

from apps.notifications.live import ACCESS, INBOX
from cimic_portal.live import stream as streams
from cimic_portal.live.asking import Asking, Busy
from cimic_portal.live.broker import listen
from cimic_portal.live.sessions import Found, look
from cimic_portal.live.stream import Stream

PER_PERSON = 12
THREADS = 2
WAITING_MOST = 600
AT_ONCE = 20
AGAIN_SECONDS = 5.0
SHORTEST_SECONDS = 0.05
# How long it is known whom something was told, for pages that were read before but were not connected yet.
KEPT_SECONDS = 120.0
# After a loss of the broker nobody knows who missed something; all are told, over this long.
SPREAD_SECONDS = 3.0

_log = logging.getLogger("portal.live")


class Hub:
    """The streams, the subscription and the looking. Everything runs in one event loop."""

    def __init__(self) -> None:
        self.asking = Asking(THREADS, WAITING_MOST)
        self.opening: set[asyncio.Future[Found]] = set()
        self.closed = False
        self._streams: dict[int, dict[Stream, None]] = defaultdict(dict)
        # When a person was last told what, for streams that are just being opened.
        self._told: dict[str, dict[int, float]] = {INBOX: {}, ACCESS: {}}
        self._heard_since: float | None = None
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._pending: set[asyncio.Task[None]] = set()
        self._failing = False
        self._tidied = 0.0

    def start(self) -> None:
        """Subscribe, and begin to look."""
        told = (self._hear, self._connected, self._lost)
        self._tasks = [
            asyncio.create_task(listen(settings.REDIS_URL, *told)),
            asyncio.create_task(self._watch()),
        ]

    def close(self) -> None:
        """End every stream and open no more."""
        self.closed = True
        for question in list(self.opening):
            question.cancel()
        for each in self._all():
            each.end()

    async def stop(self) -> None:
        """Close, and stop hearing and looking."""
        self.close()
        tasks = [*self._tasks, *self._pending]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def count(self) -> int:
        """How many streams are open."""
        return sum(map(len, list(self._streams.values())))

    @property
    def is_full(self) -> bool:
        """Whether no more may be opened."""
        return self.closed or self.count + len(self.opening) >= settings.LIVE_CONNECTIONS

    def add(self, stream: Stream, *, asked_at: float, age: float) -> None:
        """Open a stream that was asked for at that moment by a page `age` seconds old; it hears what it missed since.

        Whoever has too many closes the oldest.
        """
        mine = self._streams[stream.person]
        while len(mine) >= PER_PERSON:
            oldest = next(iter(mine))
            del mine[oldest]
            oldest.end(streams.ENOUGH)
        mine[stream] = None
        stream.later()
        last = {what: told.get(stream.person, 0.0) for what, told in self._told.items()}
        if last[ACCESS] >= asked_at:
            stream.due = stream.looked
        is_known = (
            self._heard_since is not None and self._heard_since <= asked_at - age and age < KEPT_SECONDS
        )
        if not is_known or last[INBOX] >= asked_at - age:
            stream.tell(streams.INBOX)
        self._wake.set()

    def remove(self, stream: Stream) -> None:
        """Forget a stream that is closed."""
        mine = self._streams.get(stream.person, {})
        mine.pop(stream, None)
        if not mine:
            self._streams.pop(stream.person, None)

    def failed(self, error: Exception) -> None:
        """Note that nobody could be looked at; the first of many times is logged."""
        if not self._failing and not isinstance(error, Busy):
            _log.warning("open pages cannot be looked at: %s", type(error).__name__)
        self._failing = True

    def _all(self) -> list[Stream]:
        return [each for mine in self._streams.values() for each in mine]

    # Hearing

    def _hear(self, people: Sequence[int], what: str) -> None:
        now = time.monotonic()
        if what not in self._told:
            return
        for person in people:
            self._told[what][person] = now
            for each in self._streams.get(person, ()):
                if what == INBOX:
                    each.tell(streams.INBOX)
                else:
                    # WHY: at most one question a second for each stream, however often somebody's access changes.
                    each.due = max(now, each.looked + 1)
        if what == ACCESS:
            self._wake.set()

    def _connected(self) -> None:
        self._heard_since = time.monotonic()
        for each in self._all():
            delay = random.uniform(0, SPREAD_SECONDS)  # noqa: S311
            asyncio.get_running_loop().call_later(delay, each.tell, streams.INBOX)

    def _lost(self) -> None:
        self._heard_since = None

    # Looking

    async def _watch(self) -> None:
        while True:
            self._wake.clear()
            self._look_at_due()
            waiting = [each.due for each in self._all() if not each.asked]
            soon = min(waiting, default=None)
            try:
                async with asyncio.timeout(soon and max(soon - time.monotonic(), SHORTEST_SECONDS)):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _look_at_due(self) -> None:
        now = time.monotonic()
        due = [each for each in self._all() if each.due <= now and not each.asked]
        for first in range(0, len(due), AT_ONCE):
            task = asyncio.create_task(self._look(due[first : first + AT_ONCE]))
            self._pending.add(task)
            task.add_done_callback(self._pending.discard)
        for each in due:
            each.later()
            each.asked = True
        if now - self._tidied > KEPT_SECONDS:
            self._tidied = now
            for what, told in self._told.items():
                self._told[what] = {person: at for person, at in told.items() if now - at < KEPT_SECONDS}

    async def _look(self, some: Sequence[Stream]) -> None:
        """Look at some streams in one go; a session with several of them is asked for once."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for each in some:
            wanted[each.session_key] |= each.stills
        try:
            found = await self.asking.ask(lambda: {key: look(key, stills) for key, stills in wanted.items()})
        except Exception as error:
            self.failed(error)
            soon = time.monotonic() + AGAIN_SECONDS
            for each in some:
                each.due = min(each.due, soon)
        else:
            self._failing = False
            for each in some:
                self._answer(each, found[each.session_key])
        finally:
            for each in some:
                each.asked = False
            self._wake.set()

    def _answer(self, stream: Stream, found: Found) -> None:
        if found.person != stream.person:
            stream.end(streams.OUT)
        elif gone := stream.stills & found.gone:
            stream.stills -= gone
            stream.tell(streams.GONE)
