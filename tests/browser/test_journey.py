"""An armed escort from draft to closed, by the people whose work each step is."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import requests
from tests.browser.person import Person

Enter = Callable[..., Person]
SAVED = "p[data-save-state]"


def test_an_armed_escort_goes_from_draft_to_closed(person: Enter) -> None:
    """Each person finds it on their desk with its clock, takes their step, and reads who acts next."""
    requester, other = person("requester"), person("other")
    url = _file(requester)
    _submit(requester)
    assert other.see(url) == 404, "another organisation must not learn that it exists"

    _take(person("cluster"), url, "Validate the need", "CMCoord officer", need_is_real=True, not_duplicate=True,
          cluster_priority=2, note="Checked against the cluster's own assessment.")  # fmt: skip
    cmcoord = person("cmcoord")
    _take(cmcoord, url, "Endorse", "CMCoord officer", last_resort=True, distinction=True, time_bound=True)
    _take(cmcoord, url, "Send to the mission", "CIMIC officer")

    cimic = person("cimic")
    _take(cimic, url, "Ask the requester", "focal point", question="Which fuel point do you use on the way?")
    _take(
        requester, url, "Answer the question", "CIMIC officer", answer="None: the tanks last to Bor and back."
    )
    security = person("security")
    _take(security, url, "Give a security opinion", "CIMIC officer", outcome="with_measures",
          reasons="Only in daylight; a halt if fighting is near.", srm_reference="SRM-0417")  # fmt: skip
    expect(security.desk_entry(requests.TITLE)).to_have_count(0)
    _take(cimic, url, "Recommend", "Decision authority", advice="conditions",
          capacity="One platoon and two armoured vehicles for three days.", reasons="Capacity is there.")  # fmt: skip

    decider = person("decider")
    decider.see(f"{url}decision-sheet/")
    decider.says("Criteria for the use of an armed escort", "Acceptable with the measures named")
    _take(
        decider, url, "Approve with conditions", "JOC duty officer", conditions="Daylight only; no fuel stop."
    )
    _take(person("joc"), url, "Task a unit", "Executing unit", order_ref="FRAGO 112", unit="Operations officer",
          task="Escort 14 trucks from Juba to Bor.", report_by=requests.local(7))  # fmt: skip
    unit = person("unit")
    _take(unit, url, "Accept the task", "Executing unit")
    _take(unit, url, "Report done", "focal point", note="All 14 trucks arrived; no incident.")
    _take(
        requester, url, "Confirm and give feedback", "", need_met="full", timeliness="on_time", conduct="good"
    )

    _tells_the_whole_story(requester, url)
    assert other.see(url) == 404


def _file(requester: Person) -> str:
    """Draft, saved by itself, refused once, completed. Leaves the label's step open; returns the record's address."""
    page = requester.page
    page.goto("/")
    requester.press("New: aid request")
    audience = page.locator("#audience")
    page.locator('[name="scope"][value="mission"]').check()
    expect(audience).to_contain_text("people can read this")
    page.locator('[name="scope"][value="organisation"]').check()
    expect(audience).to_contain_text("1 person can read this")
    requester.fill(**requests.need())
    expect(page.locator(SAVED)).to_contain_text("Saved")
    assert "/edit/need/" in page.url, "a draft that saved itself lives at an address of its own"
    url = page.url.removeprefix(requester.address).split("edit/")[0]
    requester.press("Save and continue")

    page.wait_for_url("**/edit/place/")
    requester.fill(**requests.place())
    requester.press("Save and continue")
    page.wait_for_url("**/edit/cargo/")
    requester.fill(**requests.CARGO)
    requester.press("Save and continue")
    page.wait_for_url("**/edit/last_resort/")
    requester.fill(**requests.LAST_RESORT)
    page.locator('[data-formset="alternatives"]').get_by_role("button").click()
    requester.fill(**{"alternatives-1-option": "air", "alternatives-1-result": "not_enough"})
    page.locator('[name="alternatives-1-evidence"]').fill("Offer of the air service: 3 t a week.")
    requester.press("Save and continue")
    page.wait_for_url("**/edit/escort/")
    requester.fill(**requests.ESCORT)
    requester.press("Save and continue")
    page.wait_for_url("**/edit/contact/")
    requester.press("Save and continue")
    page.wait_for_url("**/edit/label/")
    requester.says(
        "common humanitarian position", "plan for discontinuation", "Name a contact on the ground."
    )
    expect(page.get_by_role("button", name="Submit", exact=True)).to_have_count(0)
    return url


def _submit(requester: Person) -> None:
    page = requester.page
    url = page.url.split("edit/")[0]
    page.goto(f"{url}transitions/submit/")
    requester.press("Submit")
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("State the common humanitarian position.")
    expect(summary).to_contain_text("Say how the use of escorts ends.")
    expect(summary).to_contain_text("Name a contact on the ground.")

    page.goto(f"{url}edit/escort/")
    requester.fill(**requests.POSITION_AND_PLAN)
    requester.press("Save and continue")
    requester.fill(**requests.CONTACT)
    requester.press("Save and continue")
    page.wait_for_url("**/edit/label/")
    requester.says("Everything that is needed has been answered.")
    expect(page.locator("#audience")).to_contain_text("1 person can read this")
    requester.press("Submit")
    page.wait_for_url("**/transitions/submit/")
    page.get_by_text("Who can read this afterwards").click()
    requester.says("Food security cluster coordinator", "CMCoord officer", "Next:")
    requester.press("Submit")
    page.wait_for_url(url)
    requester.says("Submitted", "Cluster coordinator")


def _take(who: Person, url: str, step: str, next_acts: str, **answers: object) -> None:
    """From the desk to the record, take the step, and read who acts next."""
    entry = who.desk_entry(requests.TITLE)
    expect(entry).to_have_count(1)
    expect(entry.locator("time")).not_to_have_count(0)
    entry.get_by_role("link").first.click()
    who.page.wait_for_url(f"**{url}")
    who.take(step, **answers)
    who.page.wait_for_url(f"**{url}")
    if next_acts:
        expect(who.page.locator(".panel.now")).to_contain_text(next_acts, ignore_case=True)
        expect(who.page.locator(".panel.now time")).not_to_have_count(0)


def _tells_the_whole_story(requester: Person, url: str) -> None:
    requester.see(f"{url}history/")
    story = requester.page.locator(".timeline").inner_text()
    told = [
        "Amina Okello", "Jonas Lindqvist", "Rosa Delgado", "Maj. Pieter de Wit", "Hana Suzuki", "Brig. Kofi Mensah",
        "Lt. Col. Anaïs Laurent", "Capt. Tenzin Dorji", "Validate the need", "Endorse", "Send to the mission",
        "Ask the requester", "Answer the question", "Give a security opinion", "Recommend", "Approve with conditions",
        "Task a unit", "Accept the task", "Report done", "Confirm and give feedback", "All 14 trucks arrived",
    ]  # fmt: skip
    assert [text for text in told if text not in story] == []
    requester.see(url)
    requester.says("Closed", "Daylight only; no fuel stop.", "FRAGO 112", "Sustainability", "In full")
    expect(requester.page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
