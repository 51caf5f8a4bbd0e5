"""Who does what where, in the browser: a row is added from its organisation's page and a warning follows; every page is
fit for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.mission.models import Area, Sector
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.stakeholders.models import Presence, Stakeholder
from tests.browser.mission import Setting
from tests.browser.person import Person
from tests.browser.test_every_page import problems_of

Enter = Callable[..., Person]
PAGES = (
    "/stakeholders/presence/", "/stakeholders/presence/?area=SS0101&more=1", "/stakeholders/presence/?sector=none",
    "/stakeholders/presence/summary/", "/stakeholders/presence/summary/?level=1", "/stakeholders/overlaps/",
    "{url}", "{url}presence/", "{url}presence/new/", "{url}presence/{row}/",
)  # fmt: skip


def _filed(setting: Setting, part: str, title: str, *, scope: str = "mission", **more: Any) -> Stakeholder:
    with acting_as(setting.people[part], setting.mission) as actor:
        filed = record_file(
            actor,
            record=Stakeholder(title=title, classification=0, sensitivity=0, **more),
        )
        transition(actor, record=filed, name="register", data={"scope": scope})
        today = timezone.localdate()
        for number in range(3):
            Presence.objects.create(
                stakeholder=filed, activity=f"Distribution of food, round {number}",
                area=Area.objects.get(mission=setting.mission, pcode="SS0101"),
                sector=Sector.objects.get(mission=setting.mission, code="FSC"), status="ongoing",
                place="Gumbo", start=today - timedelta(days=20), end=today + timedelta(days=100), targeted=1200,
            )  # fmt: skip
        return filed


@pytest.fixture(scope="module")
def files(setting: Setting) -> dict[str, Stakeholder]:
    """A house of relief, a company that everybody sees, and one that only its own people see."""
    return {
        "relief": _filed(setting, "cluster", "Harvest Relief", side="humanitarian", kind="437"),
        "company": _filed(
            setting, "cimic", "Engineer Company 4", side="mission_military", kind="contingent"
        ),
        "hidden": _filed(
            setting, "cimic", "Signals Section", side="mission_military", kind="contingent",
            scope="organisation",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_every_page_of_presence_is_fit_for_everybody(
    person: Enter, setting: Setting, files: dict[str, Stakeholder], language: str, scheme: str
) -> None:
    from apps.accounts.models import User

    mine = User.objects.filter(email="cluster@rivers.invalid")
    who = person("cluster", color_scheme=scheme)
    with acting_as(setting.people["cluster"], setting.mission):
        row = Presence.objects.filter(stakeholder=files["relief"]).first()
        assert row is not None
    mine.update(language=language)
    try:
        names = {"url": f"/stakeholders/{files['relief'].uuid}/", "row": row.uuid}
        found = [problem for path in PAGES for problem in problems_of(who, path.format(**names))]
    finally:
        mine.update(language="en")
    assert found == []


def test_a_keeper_adds_an_activity_and_is_told_whom_to_ask(
    person: Enter, files: dict[str, Stakeholder]
) -> None:
    who = person("cluster")
    who.see(f"/stakeholders/{files['relief'].uuid}/presence/")
    who.press("Add an activity")
    who.fill(activity="Cash for work", status="ongoing")
    who.page.locator("[name=area]").select_option(label="Juba (SS0101)")
    who.page.locator("[name=sector]").select_option(label="Food security (FSC)")
    who.press("Save")
    said = who.page.locator("main").inner_text()
    assert "Cash for work" in said
    assert "CMCoord officer" in said
    assert "Signals Section" not in who.page.content()
    assert "Engineer Company 4" in said
