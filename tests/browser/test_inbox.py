"""The inbox by keyboard and without a script: told, opened, marked, muted; emergencies; fit for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.aid_requests.models import AidRequest
from apps.need_to_know.acting import acting_as
from apps.notifications import herald
from apps.notifications.herald import Told
from apps.notifications.models import Notification, Preference
from apps.notifications.relay import relay_drain
from apps.notifications.unsubscribing import unsubscribe_url
from apps.notifications.vocabulary import Reason
from apps.records.events import publish
from apps.records.services import comment_add, record_file
from tests.browser.mission import Setting
from tests.browser.person import Person
from tests.browser.test_access import fit

Enter = Callable[..., Person]
INBOX, PREFERENCES = "/notifications/?tab=all", "/notifications/preferences/"
TITLE = "Water treatment units to the eastern camp"


@pytest.fixture(scope="module")
def record(setting: Setting) -> AidRequest:
    """A request that the whole mission reads."""
    with acting_as(setting.people["requester"], setting.mission) as actor:
        made: AidRequest = record_file(
            actor, record=AidRequest(title=TITLE, kind="lift", priority=1, scope="mission")
        )
    return made


@pytest.fixture(autouse=True)
def nothing_waits(setting: Setting, record: AidRequest) -> Iterator[None]:
    """What other journeys have left in the outbox is told first, and read."""
    relay_drain()
    for part in set(setting.people) - {"administrator"}:
        with acting_as(setting.people[part], setting.mission):
            Notification.objects.filter(read_at=None).update(read_at=timezone.now())
    yield
    relay_drain()


def tell(setting: Setting, record: AidRequest, part: str, *reasons: Reason) -> None:
    """Tell somebody of as many comments as there are reasons."""
    for reason in reasons:
        with acting_as(setting.people["requester"], setting.mission):
            publish(record, "aid_request.comment")
        with herald.taking() as found:
            assert found
            herald.tell([Told(setting.people[part].pk, reason)])


def test_told_opened_and_read_by_keyboard(person: Enter, setting: Setting, record: AidRequest) -> None:
    """From the number at the bell to the record, without a mouse; then nothing is unread."""
    who = person("cimic")
    page = who.page
    tell(setting, record, "cimic", Reason.PART, Reason.PART)
    page.goto("/")
    mark = page.locator("#mark-bell")
    expect(mark).to_contain_text("2 unread")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
    expect(page.locator(".tabs [aria-current=page]")).to_contain_text("Unread (2")
    row = page.locator(".told").first
    expect(row).to_contain_text("Amina Okello commented")
    expect(row).to_contain_text("You take part in it.")
    fit(who)
    row.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.goto("/notifications/")
    who.says("Nothing is unread", "What you are told comes here until you open it.")
    expect(mark).to_contain_text("0 unread")
    fit(who)


def test_marking_takes_no_page_and_keeps_ones_place(
    person: Enter, setting: Setting, record: AidRequest
) -> None:
    """A row is marked where it stands; the number at the bell follows, and the keyboard stays at the row."""
    who = person("security")
    tell(setting, record, "security", Reason.PART, Reason.MENTION, Reason.FOLLOW)
    who.page.goto(INBOX)
    first = who.page.locator(".told").first
    first.get_by_role("button", name="Mark as read").focus()
    who.page.keyboard.press("Enter")
    expect(first.get_by_role("button")).to_have_count(0)
    expect(first.get_by_role("link")).to_be_focused()
    expect(who.page.locator("#mark-bell")).to_contain_text("2 unread")
    who.press("Mark all as read")
    expect(who.page.locator("#mark-bell")).to_contain_text("0 unread")
    expect(who.page.locator(".told .badge", has_text="Unread")).to_have_count(0)


def test_it_works_without_a_script(person: Enter, setting: Setting, record: AidRequest) -> None:
    tell(setting, record, "joc", Reason.PART)
    signed_in = person("joc")
    plain = person("joc", java_script_enabled=False)
    assert signed_in.part == plain.part
    assert plain.see("/notifications/") == 200
    plain.page.get_by_role("button", name="Mark as read").first.click()
    plain.says("Nothing is unread")


def test_an_emergency_stands_above_every_page_until_it_is_opened(
    person: Enter, setting: Setting, record: AidRequest
) -> None:
    who = person("decider")
    tell(setting, record, "decider", Reason.EMERGENCY)
    for path in ("/", "/aid-requests/", PREFERENCES):
        who.page.goto(path)
        expect(who.page.locator("#alerts")).to_contain_text("Emergency")
    fit(who)
    who.press("Read and acknowledge")
    expect(who.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(who.page.locator("#alerts .notice")).to_have_count(0)


def test_a_comment_draws_attention_and_is_found_among_the_mentions(
    person: Enter, setting: Setting, record: AidRequest
) -> None:
    with acting_as(setting.people["cmcoord"], setting.mission) as actor:
        comment_add(actor, record=record, text="Which road do you take?")
    relay_drain()
    asker, asked = person("requester"), person("cmcoord")
    asker.see(f"/aid-requests/{record.uuid}/")
    expect(asker.field("mentions").first).to_be_hidden()
    asker.page.locator("details.attention summary").focus()
    asker.page.keyboard.press("Enter")
    fit(asker)
    asker.fill(text="By the eastern road, on Thursday.")
    asker.page.get_by_label("CMCoord officer, Humanitarian Office").check()
    asker.press("Add the comment")
    asker.says("for the attention of CMCoord officer, Humanitarian Office")
    relay_drain()
    asked.page.goto("/notifications/?tab=mentions")
    asked.says("Amina Okello asks for your attention in a comment", TITLE)
    fit(asked)


def test_following_and_muting(person: Enter, setting: Setting, record: AidRequest) -> None:
    who = person("other")
    who.see(f"/aid-requests/{record.uuid}/")
    who.press("Follow or mute")
    fit(who)
    who.page.get_by_role("button", name="Follow – Its type").click()
    who.says("You follow it.", "Followed")
    who.page.get_by_role("button", name="Mute – This record").click()
    who.says("You have muted it.", "Muted")
    fit(who)
    who.press("All that I follow or mute")
    who.says("A type of record", TITLE)
    fit(who)
    who.page.get_by_role("button", name="Mute no more").click()
    who.page.get_by_role("button", name="Follow no more").click()
    who.says("You follow nothing and mute nothing.")


def test_how_one_is_told(person: Enter, setting: Setting) -> None:
    """What is wrong is said at its field; what is right is kept; a link in a digest stops it without signing in."""
    who = person("unit")
    who.see(PREFERENCES)
    fit(who)
    who.fill(quiet_from="22:00", part="weekly")
    who.press("Save")
    who.says("There is a problem", "Say both from when and until when.")
    fit(who)
    who.fill(quiet_until="05:30")
    who.press("Save")
    who.says("Your choice is in force.")
    expect(who.field("part")).to_have_value("weekly")
    anybody = person("nobody")
    path = "/" + unsubscribe_url(setting.people["unit"].pk, "weekly").split("://")[1].partition("/")[2]
    assert anybody.see(path) == 200
    fit(anybody)
    anybody.press("Stop these digests")
    anybody.says("no more of these digests are sent")
    fit(anybody)
    assert Preference.objects.get(person=setting.people["unit"]).part == "inbox"
    Preference.objects.all().delete()


def test_the_operators_page(person: Enter) -> None:
    fit(person("administrator"), "/operations/")
    assert person("requester").see("/operations/") == 404
