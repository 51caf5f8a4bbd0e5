"""The API of notifications: one's own, what is hidden, how one is told, what one follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of
from apps.notifications import herald
from apps.notifications.herald import Told
from apps.notifications.vocabulary import Reason
from apps.records.events import publish
from apps.records.models import Record
from tests.unit.api.conftest import Caller, Town

Call = Callable[[str], Caller]
ALL, PREFERENCES, FOLLOWED = (
    "/api/v1/notifications/",
    "/api/v1/notifications/preferences/",
    "/api/v1/subscriptions/",
)
NOBODY = "7d6c8a52-0000-4000-8000-000000000001"
HIDDEN = {"id", "at", "read", "available"}


def acting(town: Town, person: str) -> Any:
    """acting_as() that person."""
    return acting_as(town.people[person], town.mission)


def tell(town: Town, record: dict[str, Any], person: str, *reasons: Reason) -> None:
    """Tell somebody of as many events as there are reasons."""
    for reason in reasons:
        with acting(town, "requester"):
            event = publish(Record.objects.get(uuid=record["id"]), "aid_request.comment")
        while True:
            with herald.taking() as found:
                if found is None:
                    break
                told = [Told(town.people[person].pk, reason)] if found[1].event_id == event.pk else []
                herald.tell(told)


@pytest.fixture
def lent(draft: dict[str, Any], town: Town) -> dict[str, Any]:
    """The requester's draft, open to the security adviser for a time."""
    with acting(town, "requester") as actor:
        grant_give(
            actor, record=Record.objects.get(uuid=draft["id"]), to=town.people["security"], reason="advice",
            until=timezone.now() + timedelta(days=2),
        )  # fmt: skip
    return draft


def take_back(town: Town, record: dict[str, Any]) -> None:
    """Close it to the security adviser."""
    with acting(town, "requester") as actor:
        found = Record.objects.get(uuid=record["id"])
        key = next(g.key for g in grants_of(found) if g.to == town.people["security"].name)
        grant_revoke(actor, record=found, key=key)


def results(call: Call, person: str, query: str = "") -> list[dict[str, Any]]:
    """What somebody was told."""
    answer = call(person).get(f"{ALL}{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_one_is_told_what_happened_and_why(call: Call, lent: dict[str, Any], town: Town) -> None:
    tell(town, lent, "security", Reason.MENTION)
    (said,) = results(call, "security")
    assert said["available"] is True
    assert (said["reason"], said["reference"], said["read"]) == ("mention", lent["reference"], False)
    assert said["headline"].startswith("Requester")
    assert said["url"].endswith(f"/{lent['id']}/")
    assert said["state"] == "draft"
    assert results(call, "cimic") == []
    assert call("").get(ALL).status_code == 401
    assert call("nobody").get(ALL).status_code == 403


def test_filters_and_pages(call: Call, lent: dict[str, Any], town: Town) -> None:
    tell(town, lent, "security", *[Reason.PART] * 101, Reason.MENTION)
    assert [each["reason"] for each in results(call, "security", "?reason=mention")] == ["mention"]
    first = call("security").get(ALL).json()
    assert len(first["results"]) == 100
    second = call("security").get(first["next"]).json()
    assert len(second["results"]) == 2
    assert second["next"] is None
    assert call("security").post(f"{ALL}{first['results'][0]['id']}/read/").json()["read"] is True
    assert first["results"][0]["id"] not in {n["id"] for n in results(call, "security", "?unread=true")}
    for wrong in ("?unread=yes", "?reason=x", "?x=1", "?after=broken"):
        answer = call("security").get(f"{ALL}{wrong}")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [wrong[1:].partition("=")[0]])


def test_what_is_hidden_by_now_has_a_date_and_nothing_else(
    call: Call, lent: dict[str, Any], town: Town
) -> None:
    tell(town, lent, "security", Reason.NEEDS_ME, Reason.PART)
    take_back(town, lent)
    said = results(call, "security")
    assert [set(each) for each in said] == [HIDDEN, HIDDEN]
    assert {each["available"] for each in said} == {False}
    # What is asked for by its reason tells no reason of it.
    assert [results(call, "security", f"?reason={reason}") for reason in Reason.values] == [[]] * len(Reason)
    answer = call("security").post(f"{ALL}{said[0]['id']}/read/")
    assert (answer.status_code, set(answer.json())) == (200, HIDDEN)
    assert len(results(call, "security", "?unread=true")) == 1


def test_marking_as_read_is_for_ones_own(call: Call, lent: dict[str, Any], town: Town) -> None:
    tell(town, lent, "security", Reason.PART, Reason.PART, Reason.EMERGENCY)
    (uuid, *_rest) = [each["id"] for each in results(call, "security")]
    for path in (f"{ALL}{uuid}/read/", f"{ALL}{NOBODY}/read/"):
        answer = call("cimic").post(path)
        assert (answer.status_code, answer.json()["type"].rpartition("-")[2]) == (404, "missing")
    assert call("cimic").post(f"{ALL}read-all/").json() == {"unread": 0}
    # The emergency stays.
    assert call("security").post(f"{ALL}read-all/").json() == {"unread": 1}
    assert [each["reason"] for each in results(call, "security", "?unread=true")] == ["emergency"]


def test_preferences_are_read_and_changed(call: Call) -> None:
    me = call("requester")
    before = me.get(PREFERENCES).json()
    assert (before["part"], before["in_force"]["part"], before["quiet_from"]) == ("", "at_once", None)
    after = me.patch(PREFERENCES, {"part": "weekly", "quiet_from": "22:00", "quiet_until": "06:00:00"}).json()
    assert (after["part"], after["in_force"]["part"], after["quiet_from"]) == ("weekly", "weekly", "22:00:00")
    assert me.patch(PREFERENCES, {"part": "", "quiet_from": None, "quiet_until": None}).json() == before
    for body, name in (
        ({"needs_me": "inbox"}, "needs_me"), ({"part": "hourly"}, "part"), ({"quiet_from": "22:00"}, "quiet_until"),
        ({"digest_hour": 24}, "digest_hour"), ({"in_force": {}}, "in_force"),
        ({"away_from": "2099-01-02T00:00:00Z", "away_until": "2099-01-01T00:00:00Z"}, "away_until"),
    ):  # fmt: skip
        answer = me.patch(PREFERENCES, body)
        if name == "in_force":
            assert answer.status_code == 200
        else:
            assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
    assert me.get(PREFERENCES).json() == before


def test_following_and_muting(call: Call, draft: dict[str, Any], town: Town) -> None:
    me = call("requester")
    organisation = str(town.positions["cimic"].organisation.uuid)
    for body in (
        {"record": draft["id"]}, {"record_type": "aid_request", "muted": True}, {"area": "SS01"},
        {"organisation": organisation},
    ):  # fmt: skip
        assert me.post(FOLLOWED, body).status_code == 201
    found = me.get(FOLLOWED).json()["results"]
    assert [(each["follows"], each["muted"]) for each in found] == [
        ("organisation", False), ("area", False), ("type", True), ("record", False)
    ]  # fmt: skip
    assert found[3]["record"]["reference"] == draft["reference"]
    assert (found[0]["organisation"], found[1]["area"], found[2]["record_type"]) == (
        organisation,
        "SS01",
        "aid_request",
    )
    assert call("cimic").get(FOLLOWED).json() == {"results": []}
    key = found[3]["id"]
    assert re.fullmatch(r"[0-9a-f]{32}", key)
    assert call("cimic").send("DELETE", f"{FOLLOWED}{key}/").status_code == 404
    left = me.send("DELETE", f"{FOLLOWED}{key}/")
    assert (left.status_code, len(left.json()["results"])) == (200, 3)
    assert me.send("DELETE", f"{FOLLOWED}{key}/").status_code == 404
    assert me.get(f"{FOLLOWED}{key}/").status_code == 405


def test_a_hidden_record_and_a_missing_one_cannot_be_followed_alike(
    call: Call, draft: dict[str, Any]
) -> None:
    answers = [call("cimic").post(FOLLOWED, {"record": uuid}) for uuid in (draft["id"], NOBODY)]
    assert [a.status_code for a in answers] == [400, 400]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]
    for body in (
        {},
        {"area": "SS01", "record_type": "aid_request"},
        {"area": "XX"},
        {"record_type": "x"},
        {"x": 1},
    ):
        assert call("cimic").post(FOLLOWED, body).status_code == 400
    assert call("cimic").get(FOLLOWED).json() == {"results": []}


def test_what_was_followed_and_is_hidden_by_now_is_told_without_a_name(
    call: Call, lent: dict[str, Any], town: Town
) -> None:
    me = call("security")
    assert me.post(FOLLOWED, {"record": lent["id"]}).status_code == 201
    take_back(town, lent)
    (said,) = me.get(FOLLOWED).json()["results"]
    assert (said["available"], said["record"], said["follows"]) == (False, None, "record")
    assert lent["id"] not in str(said)
