"""Somebody at a browser: signed in, in a context of their own, and every fault of a page noted."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.browser.mission import PASSWORD

# What Chromium itself says about an answer that is no success; the tests judge answers by their status.
_STATUS_NOTE = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
_OFFLINE_NOTE = re.compile(r"net::ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|CONNECTION)")


class Person:
    """One person's browser. `faults`: console errors, exceptions, breaches of policy, answers from 500 up."""

    def __init__(self, browser: Browser, address: str, part: str, **options: Any) -> None:
        self.part = part
        self.address = address
        self.faults: list[str] = []
        self.offline_expected = False
        wanted = {"locale": "en-GB", "timezone_id": "Africa/Juba", "viewport": {"width": 1280, "height": 900}}
        self.context: BrowserContext = browser.new_context(base_url=address, **(wanted | options))
        self.context.set_default_timeout(10_000)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.faults.append(f"exception: {error.error}"))
        self.context.on("response", self._response)
        self.page: Page = self.context.new_page()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or _STATUS_NOTE.search(message.text):
            return
        if self.offline_expected and _OFFLINE_NOTE.search(message.text):
            return
        self.faults.append(f"{message.type} on {message.page.url if message.page else '?'}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} from {response.request.method} {response.url}")

    def sign_in(self) -> Person:
        """Sign in through the page, as everybody does."""
        self.page.goto("/accounts/login/")
        self.field("login").fill(f"{self.part}@rivers.invalid")
        self.field("password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.address}/")
        return self

    def see(self, path: str) -> int:
        """Open an address; its status."""
        response = self.page.goto(path)
        assert response is not None
        return response.status

    def field(self, name: str) -> Locator:
        """The control of that name, in the form of the page."""
        return self.page.locator(f'#main [name="{name}"]')

    def fill(self, **answers: Any) -> None:
        """Answer fields by name: True ticks; a select or radio is chosen by its value or its words."""
        for name, answer in answers.items():
            control = self.field(name)
            kind = control.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                _choose(control, str(answer))
            elif kind == "radio":
                self.page.locator(f'#main [name="{name}"][value="{answer}"]').check()
            elif kind == "checkbox":
                control.set_checked(bool(answer))
            else:
                control.fill(str(answer))

    def press(self, name: str) -> None:
        """Press the button, or follow the link, of that name."""
        button = self.page.get_by_role("button", name=name, exact=True)
        (button if button.count() else self.page.get_by_role("link", name=name, exact=True)).first.click()

    def take(self, step: str, **answers: Any) -> None:
        """On a record's page, take a step of its workflow; one that asks for nothing is done at once."""
        self.press(step)
        done = self.page.get_by_text(f"Done: {step}.")
        done.or_(self.page.get_by_role("heading", level=1, name=step, exact=True)).first.wait_for()
        if "/transitions/" in self.page.url:
            self.fill(**answers)
            self.press(step)
        expect(done).to_be_visible()

    def seen(self) -> str:
        """Address and text of the page, for the report of a failure; a picture goes to a temporary file."""
        picture = Path(tempfile.gettempdir()) / f"browser-{self.part}.png"
        self.page.screenshot(path=picture, full_page=True)
        return f"{self.page.url} ({picture})\n{self.page.locator('body').inner_text()}"

    def desk_entry(self, title: str, section: str = "waiting") -> Locator:
        """Go to the desk and return the entry of a record in one of its sections."""
        self.page.goto("/")
        return self.page.locator(f"[aria-labelledby=desk-{section}] li", has_text=title)

    def says(self, *texts: str) -> None:
        """Expect texts in the page's main part."""
        for text in texts:
            expect(self.page.locator("#main")).to_contain_text(text, ignore_case=True)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Without a connection."""
        self.offline_expected = True
        self.context.set_offline(True)
        try:
            yield
        finally:
            self.context.set_offline(False)


def _choose(control: Locator, answer: str) -> None:
    """Choose an option by its value, or by words that it contains."""
    options = control.locator("option")
    values = options.evaluate_all("all => all.map(o => [o.value, o.textContent.trim()])")
    fitting = [value for value, text in values if answer in (value, text)]
    fitting += [value for value, text in values if value and answer in text]
    assert fitting, f"{answer!r} is not among {values}"
    control.select_option(fitting[0])
