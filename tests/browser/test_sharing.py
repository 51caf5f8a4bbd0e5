"""Sharing for two days, seen to appear for the other person, and taken back, seen to vanish everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.aid_requests.models import AidRequest
from apps.mission.models import Holding, Position, PositionRole
from apps.mission.vocabulary import Classification, Role
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from tests.browser.mission import Setting
from tests.browser.person import Person

Enter = Callable[..., Person]
TITLE = "Road repair south of Mangalla"


@pytest.fixture(scope="module")
def record(setting: Setting) -> AidRequest:
    """A confidential request of Bridge Relief, whose logistics focal point is its release authority as well."""
    position = setting.positions["requester"]
    PositionRole.objects.get_or_create(position=position, role=Role.RELEASE)
    # WHY: its author is somebody else of the organisation, who may not widen it.
    author = Position.objects.create(
        mission=setting.mission, organisation=position.organisation, title="Engineer", clearance=1
    )
    PositionRole.objects.create(position=author, role=Role.REQUESTER)
    Holding.objects.create(
        person=setting.people["requester"], position=author, starts=timezone.now() - timedelta(days=3)
    )
    with acting_as(setting.people["requester"], setting.mission) as actor:
        made: AidRequest = record_file(
            actor,
            record=AidRequest(
                title=TITLE, kind="engineering", priority=2, need_statement="Two culverts are gone.",
                classification=Classification.CONFIDENTIAL,
            ),
            position=author,
        )  # fmt: skip
    return made


def test_shared_for_two_days_it_appears_and_taken_back_it_vanishes(person: Enter, record: AidRequest) -> None:
    """Desk, list, count, search, read log and open tab follow the grant."""
    owner, other = person("requester"), person("other")
    url = f"/aid-requests/{record.uuid}/"
    assert other.see(url) == 404
    before = _count(other)

    owner.see(f"{url}share/")
    owner.says("Only the release authority of Bridge Relief widens who reads this.")
    owner.page.locator("#id_to").press_sequentially("Programme focal")
    proposal = owner.page.locator("#id_to_names option").first
    expect(proposal).to_have_attribute("value", "Programme focal point, Water for All")
    owner.fill(to="Programme focal point, Water for All", reason="They bring the culverts.")
    owner.field("reason").blur()
    audience = owner.page.locator("#audience")
    expect(audience).to_contain_text("Would newly read it: David Moreau (Water for All)")
    expect(audience).to_contain_text("until")
    owner.press("Share")
    owner.says("Shared with Programme focal point, Water for All, until", "They bring the culverts.")

    entry = other.desk_entry(TITLE, "shared")
    expect(entry).to_contain_text("From Amina Okello (read): They bring the culverts.")
    assert _count(other) == before + 1
    other.see("/search/?q=culverts")
    other.says(TITLE)
    tab = other.context.new_page()
    tab.goto(url)
    expect(tab.locator("h1")).to_have_text(TITLE)
    expect(tab.get_by_role("link", name="Who read this")).to_have_count(0)
    other.see("/aid-requests/")
    other.says(TITLE)

    owner.see(f"{url}reads/")
    owner.says("David Moreau", "grant for a time", "list", "desk", "page")

    owner.see(f"{url}share/")
    owner.page.get_by_role("button", name="Take back").first.click()
    owner.says("The grant was taken back.")

    # Whoever comes back to an open tab finds nothing on it; a page that stays open finds out by itself.
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(tab.locator("#main")).to_contain_text("This record is no longer available to you.")
    expect(tab).to_have_title("No longer available")
    expect(tab.locator("body")).not_to_contain_text(TITLE)
    assert other.see(url) == 404
    expect(other.desk_entry(TITLE, "shared")).to_have_count(0)
    expect(other.page.locator("#main")).not_to_contain_text(TITLE)
    assert _count(other) == before
    expect(other.page.locator("#main")).not_to_contain_text(TITLE)
    other.see("/search/?q=culverts")
    expect(other.page.locator("#main")).not_to_contain_text(TITLE)


def test_sharing_without_javascript(person: Enter, record: AidRequest, web: object) -> None:
    """A name that is not enough comes back with a choice; the choice is taken."""
    signed = person("requester")
    owner = person("requester", java_script_enabled=False)
    owner.context.add_cookies(signed.context.cookies())
    url = f"/aid-requests/{record.uuid}/share/"
    owner.see(url)
    owner.fill(to="Programme", reason="They bring the culverts.", lasts="today")
    owner.press("Share")
    owner.says("Choose whom you mean.")
    owner.page.get_by_label("Programme focal point, Water for All position").check()
    owner.press("Share")
    owner.says("Shared with Programme focal point, Water for All, until")
    owner.page.get_by_role("link", name="Renew").first.click()
    owner.fill(reason="One more week.", lasts="1w")
    owner.press("Renew")
    owner.says("Renewed for Programme focal point, Water for All, until")
    owner.page.get_by_role("button", name="Take back").first.click()
    owner.says("The grant was taken back.")


def _count(who: Person) -> int:
    """How many requests the list counts."""
    who.see("/aid-requests/?all=1")
    return int(who.page.locator("#results-count").inner_text().split()[0].replace(",", ""))
