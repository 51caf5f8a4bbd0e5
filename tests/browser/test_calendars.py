"""A calendar's address by the keyboard alone, on the narrowest page: made, shown once, revoked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.person import Person
from tests.browser.test_every_page import RULES

Enter = Callable[..., Person]


def fits(who: Person) -> None:
    """No sideways scrolling, and nothing that axe finds."""
    wide: Any = who.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert Axe().run(who.page, options=RULES).response["violations"] == []


def test_a_calendar_by_keyboard_at_320_pixels(person: Enter) -> None:
    who = person("requester")
    page = who.page
    page.set_viewport_size({"width": 320, "height": 800})
    assert who.see("/notifications/preferences/") == 200
    page.get_by_role("link", name="Calendars on my devices").press("Enter")
    page.get_by_label("Device or program").press("Enter")
    page.get_by_text("Problem").first.wait_for()
    fits(who)
    page.get_by_label("Device or program").fill("Phone in the car")
    page.get_by_label("Device or program").press("Enter")
    address = page.get_by_label("Address, for programs that ask for one")
    assert "/calendar/" in address.input_value()
    subscribing = page.get_by_role("link", name="Subscribe on this device").get_attribute("href")
    assert subscribing is not None
    assert subscribing.startswith("webcal://")
    fits(who)
    page.get_by_role("link", name="Back to your calendars").press("Enter")
    page.get_by_text("Phone in the car", exact=True).first.wait_for()
    assert page.get_by_text("Never used").count() == 1
    fits(who)
    page.get_by_role("button", name="Revoke Phone in the car").press("Enter")
    page.get_by_text("The address is closed.").wait_for()
    assert page.get_by_text("None does.").count() == 1
    fits(who)
