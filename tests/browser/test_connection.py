"""What a bad line does to a draft: nothing is lost, and the page says how it stands."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import requests
from tests.browser.mission import Setting
from tests.browser.person import Person
from tests.browser.plans import Planned

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


def test_a_part_of_a_plan_survives_a_closed_window_beside_what_others_did(
    person: Enter, setting: Setting
) -> None:
    """It is put back with what it was made from: what somebody else changed in between is kept as well."""
    planned = Planned(setting, "Return on a bad line")
    one, two = person("cimic"), person("cmcoord")
    planned.step("circulate")
    one.page.goto(planned.change(planned.activity))
    one.fill(details="Clear mines by hand. Lay gravel. Mark it.")
    one.page.close()
    two.page.goto(planned.change(planned.activity))
    two.fill(details="Clear mines. Lay gravel. Mark it in white.", needs="Two graders")
    two.press("Save")
    expect(two.page.get_by_text("Saved.", exact=True)).to_be_visible()
    one.page = one.context.new_page()
    one.page.goto(planned.change(planned.activity))
    expect(one.field("details")).to_have_value("Clear mines by hand. Lay gravel. Mark it.")
    expect(one.page.locator(SAVED)).to_contain_text("put back")
    one.press("Save")
    expect(one.page.get_by_text("Saved, together with what somebody else changed meanwhile.")).to_be_visible()
    one.says("Clear mines by hand. Lay gravel. Mark it in white.", "Two graders")
    one.page.goto(planned.change(planned.activity))
    expect(one.field("details")).to_have_value("Clear mines by hand. Lay gravel. Mark it in white.")
    expect(one.page.locator(SAVED)).to_be_empty()


def test_a_new_part_is_put_back_until_it_is_saved_or_given_up(person: Enter, setting: Setting) -> None:
    """What was saved or given up does not come back into the next form."""
    planned = Planned(setting, "Return in several parts")
    planner = person("cimic")
    new = f"{planned.path}parts/new/?kind=risk"
    planner.page.goto(new)
    planner.fill(title="The bridge gives way")
    planner.page.close()
    planner.page = planner.context.new_page()
    planner.page.goto(new)
    expect(planner.field("title")).to_have_value("The bridge gives way")
    planner.press("Save and add another")
    expect(planner.page.get_by_text("It is in the plan.")).to_be_visible()
    expect(planner.field("title")).to_have_value("")
    planner.fill(title="On second thoughts, none")
    planner.press("Cancel")
    planner.page.wait_for_url(f"**{planned.path}**")
    planner.page.goto(new)
    expect(planner.field("title")).to_have_value("")
    assert [row.title for row in planned.parts("risk")] == ["The bridge gives way"]
