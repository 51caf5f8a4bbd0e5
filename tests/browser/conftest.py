"""One web process, one browser and one mission for all journeys; each person has a browser context of their own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.mission import Setting, setting_make
from tests.browser.person import Person
from tests.browser.web_process import WebProcess
from tests.conftest import SERVERS

# WHY: Playwright's own loop runs in this thread, and Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = (
    # WHY: the browser's calendar follows its own language, not the page's.
    "--lang=en-US",
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
expect.set_options(timeout=10_000)


# Seconds for one journey, its share of starting everything included.
JOURNEY_SECONDS = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a journey take longer than a test of a unit."""
    for item in items:
        item.add_marker(pytest.mark.timeout(JOURNEY_SECONDS))


OPENED = pytest.StashKey[list[Person]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what everybody saw when a journey failed, and keep pictures beside the web process's log."""
    report = yield
    if report.failed and call.when == "call":
        for each in item.stash.get(OPENED, []):
            report.sections.append((f"What {each.part} saw", each.seen()))
    return report


@pytest.fixture(scope="session")
def setting(committed_db_session: str) -> Setting:
    """The mission and its people, committed once."""
    return setting_make()


@pytest.fixture(scope="session")
def web(committed_db_session: str, setting: Setting) -> Iterator[WebProcess]:
    """The web process on the committed database."""
    process = WebProcess(SERVERS.environment(), SERVERS.url(committed_db_session))
    yield process
    process.stop()
    shutil.rmtree(process.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, headless=True, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def _sessions() -> dict[str, Any]:
    """The cookies of everybody who has signed in."""
    return {}


@pytest.fixture
def person(
    request: pytest.FixtureRequest, browser: Browser, web: WebProcess, _sessions: dict[str, Any]
) -> Iterator[Callable[..., Person]]:
    """Opens somebody's browser, signed in. Afterwards no page may have had a fault, and nothing failed inside."""
    opened: list[Person] = []
    request.node.stash[OPENED] = opened

    def enter(part: str, **options: Any) -> Person:
        made = Person(browser, web.address, part, **options)
        opened.append(made)
        if part in _sessions:
            made.context.add_cookies(_sessions[part])
        elif options.get("java_script_enabled", True) and part != "nobody":
            made.sign_in()
            _sessions[part] = made.context.cookies()
        return made

    yield enter
    faults = [f"{each.part}: {fault}" for each in opened for fault in each.faults]
    for each in opened:
        each.context.close()
    assert not faults, "\n".join([*faults, web.log()[-4000:]])
