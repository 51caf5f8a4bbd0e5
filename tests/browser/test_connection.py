"""What a bad line does to a draft: nothing is lost, and the page says how it stands."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import requests
from tests.browser.person import Person

Enter = Callable[..., Person]
SAVED = "p[data-save-state]"
TEXT = "Written while the satellite was away."


def test_a_draft_survives_a_lost_connection(person: Enter) -> None:
    """It says "not saved yet", keeps the text, and saves by itself when the line is back."""
    requester = person("requester")
    page = requester.page
    url = requests.file_simple(requester, "Drafted on a bad line")
    page.goto(f"{url}edit/need/")
    with requester.offline():
        requester.fill(consequence_if_not_met=TEXT)
        expect(page.locator(SAVED)).to_contain_text("Not saved yet")
        expect(page.locator(SAVED)).to_have_attribute("data-tone", "bad")
    expect(page.locator(SAVED)).to_contain_text("Saved", timeout=20_000)
    page.goto(f"{url}edit/need/")
    expect(requester.field("consequence_if_not_met")).to_have_value(TEXT)


def test_a_draft_survives_a_closed_window(person: Enter) -> None:
    """Text that never reached the portal is put back when the person opens the form again, and saved."""
    requester = person("requester")
    url = requests.file_simple(requester, "Drafted and closed")
    requester.page.goto(f"{url}edit/need/")
    with requester.offline():
        requester.fill(consequence_if_not_met=TEXT)
        expect(requester.page.locator(SAVED)).to_contain_text("Not saved yet")
        requester.page.close()
    requester.page = requester.context.new_page()
    requester.page.goto(f"{url}edit/need/")
    expect(requester.field("consequence_if_not_met")).to_have_value(TEXT)
    expect(requester.page.locator(SAVED)).to_contain_text("Saved")


def test_a_draft_changed_elsewhere_is_not_overwritten(person: Enter) -> None:
    """The second of two windows says so, keeps its text, and saves only when it is told to."""
    requester = person("requester")
    url = requests.file_simple(requester, "Drafted in two windows")
    first, second = requester.page, requester.context.new_page()
    first.goto(f"{url}edit/need/")
    second.goto(f"{url}edit/need/")
    second.locator("[name=need_statement]").fill("From the second window.")
    expect(second.locator(SAVED)).to_contain_text("Saved")
    requester.fill(need_statement="From the first window.")
    expect(first.locator(SAVED)).to_contain_text("changed elsewhere")
    requester.press("Save and continue")
    expect(first.locator(".error-summary")).to_be_visible()
    expect(requester.field("need_statement")).to_have_value("From the first window.")
