"""Bringing a table of P-codes into the mission, as its administrator does, and filing against the new areas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

Enter = Callable[..., Person]
TABLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "ssd_pcodes_adm1_adm2.csv"
FLAWED = b"P-code,Name,Parent P-code\nSS03,Jonglei,SSD\nSS0399,New Fangak,SS03\nSS0398,,SS03\nSS0397,Nowhere,SS77\n"


def _choose(administrator: Person, content: bytes, name: str) -> None:
    administrator.see("/setup/mission/area/import/")
    administrator.page.locator('[name="file"]').set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    administrator.page.locator("form:has([name=file])").get_by_role("button").last.click()


def test_refused_rows_are_named_and_nothing_is_imported_unasked(person: Enter) -> None:
    """Each refused row says which column and why; the others come in once the administrator says so."""
    administrator = person("administrator")
    page = administrator.page
    _choose(administrator, FLAWED, "flawed.csv")
    body = page.locator("body")
    expect(body).to_contain_text("The name is missing.")
    expect(body).to_contain_text("SS77 is neither in this table nor in the mission.")
    expect(body).to_contain_text("New Fangak")
    confirm = page.locator("form:has([name=kept])")
    confirm.locator("[name=valid_only]").check()
    confirm.get_by_role("button").last.click()
    expect(page.locator("body")).to_contain_text("1 areas added")


def test_the_areas_of_a_country_come_in_and_can_be_asked_for(person: Enter) -> None:
    """The published table of South Sudan: all its areas, once, and a request names one of them."""
    if not TABLE.exists():
        pytest.skip("the sample table of P-codes is not beside the project")
    administrator = person("administrator")
    page = administrator.page
    _choose(administrator, TABLE.read_bytes(), TABLE.name)
    page.locator("form:has([name=kept])").get_by_role("button").last.click()
    expect(page.locator("body")).to_contain_text("areas added")
    _choose(administrator, TABLE.read_bytes(), TABLE.name)
    expect(page.locator("body")).to_contain_text("0 areas would be added, 0 changed")
    requester = person("requester")
    requester.page.goto("/aid-requests/new/")
    requester.fill(title="Clinic in the north", kind="medical", priority=3, scope="organisation")
    requester.press("Save and continue")
    requester.fill(area="Malakal")
    requester.press("Save and close")
    requester.says("Malakal")


def test_nobody_else_sets_the_mission_up(person: Enter) -> None:
    """The set-up pages are not there for those who do not administer."""
    assert person("requester").see("/setup/mission/area/import/") in (403, 404)
