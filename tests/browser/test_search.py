"""Search from anywhere by the keyboard; a whole reference opens its record."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import requests
from tests.browser.person import Person

Enter = Callable[..., Person]


def test_a_record_is_found_by_the_keyboard_alone(person: Enter) -> None:
    """The key goes to the box, words lead to results, and Enter on one of them to its page."""
    requester = person("requester")
    page = requester.page
    url = requests.file_simple(requester, "Ferry parts for Muñiz landing")
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator("#head-search")).to_be_focused()
    page.keyboard.type("muniz fer")
    page.keyboard.press("Enter")
    found = page.locator(".work .title", has_text="Ferry parts for Muñiz landing")
    expect(found).to_be_visible()
    expect(found.locator("mark")).to_have_text(["Ferry", "Muñiz"])
    found.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url}")
    # In the box itself the key marks what stands there, to be written over.
    page.goto("/search/")
    page.locator("[name=q]").fill("a")
    page.keyboard.press("Control+k")
    page.keyboard.type("b")
    expect(page.locator("[data-search]").last).to_have_value("b")


def test_a_reference_leads_to_its_record(person: Enter) -> None:
    requester = person("requester")
    page = requester.page
    url = requests.file_simple(requester, "Found by its reference")
    page.goto(url)
    reference = page.locator(".reference").first.inner_text()
    page.goto("/")
    page.locator("#head-search").fill(reference.lower())
    page.locator("#head-search").press("Enter")
    page.wait_for_url(f"**{url}")
