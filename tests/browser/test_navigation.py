"""The grouped navigation and the list of the desk: by keyboard, on a phone, without JavaScript, for everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_every_page import RULES

Enter = Callable[..., Person]
OPENED = {
    "/meetings/": (".site-menu > summary", ".site-nav li summary >> nth=1"),
    "/": (".page-head summary",),
}
PHONE = {"width": 360, "height": 740}


def test_a_group_opens_and_closes_by_keyboard(person: Enter) -> None:
    """Enter opens it; Escape closes it and keeps the focus; going on closes it, so that it covers nothing."""
    page = person("requester").page
    page.goto("/")
    head = page.locator(".site-nav summary", has_text="Coordination")
    entry = page.locator(".site-nav").get_by_role("link", name="Action points")
    expect(entry).to_be_hidden()
    head.focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    page.keyboard.press("Tab")
    expect(entry).to_be_focused()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(head).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(entry).to_be_hidden()
    head.click()
    page.locator("h1").click()
    expect(entry).to_be_hidden()


@pytest.mark.parametrize("script", [True, False])
def test_one_group_is_open_at_a_time_and_leads_on(person: Enter, script: bool) -> None:
    """The second closes the first; the entry leads to its page, where it and its group are marked."""
    person("requester")
    page = person("requester", java_script_enabled=script).page
    page.goto("/")
    navigation = page.locator(".site-nav")
    navigation.locator("summary", has_text="Liaison").click()
    expect(navigation.get_by_role("link", name="Liaison matrix")).to_be_visible()
    navigation.locator("summary", has_text="Coordination").click()
    expect(navigation.get_by_role("link", name="Liaison matrix")).to_be_hidden()
    navigation.get_by_role("link", name="Meetings").click()
    page.wait_for_url("**/meetings/")
    expect(navigation.locator('[aria-current="page"]')).to_have_text("Meetings")
    expect(navigation.locator('summary[aria-current="true"]')).to_have_text("Coordination")


@pytest.mark.parametrize("script", [True, False])
def test_a_phone_has_one_menu_with_the_groups(person: Enter, script: bool) -> None:
    """Below “Menu”, a group opens in place; no page grows wider than its window."""
    person("requester")
    page = person("requester", java_script_enabled=script, viewport=PHONE).page
    page.goto("/")
    navigation = page.locator(".site-nav")
    expect(navigation.locator("summary", has_text="Requests")).to_be_hidden()
    navigation.locator("summary", has_text="Menu").click()
    navigation.locator("summary", has_text="Requests").click()
    box = navigation.get_by_role("link", name="Aid requests").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    navigation.get_by_role("link", name="Aid requests").click()
    page.wait_for_url("**/aid-requests/")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_menus_are_fit_for_everybody(person: Enter, width: int, scheme: str) -> None:
    """No violation that axe can find while they are open, nor anything too wide."""
    page = person("requester", color_scheme=scheme, viewport={"width": width, "height": 900}).page
    for path, opened in OPENED.items():
        page.goto(path)
        for each in opened:
            if page.locator(each).is_visible():
                page.locator(each).click()
        assert page.locator("details.menu[open]").count()
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        violations = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in violations] == []


def test_what_is_filed_seldom_is_begun_from_the_list_of_the_desk(person: Enter) -> None:
    """The requester's own two stand beside it."""
    requester = person("requester")
    page = requester.page
    page.goto("/")
    direct = page.locator(".page-head").get_by_role("link")
    expect(direct.nth(1)).to_be_visible()
    # WHY: others of these tests make her a release authority as well, who has a third.
    assert direct.all_inner_texts()[:2] == ["New: aid request", "New: request for information"]
    assert direct.count() <= 3
    page.locator(".page-head summary", has_text="New…").click()
    requester.press("Action point")
    page.wait_for_url("**/action-points/new/")
