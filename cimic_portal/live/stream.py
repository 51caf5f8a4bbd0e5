"""One open stream: what waits to be sent over it, and when it is looked at again."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from django.conf import settings

ALIVE_SECONDS = 25.0
# WHY: an event and no comment, although it says nothing: a page sees events alone, and so notices a line that is cut.
ALIVE = b"data:\n\n"
WAITING_MOST = 32

INBOX = b"event: inbox\ndata: \n\n"
GONE = b"event: gone\ndata: \n\n"
OUT = b"event: out\ndata: \n\n"
ENOUGH = b"event: enough\ndata: \n\n"


class Stream:
    """A stream of one person's session. Only the event loop touches it."""

    def __init__(self, person: int, session_key: str, stills: frozenset[str]) -> None:
        self.person = person
        self.session_key = session_key
        self.stills = stills
        self.ended = False
        self.asked = False  # somebody is looking at it just now
        self.due = self.looked = time.monotonic()
        self._waiting: deque[bytes] = deque()
        self._woken = asyncio.Event()

    def later(self) -> None:
        """It is looked at now; again after a while."""
        self.looked = time.monotonic()
        self.due = self.looked + settings.LIVE_CHECK_SECONDS

    def tell(self, event: bytes) -> None:
        """Have an event sent. Whoever does not take what waits is not told the same again."""
        if not self.ended and (len(self._waiting) < WAITING_MOST or event not in self._waiting):
            self._waiting.append(event)
            self._woken.set()

    def end(self, event: bytes = b"") -> None:
        """Have the stream closed, after a last event."""
        if event:
            self.tell(event)
        self.ended = True
        self._woken.set()

    @property
    def is_over(self) -> bool:
        """Whether it is to be closed, with nothing left to say."""
        return self.ended and not self._waiting

    async def next(self) -> bytes:
        """What to send now; after a while without anything, a sign of life."""
        try:
            async with asyncio.timeout(ALIVE_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return ALIVE
        self._woken.clear()
        told = b"".join(self._waiting)
        self._waiting.clear()
        return told
