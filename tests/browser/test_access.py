"""Asking for access and being let in for a time; an emergency, its banner on every page, and its review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from apps.aid_requests.models import AidRequest
from apps.mission.models import Holding, Position, PositionRole, SharingProtocol
from apps.mission.vocabulary import Role
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_narrow, grants_of
from apps.records.models import Record
from apps.records.services import record_file
from tests.browser.mission import Setting
from tests.browser.person import Person

Enter = Callable[..., Person]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def secret(setting: Setting) -> AidRequest:
    """A confidential request of one organisation's; its adviser releases, the duty officer may open in an emergency."""
    release = setting.positions["requester"]
    PositionRole.objects.get_or_create(position=release, role=Role.RELEASE)
    Position.objects.filter(pk=setting.positions["joc"].pk).update(breaks_glass=True)
    audit = Position.objects.create(
        mission=setting.mission, title="Auditor", organisation=release.organisation
    )
    PositionRole.objects.create(position=audit, role=Role.AUDITOR)
    Holding.objects.create(
        position=audit, person=setting.people["administrator"], starts=timezone.now() - timedelta(days=1)
    )
    if SharingProtocol.objects.in_force(setting.mission) is None:
        SharingProtocol.objects.create(
            mission=setting.mission, version="access", title="How we share", state="in_force"
        )
    with acting_as(setting.people["requester"], setting.mission) as actor:
        made: AidRequest = record_file(
            actor,
            record=AidRequest(
                title="Convoy by the eastern road", kind="armed_escort", priority=1, classification=1,
                sensitivity=2, scope="private",
            ),
        )  # fmt: skip
    return made


def fit(who: Person, path: str = "") -> None:
    """The page breaks no rule of WCAG 2.2 AA that can be found by machine, and fits a narrow phone."""
    if path:
        assert who.see(path) == 200, path
    results = Axe().run(who.page, options=RULES)
    assert [v["id"] for v in results.response["violations"]] == [], who.page.url
    who.page.set_viewport_size({"width": 320, "height": 700})
    wide = who.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    who.page.set_viewport_size({"width": 1280, "height": 900})
    assert wide <= 0, who.page.url


def test_ask_decide_read_and_end(person: Enter, setting: Setting, secret: AidRequest) -> None:
    """Somebody with a reference asks from the page that finds nothing; the owner lets them in; the time ends."""
    asker, owner = person("other"), person("requester")
    assert asker.see(f"/r/{secret.reference}/") == 404
    asker.press("Have a reference? Ask for access")
    expect(asker.field("reference")).to_have_value(secret.reference)
    expect(asker.field("until")).to_be_hidden()
    asker.press("Ask for access")
    asker.says("There is a problem")
    asker.fill(wanted="full", purpose="Our trucks take the same road on Thursday.", period="7")
    fit(asker)
    asker.press("Ask for access")
    asker.says("Your request was passed on.", "Passed on")
    fit(asker)
    asked = asker.page.url
    entry = owner.desk_entry("Convoy by the eastern road")
    expect(entry.first).to_contain_text("Decide on a request for access: David Moreau")
    owner.page.locator('.work a.title[href*="/access/requests/"]').first.click()
    owner.says("David Moreau", "Our trucks take the same road on Thursday.", "There is no releasable summary")
    fit(owner)
    owner.fill(given="refuse")
    expect(owner.field("remark")).to_be_visible()
    expect(owner.field("answer")).to_be_hidden()
    owner.fill(given="full", answer="Speak to Amina before you leave.")
    owner.press("Decide")
    owner.says("Your decision is in force.")
    asker.page.goto(asked)
    asker.says("Given", "Speak to Amina before you leave.")
    asker.press(f"Open {secret.reference}")
    asker.says("Convoy by the eastern road")
    record = asker.page.url
    with acting_as(setting.people["requester"], setting.mission) as actor:
        now = Record.objects.get(pk=secret.pk)
        (given,) = grants_of(now)
        grant_narrow(actor, record=now, key=given.key, until=timezone.now() + timedelta(seconds=3))
    asker.page.wait_for_timeout(4000)
    assert asker.see(record) == 404
    asker.page.goto(asked)
    asker.says("is no longer open to you.")
    fit(asker, "/access/")


def test_emergency_banner_and_review(person: Enter, secret: AidRequest) -> None:
    """The duty officer opens a record and sees that it is so; the originator reviews; then a next one is possible."""
    officer, owner = person("joc"), person("requester")
    officer.page.goto("/")
    officer.press("Emergency access")
    officer.says("What happens", "The originator and its release authority are told at once")
    fit(officer)
    officer.fill(
        reference=secret.reference, reason="The convoy is under fire and nobody answers.", minutes="60"
    )
    officer.press("Open the record")
    officer.says("Open to you by emergency access", "Convoy by the eastern road")
    fit(officer)
    officer.see("/access/emergency/")
    officer.says("has not been reviewed yet")
    expect(officer.field("reason")).to_have_count(0)
    fit(officer)
    owner.page.goto("/")
    owner.page.locator('.work a.title[href*="/access/emergency/"]').first.click()
    owner.says(
        "Anaïs Laurent", "The convoy is under fire and nobody answers.", "What they read in that time", "page"
    )
    fit(owner)
    owner.fill(justified="yes", note="Lives were at stake.")
    owner.press("Close the review")
    owner.says("The review is closed.", "Justified")
    officer.see("/access/emergency/")
    officer.says("Lives were at stake.")
    expect(officer.field("reason")).to_be_visible()


def test_the_audit_and_the_protocol_are_fit_for_everybody(person: Enter, secret: AidRequest) -> None:
    """The auditor's pages tell who and how, and never what; the protocol is everybody's."""
    auditor = person("administrator")
    for part in ("", "emergencies/", "requests/", f"chains/?reference={secret.reference}"):
        fit(auditor, f"/audit/{part}")
        expect(auditor.page.locator("#main")).not_to_contain_text("Convoy by the eastern road")
    auditor.says("are whole.")
    fit(person("other"), "/protocol/")
