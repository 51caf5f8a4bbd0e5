"""Push messages in a browser: the worker asks the portal what one says, as whoever is signed in, and as of then."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.aid_requests.models import AidRequest
from apps.mission.models import PositionRole
from apps.mission.vocabulary import Role
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of
from apps.notifications.models import Notification, PushDevice
from apps.notifications.relay import relay_drain
from apps.records.services import record_file
from tests.browser.mission import Setting
from tests.browser.person import Person
from tests.factories.browsers import Browser

Enter = Callable[..., Person]
TITLE = "Pontoon for the crossing at Gemmaiza"
GENERIC = "There is something new"
REGISTERED = """async () => {
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  await navigator.serviceWorker.ready;
}"""
SHOWN = """async (tag) => (await (await navigator.serviceWorker.ready).getNotifications({ tag }))
  .map((each) => [each.title, each.body, each.data.url])"""
# A browser's own push service is outside; what it gives a page is played.
PLAYED = """(given) => {
  let known = null;
  const made = () => ({
    endpoint: given.endpoint, options: { applicationServerKey: null },
    unsubscribe: async () => { known = null; return true; },
    toJSON: () => ({ endpoint: given.endpoint, keys: { p256dh: given.key, auth: given.secret } }),
  });
  PushManager.prototype.subscribe = async (options) => { window.subscribedWith = options; return (known = made()); };
  PushManager.prototype.getSubscription = async () => (sessionStorage.getItem("kept") ? (known ??= made()) : known);
}"""


@pytest.fixture(scope="module")
def record(setting: Setting) -> AidRequest:
    """A request of Bridge Relief, whose logistics focal point may share it."""
    PositionRole.objects.get_or_create(position=setting.positions["requester"], role=Role.RELEASE)
    with acting_as(setting.people["requester"], setting.mission) as actor:
        made: AidRequest = record_file(
            actor,
            record=AidRequest(title=TITLE, kind="engineering", priority=2, scope="organisation"),
        )
    return made


def shared(setting: Setting, record: AidRequest) -> Notification:
    """Share the record with somebody of another organisation; what that person is told."""
    until = timezone.now() + timedelta(days=2)
    with acting_as(setting.people["requester"], setting.mission) as actor:
        grant_give(
            actor, record=record, to=setting.positions["other"], reason="They know the river", until=until
        )
    relay_drain()
    with acting_as(setting.people["other"], setting.mission):
        return Notification.objects.filter(record_id=record.pk).latest("id")


def taken_back(setting: Setting, record: AidRequest) -> None:
    with acting_as(setting.people["requester"], setting.mission) as actor:
        grant_revoke(actor, record=record, key=next(iter(grants_of(record))).key)


class Delivery:
    """Hands push messages to the worker, as the browser does when its push service has one."""

    def __init__(self, who: Person) -> None:
        self.who = who
        who.context.grant_permissions(["notifications"], origin=who.address)
        self.page: Page = who.page
        self.page.goto("/notifications/preferences/")
        self.session = who.context.new_cdp_session(self.page)
        self.registrations: list[dict[str, Any]] = []
        self.session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: self.registrations.extend(told["registrations"]),
        )
        self.session.send("ServiceWorker.enable")
        self.page.evaluate(REGISTERED)

    def deliver(self, data: str, tag: str) -> list[str]:
        """Deliver one; title, text and address of what is shown under the tag, once that has changed by it."""
        before = self.page.evaluate(SHOWN, tag)
        registration = next(r for r in self.registrations if r["scopeURL"] == f"{self.who.address}/")
        message = {
            "origin": self.who.address,
            "registrationId": registration["registrationId"],
            "data": data,
        }
        for turn in range(400):
            # WHY: a browser on a busy machine drops what it is given while its worker stops or starts; a push
            # service would keep it. Longer than the worker asks the portal, so that none is handed over twice.
            if turn % 120 == 0:
                self.session.send("ServiceWorker.deliverPushMessage", message)
            shown: list[list[str]] = self.page.evaluate(SHOWN, tag)
            if shown != before and shown:
                assert len(shown) == 1, "one replaces the other"
                return shown[0]
            self.page.wait_for_timeout(100)
        raise AssertionError(f"nothing new is shown: {before}")


def test_a_message_says_what_its_person_may_read_by_then(
    person: Enter, setting: Setting, record: AidRequest
) -> None:
    told = str(shared(setting, record).uuid)
    delivery = Delivery(person("other"))
    payload = json.dumps({"id": told})
    title, body, url = delivery.deliver(payload, told)
    assert "shared it with you" in title
    assert body == f"{record.reference} – {TITLE}"
    assert url == f"/notifications/{told}/open/"

    taken_back(setting, record)
    title, body, url = delivery.deliver(payload, told)
    assert (title, url) == ("CIMIC Portal", "/notifications/")
    assert body.startswith(GENERIC)

    missing = str(uuid4())
    for strange, tag in (
        (json.dumps({"id": missing}), missing),
        ('{"id": "../../"}', "../../"),
        ("no JSON", "portal"),
    ):
        assert delivery.deliver(strange, tag) == [title, body, url], "hidden is as missing"


def test_signed_out_or_offline_a_message_says_nothing(
    person: Enter, setting: Setting, record: AidRequest
) -> None:
    told = str(shared(setting, record).uuid)
    other = person("other")
    delivery = Delivery(other)
    payload = json.dumps({"id": told})
    real = delivery.deliver(payload, told)
    assert record.reference in real[1]
    with other.offline():
        nothing = delivery.deliver(payload, told)
    assert nothing[1].startswith(GENERIC)
    assert delivery.deliver(payload, told) == real
    other.context.clear_cookies()
    assert delivery.deliver(payload, told) == nothing
    taken_back(setting, record)


def test_push_is_turned_on_by_a_press_and_off_again(person: Enter, setting: Setting) -> None:
    """Nothing is asked before the button is pressed; the device stands in the list, and is removed."""
    given = Browser().given("https://push.example.net/send/browser-test")
    who = person("other")
    who.context.grant_permissions(["notifications"], origin=who.address)
    who.page.add_init_script(f"({PLAYED})({json.dumps(given)})")
    who.page.goto("/notifications/preferences/")
    on = who.page.get_by_role("button", name="Turn push messages on here")
    expect(on).to_be_visible()
    assert who.page.evaluate("() => window.subscribedWith") is None
    assert not PushDevice.objects.filter(endpoint=given["endpoint"]).exists()
    who.page.evaluate("() => sessionStorage.setItem('kept', '1')")
    who.page.evaluate("() => { window.before = true; }")
    on.click()
    who.page.wait_for_function("() => !window.before")
    row = who.page.locator("#push li", has_text="on Linux")
    expect(row).to_contain_text("This device")
    expect(on).to_be_hidden()
    device = PushDevice.objects.get(endpoint=given["endpoint"])
    assert device.person == setting.people["other"]
    who.page.evaluate("() => sessionStorage.removeItem('kept')")
    row.get_by_role("button", name="Remove").click()
    expect(on).to_be_visible()
    expect(row).to_have_count(0)
    assert not PushDevice.objects.filter(endpoint=given["endpoint"]).exists()


def test_without_push_in_the_browser_nothing_is_offered(person: Enter) -> None:
    who = person("cimic")
    who.page.add_init_script("delete window.PushManager")
    who.page.goto("/notifications/preferences/")
    expect(who.page.locator("#push")).to_be_hidden()
