"""Streams of events as a program sees them, byte by byte; and a line between two programs that counts and can hang."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from apps.accounts.models import User

ALIVE = "message"


def signed_in(person: User) -> Client:
    """A browser in which the person is signed in, as the web process sees it."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def key(client: Client) -> str:
    """Its session's key."""
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


class Line:
    """An open answer: its status, its headers by name, and what came over it so far."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self.events: list[tuple[str, float]] = []
        self.ended = False

    async def head(self) -> None:
        """Read status and headers."""
        first, *rest = (await self._reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        self.status = int(first.split()[1])
        self.headers = dict(line.lower().split(": ", 1) for line in rest if line)

    async def read(self) -> None:
        """Read events until the stream ends."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while size := int(await self._reader.readuntil(b"\r\n"), 16):
                self._take((await self._reader.readexactly(size + 2))[:-2].decode())
        self.ended = True

    def _take(self, text: str) -> None:
        self.text += text
        for block in text.split("\n\n"):
            if "data:" in block:
                self.events.append(
                    (block.partition("event: ")[2].partition("\n")[0] or ALIVE, time.monotonic())
                )

    def names(self) -> list[str]:
        """The events so far, signs of life left out."""
        return [name for name, _ in self.events if name != ALIVE]

    async def until(self, done: Callable[[Line], bool], seconds: float = 10) -> bool:
        """Wait until that is so; whether it is."""
        end = time.monotonic() + seconds
        while not done(self) and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return done(self)

    async def says(self, *names: str, seconds: float = 10) -> bool:
        """Whether it says these events, and no others, within that time."""
        await self.until(lambda line: len(line.names()) >= len(names), seconds)
        return self.names() == list(names)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@asynccontextmanager
async def streaming(
    address: str, session: str = "", query: str = "", method: str = "GET", **headers: str
) -> AsyncIterator[Line]:
    """Ask for a stream, and read it in the background. Underscores in names of headers are hyphens."""
    place = urlsplit(address)
    line = Line(*await asyncio.open_connection(place.hostname, place.port))
    sent = {"Host": place.netloc, "Accept": "text/event-stream"}
    if session:
        sent["Cookie"] = f"cimic_session={session}"
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} /events/{query} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    line._writer.write("\r\n".join([*lines, "", ""]).encode())
    reading = None
    try:
        await asyncio.wait_for(line.head(), 20)
        if line.status == 200:
            reading = asyncio.create_task(line.read())
        yield line
    finally:
        line.close()
        if reading is not None:
            reading.cancel()


class Between:
    """A line between a program and a server (host and port, or a Unix socket): counts, and hangs on demand."""

    def __init__(self, server: tuple[str, int] | str) -> None:
        self._server = server
        self.up = self.down = 0
        self._open = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._open.set()
        self._listener = self._run(asyncio.start_server(self._connect, "127.0.0.1", 0))
        self.port: int = self._listener.sockets[0].getsockname()[1]

    @property
    def address(self) -> str:
        """Where a browser goes."""
        return f"http://127.0.0.1:{self.port}"

    def count(self) -> tuple[int, int]:
        """Bytes so far: to the server, from the server."""
        return self.up, self.down

    def hang(self, hanging: bool) -> None:
        """Let nothing through, or everything again."""
        self._loop.call_soon_threadsafe(self._open.clear if hanging else self._open.set)

    def close(self) -> None:
        """Close what is open."""
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._listener.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(self._server, str):
            far_reader, far_writer = await asyncio.open_unix_connection(self._server)
        else:
            far_reader, far_writer = await asyncio.open_connection(*self._server)
        # WHY: the server of asyncio complains of a connection that was cancelled.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._pass(reader, far_writer, "up"), self._pass(far_reader, writer, "down"))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._open.wait()
                setattr(self, way, getattr(self, way) + len(data))
                writer.write(data)
                await writer.drain()
        writer.close()
