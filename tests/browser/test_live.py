"""Open pages that hear by themselves what changed: in seconds, by one stream for all tabs, and for next to nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, TimeoutError, expect

from apps.accounts.models import User
from apps.accounts.services import sessions_end
from apps.aid_requests.models import AidRequest
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of
from apps.notifications.live import ACCESS, poke
from apps.notifications.relay import relay_drain
from apps.records.services import comment_add, record_file
from tests.browser.mission import Setting
from tests.browser.person import Person
from tests.browser.web_process import WebProcess
from tests.house.stream_client import Between

Enter = Callable[..., Person]
IDLE_SECONDS = 62
GONE = "This record is no longer available to you."


@pytest.fixture
def record(setting: Setting) -> AidRequest:
    """A request of Bridge Relief alone, shared with Water for All for a day."""
    with acting_as(setting.people["requester"], setting.mission) as actor:
        made: AidRequest = record_file(
            actor,
            record=AidRequest(title="Pumps for Bor", kind="lift", priority=2, scope="organisation"),
        )
        grant_give(
            actor, record=made, to=setting.people["other"], reason="They know the pumps.",
            until=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    relay_drain()
    return made


@pytest.fixture
def take_back(setting: Setting, record: AidRequest) -> Callable[[], None]:
    """Ends the sharing."""

    def revoke() -> None:
        with acting_as(setting.people["requester"], setting.mission) as actor:
            grant_revoke(actor, record=record, key=next(iter(grants_of(record))).key)

    return revoke


class Streams:
    """The streams that a browser's tabs have opened."""

    COUNTING = """
        const opened = [];
        window.EventSource = class extends EventSource {
          constructor(url) { super(url); opened.push(this); }
        };
        window.streamsOpen = () => opened.filter((each) => each.readyState < 2).map((each) => each.url);
    """

    def __init__(self, who: Person) -> None:
        self.context = who.context
        self.context.add_init_script(self.COUNTING)

    def now(self) -> list[tuple[Page, str]]:
        """Those that are open now: the tab and the address."""
        tabs = self.context.pages
        return [(tab, url) for tab in tabs for url in tab.evaluate("window.streamsOpen?.() ?? []")]


def connected(page: Page) -> None:
    """Wait until the page is looked after by a stream, its own or another tab's."""
    expect(page.locator("body[data-covered]")).to_be_attached()


def test_what_somebody_is_told_stands_on_the_open_page_within_five_seconds(
    person: Enter, setting: Setting, record: AidRequest
) -> None:
    """From the comment to the number at the bell, through the relay, without reloading; and it is said aloud."""
    who = person("requester")
    page = who.page
    page.goto("/")
    bell = page.locator("a.mark")
    before = bell.text_content() or ""
    page.evaluate("window.here = 'the same page'")
    connected(page)
    with acting_as(setting.people["other"], setting.mission) as actor:
        comment_add(actor, record=record, text="Two of them are in Juba.")
    said = time.monotonic()
    relay_drain()
    expect(bell).not_to_have_text(before, timeout=5000)
    took = time.monotonic() - said
    print(f"the bell changed {took:.1f} s after the comment")
    assert took < 5
    expect(page.locator("body > p[role=status]")).to_contain_text("unread")
    assert page.evaluate("window.here") == "the same page"
    # What must be read at once comes with the bell.
    assert 'id="alerts"' in page.evaluate("fetch('/notifications/head/').then((answer) => answer.text())")


def test_lists_of_what_waits_are_read_again(person: Enter, setting: Setting, record: AidRequest) -> None:
    """The inbox and the desk, as what nobody need be there for; not while somebody works in them."""
    who = person("requester")
    desk, inbox = who.page, who.context.new_page()
    for page, path in ((desk, "/"), (inbox, "/notifications/?tab=all")):
        page.goto(path)
        connected(page)
    entries = inbox.locator("#inbox li")
    before = entries.count()
    with acting_as(setting.people["other"], setting.mission) as actor:
        comment_add(actor, record=record, text="One more is in Bor.")
    with desk.expect_request(lambda request: urlsplit(request.url).path == "/", timeout=5000) as asked:
        relay_drain()
    assert asked.value.headers["x-unattended"] == "1"
    expect(inbox.locator("#inbox")).to_contain_text(record.reference, timeout=5000)
    assert entries.count() >= before
    desk.locator("#work a").first.focus()
    with (
        pytest.raises(TimeoutError),
        desk.expect_request(lambda request: urlsplit(request.url).path == "/", timeout=12_000),
    ):
        poke([setting.people["requester"].pk])


def test_what_was_told_while_the_page_was_loading_is_not_missed(person: Enter, setting: Setting) -> None:
    """A page that was read before the stream was open."""
    page = person("requester").page
    page.goto("/")
    with page.expect_request("**/notifications/head/", timeout=6000):
        poke([setting.people["requester"].pk])


def test_a_record_that_was_taken_back_leaves_every_open_page_at_once(
    person: Enter, setting: Setting, record: AidRequest, take_back: Callable[[], None]
) -> None:
    """In the tab that has the stream and in one that has not; nobody touches either."""
    who = person("other")
    url = f"/aid-requests/{record.uuid}/"
    first, second = who.page, who.context.new_page()
    for tab in (first, second):
        tab.goto(url)
        expect(tab.locator("h1")).to_have_text("Pumps for Bor")
        connected(tab)
    take_back()
    said = time.monotonic()
    poke([setting.people["other"].pk], ACCESS)
    for tab in (first, second):
        expect(tab.locator("#main")).to_contain_text(GONE, timeout=5000)
        expect(tab.locator("body")).not_to_contain_text("Pumps for Bor")
    print(f"both pages were cleared within {time.monotonic() - said:.1f} s")


def test_ten_tabs_have_one_stream(person: Enter, setting: Setting, record: AidRequest) -> None:
    """It names the records of all; another tab takes over when the one that has it is closed."""
    who = person("other")
    streams = Streams(who)
    who.page.goto("about:blank")
    tabs = [who.context.new_page() for _ in range(10)]
    for number, tab in enumerate(tabs):
        tab.goto(f"/aid-requests/{record.uuid}/" if number == 4 else "/aid-requests/")
        connected(tab)
    who.page.wait_for_timeout(4000)
    ((leader, url),) = streams.now()
    assert str(record.uuid) in url
    tabs.remove(leader)
    leader.close()
    who.page.wait_for_timeout(4000)
    ((_, url),) = streams.now()
    assert (str(record.uuid) in url) or leader.url.count(str(record.uuid))
    with tabs[-1].expect_request("**/notifications/head/", timeout=5000):
        poke([setting.people["other"].pk])
    for tab in tabs:
        tab.goto("about:blank")
    assert streams.now() == []


def test_without_locks_only_a_page_that_is_seen_has_a_stream(person: Enter, setting: Setting) -> None:
    """As on a plain address in a house's own network: six connections are all that a browser opens to one host."""
    who = person("requester")
    streams = Streams(who)
    who.context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    page = who.page
    page.goto("/")
    connected(page)
    assert len(streams.now()) == 1
    page.evaluate(
        """Object.defineProperty(document, 'hidden', {value: true, configurable: true});
        document.dispatchEvent(new Event('visibilitychange'))"""
    )
    assert streams.now() == []
    poke([setting.people["requester"].pk])
    with page.expect_request("**/notifications/head/", timeout=6000):
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    connected(page)


def test_signed_out_elsewhere_the_list_leaves_the_screen(person: Enter, setting: Setting) -> None:
    """Within half a minute, or at once when it is said."""
    other = User.objects.get(pk=setting.people["supply"].pk)
    page = person("supply").page
    page.goto("/aid-requests/")
    connected(page)
    sessions_end(other)
    poke([other.pk], ACCESS)
    page.wait_for_url("**/accounts/login/**", timeout=6000)


def test_where_no_stream_is_to_be_had_the_page_asks_by_itself(person: Enter, record: AidRequest) -> None:
    """Every two minutes, in a few bytes."""
    page = person("requester").page
    page.clock.install()
    page.route("**/events/**", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"/aid-requests/{record.uuid}/")
    with page.expect_response("**/still/") as asked:
        page.clock.run_for(121_000)
    assert asked.value.status == 204
    page.route("**/still/", lambda route: route.fulfill(status=404, body=""))
    page.clock.run_for(121_000)
    expect(page.locator("#main")).to_contain_text(GONE)


@pytest.fixture
def counted(web: WebProcess) -> Iterator[Callable[[], Between]]:
    """Lines to the web process that count what goes over them."""
    place, made = urlsplit(web.address), []

    def line() -> Between:
        made.append(Between((str(place.hostname), int(place.port or 0))))
        return made[-1]

    yield line
    for each in made:
        each.close()


def test_an_idle_page_costs_less_than_a_kilobyte_a_minute(
    browser: Browser, person: Enter, record: AidRequest, counted: Callable[[], Between]
) -> None:
    """Counted at the socket, both ways, in Chromium: the desk and a record, the opening of the stream included."""
    signed = person("requester")
    pages: list[tuple[str, Between, Any]] = []
    loaded, opened = [], []
    for path in ("/", f"/aid-requests/{record.uuid}/"):
        line = counted()
        context = browser.new_context(base_url=line.address)
        context.add_cookies(
            [cookie | {"url": line.address, "domain": "", "path": ""} for cookie in _bare(signed)]
        )
        page = context.new_page()
        page.goto(path)
        page.wait_for_timeout(500)
        loaded.append(line.count())
        connected(page)
        opened.append(line.count())
        pages.append((path, line, page))
    signed.page.wait_for_timeout(IDLE_SECONDS * 1000)
    for (path, line, page), at_first, then in zip(pages, loaded, opened, strict=True):
        up, down = line.count()
        print(
            f"{path}: {up - then[0]} bytes up and {down - then[1]} down in {IDLE_SECONDS} s; "
            f"opening the stream took {then[0] - at_first[0]} up and {then[1] - at_first[1]} down"
        )
        assert 0 < (up + down - sum(then)) * 60 / IDLE_SECONDS < 200
        assert up + down - sum(at_first) < 1400
        page.context.close()


def _bare(who: Person) -> list[Any]:
    return [{"name": each["name"], "value": each["value"]} for each in who.context.cookies()]
