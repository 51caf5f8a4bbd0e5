"""The same work by other hands: without a mouse, without JavaScript, with a double click, with wrong answers."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import requests
from tests.browser.person import Person

Enter = Callable[..., Person]


def _active(page: Page) -> str:
    """The name or the words of what has the focus."""
    words = page.evaluate("() => document.activeElement.name || document.activeElement.textContent.trim()")
    return " ".join(str(words).split())


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the control of that name, or the link or button with these words, has the focus."""
    passed = []
    for _press in range(60):
        page.keyboard.press("Tab")
        passed.append(_active(page))
        if passed[-1] == wanted:
            outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{wanted} has the focus and does not show it"
            return
    raise AssertionError(f"{wanted!r} cannot be reached by Tab: {passed}")


def _write(page: Page, name: str, text: str) -> None:
    _tab_to(page, name)
    page.keyboard.type(text)


def test_a_simple_request_is_filed_with_the_keyboard_alone(person: Enter) -> None:
    """From the desk to Submitted: every control is reached by Tab, in reading order, and shows its focus."""
    supply = person("supply")
    page = supply.page
    page.goto("/")
    page.keyboard.press("Tab")
    assert _active(page) == "Skip to the content"
    page.keyboard.press("Enter")
    _tab_to(page, "New: aid request")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/")
    _write(page, "title", "Fuel for the river patrol")
    _write(page, "kind", "Mission support")
    _write(page, "priority", "P3")
    _write(page, "need_statement", "Twelve drums of diesel.")
    _tab_to(page, "next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/place/")
    _write(page, "area", "Juba")
    when = requests.local(4)
    _tab_to(page, "needed_by")
    page.keyboard.type(f"{when[5:7]}{when[8:10]}{when[:4]}")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("0930AM")
    expect(supply.field("needed_by")).to_have_value(f"{when[:10]}T09:30")
    _tab_to(page, "next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/cargo/")
    page.keyboard.press("Tab")
    _tab_to(page, "next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/contact/")
    _write(page, "contact_name", "Sgt. Deng")
    _write(page, "contact_phone", "+211 912 000 222")
    _tab_to(page, "next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/label/")
    _tab_to(page, "transition")
    page.keyboard.press("Enter")
    page.wait_for_url("**/transitions/submit/")
    _tab_to(page, "Submit")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done: Submit.")).to_be_visible()
    supply.says("Fuel for the river patrol", "Submitted")


def test_filing_and_deciding_work_without_javascript(person: Enter) -> None:
    """Forms, rows of forms, steps of the workflow and lists are plain HTML."""
    for part in ("supply", "cimic", "decider"):
        person(part)  # signs in once, with the page's own script
    supply = person("supply", java_script_enabled=False)
    page = supply.page
    page.goto("/")
    supply.press("New: aid request")
    supply.fill(
        title="Bridge at kilometre 14", kind="mission_support", priority=2, need_statement="Two spans."
    )
    supply.press("Save and continue")
    page.wait_for_url("**/edit/place/")
    supply.fill(area="SS0101", needed_by=requests.local(5))
    supply.press("Save and continue")
    page.wait_for_url("**/edit/cargo/")
    supply.fill(**requests.CARGO)
    supply.press("Add another")
    expect(page.locator('[name="cargo-1-item"]')).to_be_visible()
    expect(page.locator('[name="cargo-0-item"]')).to_have_value("Sorghum")
    supply.fill(**{"cargo-1-item": "Steel plates", "cargo-1-quantity": 40})
    supply.press("Save and continue")
    supply.fill(**requests.CONTACT)
    supply.press("Save and continue")
    page.wait_for_url("**/edit/label/")
    supply.press("Submit")
    page.wait_for_url("**/transitions/submit/")
    supply.press("Submit")
    supply.says("Done: Submit.", "Steel plates")
    url = page.url.removeprefix(supply.address)

    cimic = person("cimic", java_script_enabled=False)
    cimic.desk_entry("Bridge at kilometre 14").get_by_role("link").first.click()
    cimic.take("Take into assessment")
    cimic.take("Recommend", advice="approve", capacity="One engineer section.", reasons="It is there.")
    decider = person("decider", java_script_enabled=False)
    decider.see(url)
    decider.take("Approve")
    decider.says("Approved")
    decider.see("/aid-requests/?kind=mission_support&state=approved")
    decider.says("Bridge at kilometre 14")


def test_a_double_click_sends_once(person: Enter) -> None:
    """Making a draft and taking a step, each clicked twice, happen once."""
    requester = person("requester")
    page = requester.page
    page.goto("/aid-requests/new/")
    requester.fill(**requests.need("Clicked twice"))
    sent: list[str] = []
    page.on(
        "request",
        lambda r: sent.append(r.url) if r.method == "POST" and "x-autosave" not in r.headers else None,
    )
    page.get_by_role("button", name="Save and close").dblclick()
    page.wait_for_url("**/aid-requests/*-*-*/")
    assert len(sent) == 1, sent
    page.goto("/aid-requests/?mine=on")
    expect(page.locator("td.primary", has_text="Clicked twice")).to_have_count(1)


def test_wrong_answers_are_told_at_their_fields_and_kept(person: Enter) -> None:
    """The summary leads to each field; the field says what is wrong; nothing typed is lost."""
    requester = person("requester")
    page = requester.page
    url = requests.file_simple(requester, "Answers that cannot be right")
    page.goto(f"{url}edit/place/")
    requester.fill(destination_latitude=95, destination_longitude=31.5, needed_by=requests.local(6),
                   ready_to_load=requests.local(9), end_date=requests.day(2), destination_place="Bor")  # fmt: skip
    requester.press("Save and continue")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Problem:")
    for name, message in (
        ("destination_latitude", "90"),
        ("ready_to_load", "The cargo must be ready before it is needed."),
        ("end_date", "Support cannot end before it is needed."),
    ):
        control = requester.field(name)
        expect(control).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{control.get_attribute('id')}_error")).to_contain_text(message)
        summary.locator(f'a[href="#{control.get_attribute("id")}"]').click()
        expect(control).to_be_focused()
    expect(requester.field("destination_place")).to_have_value("Bor")
    expect(requester.field("destination_latitude")).to_have_value("95")
    page.goto(f"{url}edit/contact/")
    requester.fill(contact_email="nobody")
    requester.press("Save and continue")
    expect(page.locator(".field.invalid")).to_contain_text("valid email address")
    expect(requester.field("contact_email")).to_have_value("nobody")
