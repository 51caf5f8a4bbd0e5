"""What a push message says, to whom, by then; and the devices of a person."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.mission.models import Holding
from apps.mission.vocabulary import Classification
from apps.need_to_know.models import ReadLog
from apps.notifications import push
from apps.notifications.devices import DEVICES_MOST, device_add, device_name
from apps.notifications.models import PushDevice
from apps.notifications.relay import relay_drain
from tests.factories.aid_requests import request_file, take
from tests.factories.browsers import Browser
from tests.factories.staff import Staff, staff_make
from tests.unit.notifications.conftest import Signed, told

MISSING = "7d6c8a52-0000-4000-8000-000000000001"


@pytest.fixture
def browser() -> Browser:
    return Browser()


def needed(staff: Staff) -> Any:
    """A request that waits for the cluster coordinator, told."""
    request = take(staff, request_file(staff), "req", "submit")
    relay_drain()
    return request


def text(client: Client, uuid: Any, **headers: str) -> dict[str, Any]:
    """What the browser of that person is told."""
    answer = client.get(reverse("notifications:push-text", args=[uuid]), headers=headers)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    said: dict[str, Any] = answer.json()
    assert said.pop("tag") == str(uuid)
    return said


def test_the_text_is_its_persons_alone_and_as_of_now(staff: Staff, signed: Signed) -> None:
    request = needed(staff)
    (notification,) = told(staff, "clu")
    said = text(signed("clu"), notification.uuid)
    assert said["found"]
    assert request.reference in said["body"]
    assert request.title in said["body"]
    assert said["url"] == reverse("notifications:open", args=[notification.uuid])
    nothing = text(signed("clu"), MISSING)
    assert text(signed("dec"), notification.uuid) == nothing
    assert text(signed("req"), notification.uuid) == nothing
    assert text(Client(), notification.uuid) == nothing
    assert request.reference not in str(nothing)
    Holding.objects.filter(person=staff.people["clu"]).update(position=staff.positions["req_elsewhere"])
    try:
        assert text(signed("clu"), notification.uuid) == nothing
    finally:
        Holding.objects.filter(person=staff.people["clu"]).update(position=staff.positions["clu"])


def test_of_what_is_restricted_the_reference_alone(staff: Staff, signed: Signed) -> None:
    staff.positions["clu"].clearance = staff.positions["req"].clearance = Classification.CONFIDENTIAL
    staff.positions["clu"].save()
    staff.positions["req"].save()
    request = take(staff, request_file(staff, classification=Classification.CONFIDENTIAL), "req", "submit")
    relay_drain()
    (notification,) = told(staff, "clu")
    with staff.acting("aud"):
        logged = ReadLog.objects.count()
    said = text(signed("clu"), notification.uuid)
    assert said["title"] == request.reference
    assert request.title not in str(said)
    assert "Holder" not in str(said)
    with staff.acting("aud"):
        assert ReadLog.objects.count() == logged, "a reference is no reading"


def test_somebody_in_two_missions_hears_of_both(staff: Staff, signed: Signed) -> None:
    other = staff_make("before")
    other.people["clu"] = staff.people["clu"]
    Holding.objects.filter(position=other.positions["clu"]).update(person=staff.people["clu"])
    needed(other)
    (notification,) = told(other, "clu")
    client = signed("clu")
    session = client.session
    session["mission"] = staff.mission.code
    session.save()
    said = text(client, notification.uuid)
    assert (said["found"], said["elsewhere"]) == (False, ["before"])
    there = text(client, notification.uuid, **{"X-Mission": "before"})
    assert there["found"]
    assert there["url"] == reverse("desk:mission", args=["before"])
    assert text(client, MISSING, **{"X-Mission": "before"})["elsewhere"] == []


def test_a_device_is_added_listed_and_removed(
    staff: Staff, signed: Signed, browser: Browser, settings: Any
) -> None:
    client, page = signed("clu"), reverse("notifications:preferences")
    agent = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    )
    given = browser.given("https://push.example.net/send/abc")
    assert (
        client.post(reverse("notifications:push-add"), given, headers={"User-Agent": agent}).status_code
        == 204
    )
    (device,) = PushDevice.objects.all()
    assert (device.person, device.name) == (staff.people["clu"], "Chrome on Linux")
    shown = client.get(page).content.decode()
    assert "Chrome on Linux" in shown
    assert push.public_key() in shown
    assert device.endpoint not in shown
    remove = reverse("notifications:push-remove", args=[device.uuid])
    assert signed("dec").post(remove).status_code == 404
    assert client.get(remove).status_code == 405
    assert client.post(remove)["Location"] == page
    assert not PushDevice.objects.exists()
    assert client.post(remove).status_code == 404
    settings.VAPID_PRIVATE_KEY = ""
    assert "data-push" not in client.get(page).content.decode()


def test_a_device_passes_to_whoever_subscribes_it(staff: Staff, browser: Browser) -> None:
    given = browser.given("https://push.example.net/send/abc")
    for name in ("clu", "dec", "clu"):
        with staff.acting(name) as actor:
            device_add(actor, **given)
        assert PushDevice.objects.get().person == staff.people[name]


def test_the_newest_devices_are_kept(staff: Staff, browser: Browser) -> None:
    for number in range(DEVICES_MOST + 3):
        with staff.acting("clu") as actor:
            device_add(actor, **browser.given(f"https://push.example.net/send/{number}"))
    assert {d.endpoint[-1] for d in PushDevice.objects.all()} == {"3", "4", "5", "6", "7"}


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://push.example.net/x"}, {"endpoint": "https://push.example.net:22/x"},
        {"endpoint": "https://user@push.example.net/"}, {"endpoint": "https://push.example.net/" + "x" * 1000},
        {"endpoint": ""}, {"endpoint": "javascript:alert(1)"}, {"key": ""}, {"key": "AAAA"}, {"secret": "AAAA"},
        {"secret": "é"}, {"key": "B" + "A" * 86},
    ],
)  # fmt: skip
def test_what_no_browser_would_give(
    staff: Staff, signed: Signed, browser: Browser, change: dict[str, str]
) -> None:
    given = browser.given("https://push.example.net/send/abc") | change
    with staff.acting("clu") as actor, pytest.raises(ValidationError):
        device_add(actor, **given)
    assert signed("clu").post(reverse("notifications:push-add"), given).status_code == 422
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "Firefox on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari on iPhone"),
        ("curl", "Unknown browser"),
    ],
)  # fmt: skip
def test_names_of_devices(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_the_worker_speaks_the_persons_language_and_is_not_kept(staff: Staff, signed: Signed) -> None:
    for client in (Client(), signed("clu")):
        answer = client.get("/sw.js")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/javascript")
        assert answer["Cache-Control"] == "no-cache"
        assert "There is something new" in answer.content.decode()
        assert "{{" not in answer.content.decode()
        assert "{%" not in answer.content.decode()
