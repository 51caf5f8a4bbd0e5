"""Streams under load, and while a server is away, hangs or ends: nobody else notices, and streams outlive it."""

from __future__ import annotations

import asyncio
import resource
import shutil
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.accounts.models import User
from apps.notifications import live
from apps.notifications.live import poke
from cimic_portal.embedded.valkey import Valkey
from tests.browser.web_process import WebProcess
from tests.conftest import SERVERS
from tests.factories.staff import Staff, staff_make
from tests.house.stream_client import Between, Line, key, signed_in, streaming

pytestmark = pytest.mark.timeout(300)
STREAMS, PEOPLE, POKES = 300, 60, 20
ROOM = 14


@pytest.fixture(scope="module")
def staff(committed_db_module: str) -> Staff:
    return staff_make()


@pytest.fixture(autouse=True)
def _either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a story does with the database it does between two looks at its streams."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def run(what: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(what())  # type: ignore[arg-type]


def memory(pid: int) -> float:
    """The MB that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def fetch(address: str, path: str, session: str = "") -> tuple[int, float]:
    """The status of a page, and the seconds it took."""
    began = time.monotonic()
    request = urllib.request.Request(address + path, headers={"Cookie": f"cimic_session={session}"})
    with urllib.request.urlopen(request, timeout=20) as page:
        page.read()
        return page.status, time.monotonic() - began


def test_three_hundred_streams_hear_all_and_pages_stay_quick(committed_db_module: str, staff: Staff) -> None:
    """Each of them gets each of twenty pokes; pages answer meanwhile."""
    people = [User.objects.create_user(f"p{n}@staff.invalid", name=f"P {n}") for n in range(PEOPLE)]
    sessions = [key(signed_in(person)) for person in people]
    ids = [person.pk for person in people]
    desk = key(signed_in(staff.people["req"]))
    web = WebProcess(SERVERS.environment(), SERVERS.url(committed_db_module))

    async def story() -> None:
        for _ in range(5):
            fetch(web.address, "/", desk)
        alone = [fetch(web.address, "/", desk)[1] for _ in range(10)]
        before = memory(web.process.pid)
        async with AsyncExitStack() as stack:
            began = time.monotonic()
            opening = [
                stack.enter_async_context(streaming(web.address, sessions[n % PEOPLE]))
                for n in range(STREAMS)
            ]
            lines: list[Line] = [await each for each in opening]
            opened = time.monotonic() - began
            assert {line.status for line in lines} == {200}
            after, said, pages = memory(web.process.pid), [], []
            for number in range(POKES):
                if number % 2:
                    pages.append(asyncio.to_thread(fetch, web.address, "/", desk))
                    pages[-1] = asyncio.ensure_future(pages[-1])
                said.append(time.monotonic())
                poke(ids)
                await asyncio.sleep(0.2)
            answers = await asyncio.gather(*pages)
            await lines[-1].until(lambda _: all(len(each.events) >= POKES for each in lines), 5)
            assert [each.names() for each in lines] == [["inbox"] * POKES] * STREAMS
            took = sorted(at - said[n] for each in lines for n, (_, at) in enumerate(each.events))
        p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
        slow = statistics.median(seconds for _, seconds in answers)
        print(
            f"{STREAMS} streams opened in {opened:.1f} s for {after - before:.1f} MB ({after:.0f} in all); "
            f"{len(took)} events: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms; the desk {slow * 1000:.0f} ms "
            f"meanwhile, {statistics.median(alone) * 1000:.0f} ms alone"
        )
        assert {status for status, _ in answers} == {200}
        assert p50 < 0.2
        assert p99 < 1
        assert after - before < 30
        assert max(seconds for _, seconds in answers) < 3

    try:
        run(story)
    finally:
        web.stop()
        shutil.rmtree(web.folder, ignore_errors=True)


class Brittle:
    """A web process whose servers can be hurt: a Valkey of its own, and a line to the database that can hang."""

    def __init__(self, database: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="live-"))
        self.valkey = Valkey(self.folder / "valkey", self.folder, self.folder / "valkey.log", durable=False)
        self.valkey.start()
        url = SERVERS.url(database)
        parts = urlsplit(url)
        where = parse_qs(parts.query)["host"][0]
        port = parse_qs(parts.query).get("port", ["5432"])[0]
        self.line = Between(f"{where}/.s.PGSQL.{port}")
        through = (
            f"postgresql://{parts.username}:{parts.password or ''}@127.0.0.1:{self.line.port}{parts.path}"
        )
        given = {**SERVERS.environment(), "LIVE_CHECK_SECONDS": "1", "LIVE_CONNECTIONS": str(ROOM)}
        self.web = WebProcess({**given, "REDIS_URL": self.valkey.url}, through)
        self.address = self.web.address

    def close(self) -> None:
        """End it all."""
        self.line.hang(False)
        self.web.stop()
        self.valkey.stop()
        self.line.close()
        for folder in (self.folder, self.web.folder):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def brittle_made(committed_db_module: str, staff: Staff) -> Iterator[Brittle]:
    made = Brittle(committed_db_module)
    yield made
    made.close()


@pytest.fixture
def brittle(brittle_made: Brittle, settings: Any) -> Iterator[Brittle]:
    """It; what is said meanwhile goes by its own Valkey."""
    settings.REDIS_URL = brittle_made.valkey.url
    live._server.cache_clear()
    yield brittle_made
    live._server.cache_clear()


@pytest.fixture
def session(staff: Staff, brittle: Brittle) -> Callable[[str], str]:
    """Signs the holder of a post in; the key of the session."""
    return lambda name: key(signed_in(staff.people[name]))


def test_a_broker_that_dies_and_comes_back_loses_no_stream(
    brittle: Brittle, staff: Staff, session: Callable[[str], str]
) -> None:
    """What was missed meanwhile cannot be known, so the page is told to ask; later pokes arrive as before."""
    mine = session("req")

    async def story() -> None:
        async with streaming(brittle.address, mine) as line:
            assert brittle.valkey.process is not None
            brittle.valkey.process.kill()
            brittle.valkey.process.wait()
            poke([staff.people["req"].pk])
            await asyncio.sleep(3)
            assert not line.ended
            assert line.names() == []
            brittle.valkey.start()
            assert await line.says("inbox", seconds=20)
            poke([staff.people["req"].pk])
            assert await line.says("inbox", "inbox", seconds=1)
        async with streaming(brittle.address, mine) as again:
            assert again.status == 200

    run(story)


def test_a_database_that_hangs_holds_up_no_stream(
    brittle: Brittle, staff: Staff, session: Callable[[str], str]
) -> None:
    """Open streams hear on, what needs no database is answered, and nobody new is let in without being known."""
    mine, other = session("req"), session("dec")

    async def story() -> None:
        async with streaming(brittle.address, mine) as line:
            brittle.line.hang(True)
            await asyncio.sleep(2.5)
            poke([staff.people["req"].pk])
            assert await line.says("inbox", seconds=1)
            assert (await asyncio.to_thread(fetch, brittle.address, "/healthz"))[0] == 200
            began = time.monotonic()
            async with streaming(brittle.address, other) as refused:
                assert (refused.status, refused.headers["retry-after"]) == (503, "30")
            assert 5 < time.monotonic() - began < 15
            assert not line.ended
            brittle.line.hang(False)
            await asyncio.sleep(1)
            User.objects.filter(pk=staff.people["req"].pk).update(is_active=False)
            assert await line.says("inbox", "out", seconds=8)
        User.objects.filter(pk=staff.people["req"].pk).update(is_active=True)
        async with streaming(brittle.address, other) as again:
            assert again.status == 200

    run(story)


def test_no_more_streams_than_there_is_room_for(brittle: Brittle, session: Callable[[str], str]) -> None:
    one, two = session("req"), session("dec")

    async def story() -> None:
        async with AsyncExitStack() as stack:
            for number in range(ROOM):
                line = await stack.enter_async_context(streaming(brittle.address, (one, two)[number % 2]))
                assert line.status == 200
            async with streaming(brittle.address, one) as refused:
                assert (refused.status, refused.headers["retry-after"]) == (503, "30")
                assert refused.headers["content-length"] == "0"
        await asyncio.sleep(1)
        async with streaming(brittle.address, one) as again:
            assert again.status == 200

    run(story)


def test_an_idle_stream_costs_a_few_bytes_a_minute(brittle: Brittle, session: Callable[[str], str]) -> None:
    """Counted at the socket, over more than a minute, with the record of the open page looked at all the time."""
    mine = session("req")
    place = urlsplit(brittle.address)
    counted = Between((str(place.hostname), int(place.port or 0)))

    async def story() -> None:
        async with streaming(counted.address, mine, Host=place.netloc) as line:
            await asyncio.sleep(1)
            opened = counted.count()
            await asyncio.sleep(76)
            up, down = (now - then for now, then in zip(counted.count(), opened, strict=True))
            print(
                f"an idle stream: {up} bytes up, {down} down in 76 s, after {opened[0]} up and {opened[1]} down"
            )
            assert [name for name, _ in line.events] == ["message"] * 3
            assert (up, down) == (0, 3 * len(b"7\r\ndata:\n\n\r\n"))
            assert sum(opened) < 600

    try:
        run(story)
    finally:
        counted.close()


def test_it_stops_at_once_with_streams_open(brittle: Brittle, session: Callable[[str], str]) -> None:
    """Those that are open are ended, one that waits for the database is refused. The last test: it stops."""
    mine, other = session("req"), session("dec")

    async def story() -> None:
        async with AsyncExitStack() as stack:
            lines = [await stack.enter_async_context(streaming(brittle.address, mine)) for _ in range(8)]
            brittle.line.hang(True)
            await asyncio.sleep(1.5)
            waiting = asyncio.ensure_future(stack.enter_async_context(streaming(brittle.address, other)))
            await asyncio.sleep(0.5)
            began = time.monotonic()
            brittle.web.process.terminate()
            code = await asyncio.to_thread(brittle.web.process.wait, 15)
            took = time.monotonic() - began
            print(f"stopped within {took:.1f} s with {len(lines)} streams open")
            assert took < 3
            assert code in (0, -15)
            assert (await waiting).status == 503
            assert all([await line.until(lambda each: each.ended, 1) for line in lines])
            assert not any(line.names() for line in lines)

    run(story)
    assert "Traceback" not in brittle.web.log()
    assert "error" not in brittle.web.log()
