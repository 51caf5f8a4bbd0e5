"""Streams of open pages, from a real web process: who gets one, what it says and when, and what it costs."""

from __future__ import annotations

import asyncio
import gzip
import io
import re
import shutil
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core.handlers.asgi import ASGIRequest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import sessions_end
from apps.aid_requests.models import AidRequest
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of
from apps.notifications.live import ACCESS, poke
from apps.records.services import record_file
from cimic_portal.live.answer import Refused, _refuse_strangers
from cimic_portal.live.stream import GONE, INBOX, OUT, Stream
from cimic_portal.middleware import SessionLifetimeMiddleware
from tests.browser.web_process import WebProcess
from tests.conftest import SERVERS
from tests.factories.staff import Staff, staff_make
from tests.house.stream_client import key, signed_in, streaming

pytestmark = pytest.mark.timeout(300)
CHECK_SECONDS = 2


@pytest.fixture(scope="module")
def staff(committed_db_module: str) -> Staff:
    return staff_make()


@pytest.fixture(scope="module")
def web(committed_db_module: str, staff: Staff) -> Iterator[WebProcess]:
    given = {**SERVERS.environment(), "LIVE_CHECK_SECONDS": str(CHECK_SECONDS)}
    process = WebProcess(given, SERVERS.url(committed_db_module))
    yield process
    process.stop()
    log = process.log()
    shutil.rmtree(process.folder, ignore_errors=True)
    assert log == ""


@pytest.fixture
def session(staff: Staff, web: WebProcess) -> Callable[[str], str]:
    """Signs the holder of a post in; the key of the session."""
    return lambda name: key(signed_in(staff.people[name]))


@pytest.fixture(autouse=True)
def _either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a story does with the database it does between two looks at its streams."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def run(what: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(what())  # type: ignore[arg-type]


def shared(staff: Staff) -> Any:
    """A request of one organisation that was shared with a colleague elsewhere."""
    with staff.acting("req") as actor:
        record = record_file(
            actor,
            record=AidRequest(title="Road", kind="engineering", priority=2, scope="organisation"),
        )
        grant_give(
            actor, record=record, to=staff.people["req_elsewhere"], reason="Roads",
            until=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    return record


def test_a_poke_reaches_its_person_within_a_second_and_nobody_else(
    web: WebProcess, staff: Staff, session: Callable[[str], str]
) -> None:
    async def story() -> None:
        async with (
            streaming(web.address, session("req")) as mine,
            streaming(web.address, session("req")) as mine_too,
            streaming(web.address, session("dec")) as other,
        ):
            assert mine.status == mine_too.status == other.status == 200
            said = time.monotonic()
            poke([staff.people["req"].pk, 10**6])
            for line in (mine, mine_too):
                assert await line.says("inbox", seconds=2)
                assert line.events[-1][1] - said < 1
            await asyncio.sleep(0.5)
            assert other.names() == []
            assert mine.text == "retry: 5000\n\nevent: inbox\ndata: \n\n"

    run(story)


def test_only_a_page_of_ones_own_gets_a_stream(web: WebProcess, session: Callable[[str], str]) -> None:
    good = session("req")
    own = web.address
    cases: list[tuple[int, dict[str, str]]] = [
        (401, {}),
        (401, {"session": "a" * 32}),
        (401, {"session": "x'; --"}),
        (405, {"session": good, "method": "POST"}),
        (405, {"session": good, "method": "HEAD"}),
        (403, {"session": good, "Origin": "https://elsewhere.invalid"}),
        (403, {"session": good, "Origin": "null"}),
        (403, {"session": good, "Sec_Fetch_Site": "cross-site"}),
        (403, {"session": good, "Sec_Fetch_Site": "same-site"}),
        (403, {"session": good, "Sec_Fetch_Site": "none"}),
        (400, {"session": good, "Host": "elsewhere.invalid"}),
        (400, {"session": good, "query": "?age=-1"}),
        (400, {"session": good, "query": "?age=" + "9" * 10}),
        (400, {"session": good, "query": "?still=" + "x" * 201}),
        (400, {"session": good, "query": "?" + "&".join(f"still=/{n}/" for n in range(21))}),
        (400, {"session": good, "query": "?" + "&".join(f"n{n}=" for n in range(2000))}),
        (200, {"session": good, "Origin": own, "Sec_Fetch_Site": "same-origin"}),
    ]

    async def story() -> None:
        for wanted, given in cases:
            async with streaming(web.address, **given) as line:  # type: ignore[arg-type]
                assert line.status == wanted, given
                assert line.headers["cache-control"] == "no-store"
                if wanted != 200:
                    assert line.headers["content-length"] == "0"
                    assert set(line.headers) <= {"date", "content-length", "cache-control", "allow"}
                    continue
                assert line.headers["content-type"] == "text/event-stream"
                assert line.headers["x-accel-buffering"] == "no"
                assert line.headers["x-content-type-options"] == "nosniff"
                assert "set-cookie" not in line.headers

    run(story)


@pytest.mark.parametrize(
    ("headers", "admitted"),
    [
        ({"host": "portal.example.org", "x-forwarded-proto": "https"}, True),
        (
            {
                "host": "portal.example.org",
                "x-forwarded-proto": "https",
                "origin": "https://portal.example.org",
            },
            True,
        ),
        (
            {
                "host": "portal.example.org",
                "x-forwarded-proto": "https",
                "origin": "http://portal.example.org",
            },
            False,
        ),
        ({"host": "portal.example.org", "x-forwarded-proto": "http"}, False),
        ({"host": "portal.example.org"}, False),
    ],
)
def test_behind_the_proxy_it_takes_https(headers: dict[str, str], admitted: bool, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/events/", "scheme": "http", "headers": sent}
    request = ASGIRequest(scope, io.BytesIO())
    if admitted:
        _refuse_strangers(request)
    else:
        with pytest.raises(Refused, match="403"):
            _refuse_strangers(request)


def test_whoever_takes_nothing_is_not_told_the_same_for_ever() -> None:
    async def story() -> None:
        stream = Stream(1, "key", frozenset())
        for _ in range(100):
            stream.tell(INBOX)
        stream.tell(GONE)
        stream.end(OUT)
        stream.tell(INBOX)
        assert await stream.next() == INBOX * 32 + GONE + OUT
        assert stream.is_over

    run(story)


def sign_out(person: User, client: Client) -> None:
    client.logout()


def deactivate(person: User, client: Client) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def end_all_sessions(person: User, client: Client) -> None:
    sessions_end(person)


def be_idle(person: User, client: Client) -> None:
    _shift(client, SessionLifetimeMiddleware.SEEN, portal_settings.SESSION_IDLE)


def stay_too_long(person: User, client: Client) -> None:
    _shift(client, SessionLifetimeMiddleware.BEGAN, portal_settings.SESSION_ABSOLUTE)


def _shift(client: Client, name: str, by: timedelta) -> None:
    session = client.session
    session[name] = int(time.time() - by.total_seconds() - 1)
    session.save()


@pytest.mark.parametrize("end", [sign_out, deactivate, end_all_sessions, be_idle, stay_too_long])
def test_a_session_that_is_over_ends_the_stream(
    web: WebProcess, staff: Staff, end: Callable[..., None]
) -> None:
    person = User.objects.create_user(f"{end.__name__}@staff.invalid", name="Somebody", password="a long one")
    client = signed_in(person)
    session = key(client)

    async def story() -> None:
        async with streaming(web.address, session) as line:
            assert line.status == 200
            await asyncio.sleep(CHECK_SECONDS + 1)
            assert line.names() == []
            end(person, client)
            poke([person.pk], ACCESS)
            assert await line.says("out", seconds=CHECK_SECONDS)
            assert await line.until(lambda each: each.ended, 1)
        async with streaming(web.address, session) as again:
            assert again.status == 401

    run(story)


def test_it_ends_without_being_told_as_well(web: WebProcess, staff: Staff) -> None:
    client = signed_in(staff.people["cmc"])

    async def story() -> None:
        async with streaming(web.address, key(client)) as line:
            client.logout()
            assert await line.says("out", seconds=CHECK_SECONDS + 1.5)

    run(story)


def test_an_open_stream_is_no_activity(web: WebProcess, staff: Staff) -> None:
    client = signed_in(staff.people["sec"])
    _shift(client, SessionLifetimeMiddleware.SEEN, timedelta(minutes=30))
    before = Session.objects.values().get(pk=key(client))

    async def story() -> None:
        async with streaming(web.address, key(client)) as line:
            poke([staff.people["sec"].pk])
            assert await line.says("inbox")
            await asyncio.sleep(CHECK_SECONDS + 1)

    run(story)
    assert Session.objects.values().get(pk=key(client)) == before
    assert dict(SessionStore(key(client)).items()) == dict(SessionStore(key(client)).load())


def test_a_record_that_was_taken_back_is_said_to_be_gone(
    web: WebProcess, staff: Staff, session: Callable[[str], str]
) -> None:
    record = shared(staff)
    still = f"/aid-requests/{record.uuid}/still/"

    def revoke() -> None:
        with staff.acting("req") as actor:
            grant_revoke(actor, record=record, key=next(iter(grants_of(record))).key)

    async def story() -> None:
        async with (
            streaming(web.address, session("req_elsewhere"), f"?still={still}") as reader,
            streaming(web.address, session("req_elsewhere")) as another_page,
            streaming(web.address, session("req"), f"?still={still}") as owner,
        ):
            await asyncio.sleep(CHECK_SECONDS + 1)
            assert reader.names() == []
            revoke()
            said = time.monotonic()
            poke([staff.people["req_elsewhere"].pk, staff.people["req"].pk], ACCESS)
            assert await reader.says("gone", seconds=2)
            assert reader.events[-1][1] - said < 1.5
            await asyncio.sleep(CHECK_SECONDS + 1)
            assert reader.names() == ["gone"]
            assert another_page.names() == owner.names() == []

    run(story)


def test_what_is_hidden_is_answered_like_what_never_was(
    web: WebProcess, staff: Staff, session: Callable[[str], str]
) -> None:
    """No difference between a hidden record, a missing one, one of another type and an address of nothing."""
    hidden = shared(staff)
    paths = (
        f"/aid-requests/{hidden.uuid}/still/",
        f"/aid-requests/{uuid.uuid4()}/still/",
        f"/releases/{uuid.uuid4()}/still/",
        f"/aid-requests/{hidden.uuid}/edit/",
        "/nowhere/",
        "https://elsewhere.invalid/",
    )
    mine = session("clu")

    async def story() -> None:
        seen = []
        for path in paths:
            async with streaming(web.address, mine, f"?still={path}") as line:
                assert await line.says("gone")
                poke([staff.people["clu"].pk], ACCESS)
                await asyncio.sleep(CHECK_SECONDS + 1)
                del line.headers["date"]
                seen.append((line.status, line.headers, line.text))
        assert seen == [seen[0]] * len(paths)
        assert seen[0][2] == "retry: 5000\n\nevent: gone\ndata: \n\n"
        assert str(hidden.uuid) not in str(seen)

    run(story)


def test_what_was_told_before_the_stream_opened_is_said(
    web: WebProcess, staff: Staff, session: Callable[[str], str]
) -> None:
    async def story() -> None:
        one, other = session("joc"), session("unit")
        await asyncio.sleep(3)
        poke([staff.people["joc"].pk])
        await asyncio.sleep(1.5)
        async with (
            streaming(web.address, one, "?age=3") as told,
            streaming(web.address, one, "?age=1") as fresh,
            streaming(web.address, other, "?age=3") as nobody,
            streaming(web.address, other, "?age=900") as old,
        ):
            assert await told.says("inbox", seconds=1)
            assert await old.says("inbox", seconds=1)
            await asyncio.sleep(0.3)
            assert fresh.names() == nobody.names() == []

    run(story)


def test_nobody_takes_all_the_room(web: WebProcess, session: Callable[[str], str]) -> None:
    """A person has at most twelve; the oldest is closed, and told not to come back at once."""
    mine = session("aud")

    async def story() -> None:
        async with AsyncExitStack() as stack:
            lines = [await stack.enter_async_context(streaming(web.address, mine)) for _ in range(14)]
            assert [each.status for each in lines] == [200] * 14
            for each in lines[:2]:
                assert await each.says("enough")
                assert await each.until(lambda line: line.ended, 2)
            assert not any(each.ended or each.names() for each in lines[2:])

    run(story)


def test_the_metrics_count_streams(web: WebProcess) -> None:
    from cimic_portal import metrics

    assert "portal_live_streams" not in metrics.GAUGES, "counted in the web process alone"
    source = (Path(portal_settings.BASE_DIR) / "cimic_portal/asgi.py").read_text()
    assert re.search(r'GAUGES\["portal_live_streams"\]', source)


def test_the_proxy_holds_nothing_back() -> None:
    proxy = (Path(portal_settings.BASE_DIR) / "deploy/nginx/portal.conf.template").read_text()
    part = proxy.partition("location = /events/ {")[2].partition("}")[0]
    assert "proxy_pass http://web:8000;" in part
    assert "proxy_buffering off;" in part
    assert "proxy_set_header" not in part, "headers set here would replace those of the server"


def test_the_script_stays_light() -> None:
    for name, limit in (("live", 3350), ("fresh", 1200)):
        script = (Path(portal_settings.BASE_DIR) / f"static/js/{name}.js").read_bytes()
        assert len(gzip.compress(script, 9)) <= limit
        assert not re.search(rb"https?://|\beval\(|new Function", script)
