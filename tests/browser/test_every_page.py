"""Every page of the journey: WCAG 2.2 AA, no sideways scrolling, light and dark, left to right and right to left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from apps.aid_requests.models import AidRequest
from apps.need_to_know.acting import acting_as
from apps.records.services import comment_add, record_file
from tests.browser.mission import Setting
from tests.browser.person import Person

Enter = Callable[..., Person]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = (320, 360, 1280)
PAGES = (
    "/", "/aid-requests/", "/aid-requests/?state=declined", "/aid-requests/new/", "{url}", "{url}edit/need/",
    "{url}edit/place/", "{url}edit/cargo/", "{url}edit/last_resort/", "{url}edit/escort/", "{url}edit/contact/",
    "{url}edit/label/", "{url}history/", "{url}share/", "{url}print/", "{url}decision-sheet/",
    "{url}transitions/withdraw/", "{url}transitions/submit/", "/accounts/", "/accounts/password/change/",
    "/notifications/?tab=all", "/notifications/preferences/", "/notifications/calendars/", "{follow}",
    "/views/aid-requests/new/?state=draft", "/search/?q=road", "/search/?q=RFA-2026-00000", "/nowhere/",
)  # fmt: skip


@pytest.fixture(scope="module")
def url(setting: Setting) -> str:
    """A draft with something in it; its address."""
    with acting_as(setting.people["requester"], setting.mission) as actor:
        record = record_file(
            actor,
            record=AidRequest(
                title="Escort of medical supplies to Bor by the eastern road",
                kind="armed_escort",
                priority=1,
                need_statement="Averyveryverylongwordthatnobodywouldeverwritebutsomebodyalwaysdoesatlastonce.",
                classification=1,
            ),
        )
        comment_add(actor, record=record, text="The clinic has stock for four days.")
    return f"/aid-requests/{record.uuid}/"


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark"), ("es", "light")])
def test_every_page_is_fit_for_everybody(person: Enter, url: str, language: str, scheme: str) -> None:
    """No violation that axe can find, and no page wider than its window."""
    who = person("requester", color_scheme=scheme)
    page = who.page
    page.goto("/")
    page.locator("summary", has_text="Language").or_(page.locator('form[action$="/language/"]')).first.click()
    page.locator(f'button[name=language][value="{language}"]').click()
    page.wait_for_load_state()
    try:
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        found = [
            problem
            for path in PAGES
            for problem in problems_of(
                who, path.format(url=url, follow=url.replace("aid-requests", "notifications/follow"))
            )
        ]
        who.context.clear_cookies()
        found += problems_of(who, "/accounts/login/")
    finally:
        _english(who)
    assert found == []


def problems_of(who: Person, path: str) -> list[str]:
    """What is wrong with a page: rules broken that axe finds, and windows for which it is too wide."""
    status = who.see(path)
    assert status == (404 if path == "/nowhere/" else 200), (path, status)
    found = []
    for width in WIDTHS:
        who.page.set_viewport_size({"width": width, "height": 900})
        wide: Any = who.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            found.append(f"{path} is {wide} px too wide at {width} px")
    results = Axe().run(who.page, options=RULES)
    for violation in results.response["violations"]:
        nodes = [node["html"][:160] for node in violation["nodes"][:3]]
        found.append(f"{path}: {violation['id']} – {violation['help']}: {nodes}")
    return found


def _english(who: Person) -> None:
    from apps.accounts.models import User

    User.objects.filter(email=f"{who.part}@rivers.invalid").update(language="en")
