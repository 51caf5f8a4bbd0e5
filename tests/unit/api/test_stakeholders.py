"""Stakeholders by programs: filed whole, registered, their stance said, contacts as far as it lets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from tests.unit.api.conftest import Caller, Town, tag

Call = Callable[[str], Caller]
LIST = "/api/v1/stakeholders/"


def whole() -> dict[str, Any]:
    """A file with contacts, people and a mandate."""
    return {
        "title": "Hope Bridge", "kind": "437", "side": "humanitarian", "area": "SS0101", "sector": "LOG",
        "contacts": [{"function": "Duty officer", "phone": "+211 555 0100", "is_first": True}],
        "people": [{"name": "Ada Deng", "consent": "civilian", "consent_on": str(timezone.localdate())}],
        "mandates": [{"text": "May distribute food", "source": "Registration"}],
    }  # fmt: skip


def registered(call: Call, by: str = "cluster", **more: Any) -> dict[str, Any]:
    filed = call(by).post(LIST, whole() | more)
    assert filed.status_code == 201, filed.content
    done = call(by).post(f"{filed.json()['url']}transitions/register/", {"scope": "mission"})
    assert done.status_code == 200, done.content
    shown: dict[str, Any] = done.json()
    return shown


def test_a_file_is_filed_whole_and_registered(call: Call, town: Town) -> None:
    shown = registered(call)
    assert shown["state"] == "registered"
    person = shown["people"][0]
    assert person["consent_until"] > person["consent_on"], "a year, where no end was said"
    seen = call("requester").get(shown["url"]).json()
    assert seen["contacts"][0]["phone"] == "+211 555 0100"
    assert seen["people"][0]["name"] == "Ada Deng"
    military = call("cimic").get(shown["url"]).json()
    assert military["people"] == []
    assert "sensitivities" not in military


def test_a_stance_is_said_and_contacts_follow_it(call: Call, town: Town) -> None:
    shown = registered(call)
    url = shown["url"]
    assert call("cimic").get(url).json()["contacts"]
    said = call("cmcoord").post(f"{url}transitions/stance/", {"stance": "via_ocha", "note": "Its own wish"})
    assert said.status_code == 200, said.content
    assert call("cimic").get(url).json()["contacts"] == []
    assert call("requester").get(url).json()["contacts"]
    words = call("cimic").get(url).json()["stance_words"]
    assert [(word["stance"], word["reason"]) for word in words] == [("via_ocha", "Its own wish")]


def test_the_unlisted_is_missing(call: Call, town: Town) -> None:
    url = registered(call)["url"]
    call("cmcoord").post(f"{url}transitions/stance/", {"stance": "unlisted", "note": "Its own wish"})
    assert call("cmcoord").get(url).status_code == 200
    for who in ("cimic", "requester", "joc"):
        assert call(who).get(url).status_code == 404
        assert call(who).get(LIST).json()["results"] == []


def test_people_whom_ones_side_does_not_handle_are_not_written(call: Call, town: Town) -> None:
    refused = call("cimic").post(LIST, whole())
    assert refused.status_code == 403
    assert call("cimic").get(LIST).json()["results"] == []


def test_consent_without_a_day_is_refused_by_field(call: Call, town: Town) -> None:
    refused = call("cluster").post(LIST, whole() | {"people": [{"name": "Ada", "consent": "everybody"}]})
    assert refused.status_code == 400
    assert "consent_on" in str(refused.json()["errors"])


def test_a_caveat_above_ones_clearance_is_refused(call: Call, town: Town) -> None:
    caveats = [{"kind": "any", "reason": "Orders", "classification": 2}]
    refused = call("cluster").post(LIST, whole() | {"caveats": caveats})
    assert refused.status_code == 400
    assert "caveats" in refused.json()["errors"]


def test_rows_are_replaced_on_the_version_that_was_read(call: Call, town: Town) -> None:
    shown = registered(call)
    wanted = {"contacts": [{"function": "Night desk"}]}
    changed = call("cluster").patch(shown["url"], wanted, If_Match=tag(shown))
    assert changed.status_code == 200, changed.content
    assert [row["function"] for row in changed.json()["contacts"]] == ["Night desk"]
    stale = call("cluster").patch(shown["url"], {"contacts": []}, If_Match=tag(shown))
    assert stale.status_code == 412
