"""A newcomer to a liaison post finds in five minutes whom to call in a county, what was last agreed, what is open."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.liaison_offices.models import (
    Channel,
    Engagement,
    FollowUp,
    LiaisonOffice,
    Officer,
    Responsibility,
    Shift,
)
from apps.liaison_offices.services import stakeholder_name
from apps.mission.models import Area, Holding
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.stakeholders.models import Contact, Stakeholder
from tests.browser.mission import PASSWORD, Setting
from tests.browser.person import Person

Enter = Callable[..., Person]
MINUTES = 5
AGREED = "The road stays open on Tuesdays and Fridays."
SAID = "The chairman fears the youth of the next village."
OPEN = "Repair the crossing at the third kilometre"


@pytest.fixture(scope="module")
def newcomer(setting: Setting) -> User:
    """Somebody who takes the CIMIC officer's post over today, and what their predecessor left in the portal."""
    before = setting.people["cimic"]
    area = Area.objects.get(mission=setting.mission, pcode="SS0303")
    with acting_as(before, setting.mission) as actor:
        today, position = timezone.localdate(), setting.positions["cimic"]
        elders = Stakeholder(title="Council of Elders", kind="community", side="other", area=area,
                             engagement="Greet the eldest first.", classification=0, sensitivity=0)  # fmt: skip
        record_file(actor, record=elders)
        transition(actor, record=elders, name="register", data={"scope": "mission"})
        Contact.objects.create(stakeholder=elders, function="Chairman", phone="+211 555 0901", is_first=True)
        office = LiaisonOffice(title="Liaison office, Bor", area=area, covers="always", by_day="Come, or call.",
                               scope="mission", classification=0, sensitivity=0)  # fmt: skip
        record_file(actor, record=office)
        Channel.objects.create(office=office, kind="mobile", number="+211 555 0902")
        Officer.objects.create(office=office, position=setting.positions["joc"])
        Responsibility.objects.create(office=office, area=area.parent)
        now = timezone.now()
        Shift.objects.create(
            office=office,
            position=setting.positions["joc"],
            starts=now - timedelta(hours=2),
            ends=now + timedelta(hours=6),
        )
        transition(actor, record=office, name="open")
        met = Engagement(kind="key_leader", title="Opening of the road", area=area, held_on=today - timedelta(days=9),
                         participants="Six elders", said=SAID, agreed=AGREED, scope="mission", classification=0,
                         sensitivity=0)  # fmt: skip
        record_file(actor, record=met)
        stakeholder_name(actor, record=met, stakeholder=elders)
        FollowUp.objects.create(engagement=met, what=OPEN, owner=position, due=today + timedelta(days=5))
        transition(actor, record=met, name="report")
    made = User.objects.create(
        email="newcomer@rivers.invalid", name="Capt. Noor Haddadin", time_zone="Africa/Juba",
        password=Argon2PasswordHasher().encode(PASSWORD, "one salt for all of them"),
    )  # fmt: skip
    Holding.objects.create(person=made, position=setting.positions["cimic"], starts=timezone.now())
    return made


def test_a_newcomer_finds_whom_to_call_what_was_agreed_and_what_is_open(
    person: Enter, newcomer: User
) -> None:
    began, pages = time.monotonic(), 0
    me = person("newcomer", viewport={"width": 360, "height": 740})
    page = me.page

    me.see("/")
    expect(me.desk_entry("Opening of the road")).to_have_count(
        1
    )  # what is open waits for the post, whoever holds it
    pages += 1

    for opened in ("Menu", "Liaison"):
        page.locator(".site-nav summary", has_text=opened).click()
    page.get_by_role("link", name="Whom to call").click()
    page.get_by_label("Area").select_option("SS0303")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**area=SS0303*")
    pages += 2
    me.says("+211 555 0902", "Lt. Col. Anaïs Laurent", "+211 555 0901", "Chairman", AGREED, OPEN)
    expect(page.get_by_text("Nobody is on duty now.")).to_have_count(0)

    page.get_by_role("link", name="Council of Elders").first.click()
    pages += 1
    me.says("Before you call", "Greet the eldest first.", "It may be engaged directly.", AGREED, OPEN)

    page.get_by_role("link", name="Opening of the road").first.click()
    pages += 1
    me.says(SAID, AGREED)  # the post that reported it is theirs now
    assert pages <= 5
    assert time.monotonic() - began < MINUTES * 60


def test_what_was_said_stays_with_those_who_were_there(person: Enter, newcomer: User) -> None:
    other = person("other")
    other.see("/engagements/")
    other.page.get_by_role("link", name="Opening of the road").first.click()
    other.says(AGREED)
    expect(other.page.get_by_text(SAID)).to_have_count(0)
