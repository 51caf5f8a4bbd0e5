"""Presence by programs: rows of an organisation, the whole list, overlaps and hints, points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.api.conftest import Caller, Town
from tests.unit.api.test_stakeholders import registered

Call = Callable[[str], Caller]
ALL = "/api/v1/presence/"
WELLS = {"activity": "Wells", "sector": "LOG", "area": "SS0101", "status": "ongoing", "start": "2026-01-01"}


def military(call: Call, **more: Any) -> dict[str, Any]:
    """A contingent's file, kept by CIMIC."""
    return registered(
        call, "cimic", side="mission_military", kind="contingent", title="Sappers", people=[], **more
    )


def narrowed(call: Call, by: str, shown: dict[str, Any]) -> None:
    """The keeper lets only its own organisation read it."""
    whole = call(by).get(shown["url"]).json()
    changed = call(by).patch(shown["url"], {"scope": "organisation"}, If_Match=f'"{whole["version"]}"')
    assert changed.status_code == 200, changed.content


def add(call: Call, by: str, shown: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = call(by).post(f"{shown['url']}presence/", WELLS | more)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_a_keeper_adds_changes_and_takes_away(call: Call, town: Town) -> None:
    shown = registered(call)
    made = add(call, "cluster", shown, latitude="9.53456", longitude="31.65987")
    assert (made["stakeholder"]["title"], made["area"], made["role"]) == (
        "Hope Bridge",
        "SS0101",
        "implementing",
    )
    assert made["latitude"] == 9.535, "as the mission shows places"
    row = f"{shown['url']}presence/{made['id']}/"
    assert call("cluster").patch(row, {"activity": "Boreholes"}).json()["activity"] == "Boreholes"
    assert call("requester").get(row).json()["activity"] == "Boreholes"
    for wrong in (
        {"end": "2025-01-01"},
        {"area": "XX"},
        {"latitude": "95", "longitude": "1"},
        {"no_such": 1},
        {"latitude": None},
    ):
        refused = call("cluster").patch(row, wrong)
        assert refused.status_code == 400, wrong
        assert refused.json()["errors"]
    assert call("cluster").send("DELETE", row).status_code == 204
    assert call("cluster").get(row).status_code == 404


def test_others_read_and_do_not_write(call: Call, town: Town) -> None:
    shown = registered(call)
    row = f"{shown['url']}presence/{add(call, 'cluster', shown)['id']}/"
    for method, path in (("POST", f"{shown['url']}presence/"), ("PATCH", row), ("DELETE", row)):
        assert call("cimic").send(method, path, WELLS).status_code == 403
    assert call("cimic").get(row).status_code == 200


def test_what_is_hidden_is_missing_everywhere(call: Call, town: Town) -> None:
    shown = military(call)
    made = add(call, "cimic", shown, latitude="9.5", longitude="31.6")
    narrowed(call, "cimic", shown)
    rows = f"{shown['url']}presence/"
    for method, path in (
        ("GET", rows),
        ("POST", rows),
        ("GET", f"{rows}{made['id']}/"),
        ("DELETE", f"{rows}{made['id']}/"),
    ):
        assert call("requester").send(method, path, WELLS).status_code == 404
    assert call("requester").get(ALL).json()["results"] == []
    assert call("requester").get("/api/v1/presence.geojson").json()["features"] == []
    assert call("cimic").get(ALL).json()["results"][0]["id"] == made["id"]


def test_a_row_is_missing_under_another_record(call: Call, town: Town) -> None:
    one, other = registered(call), registered(call, title="Another House")
    made = add(call, "cluster", one)
    assert call("cluster").get(f"{other['url']}presence/{made['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", 2), ("?side=mission", 1), ("?side=civil", 1), ("?area=SS01", 2), ("?area=SS0102", 0), ("?q=hope", 1),
        ("?since=2999-01-01", 2), ("?until=2001-01-01", 0), ("?status=completed", 0), ("?role=funding", 0),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(call: Call, town: Town, asked: str, found: int) -> None:
    add(call, "cluster", registered(call))
    add(call, "cimic", military(call))
    assert len(call("requester").get(f"{ALL}{asked}").json()["results"]) == found


@pytest.mark.parametrize("wrong", ["no=1", "area=XX", "since=soon", "side=both", "cursor=x", "q=%00"])
def test_what_the_address_says_wrong_is_named(call: Call, town: Town, wrong: str) -> None:
    refused = call("requester").get(f"{ALL}?{wrong}")
    if wrong.startswith("cursor") and refused.status_code == 200:
        pytest.fail("a broken cursor must be refused")
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == [wrong.split("=")[0]]


def test_pages_follow_each_other(call: Call, town: Town, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.api.views.presence.PAGE", 2)
    shown = registered(call)
    made = [add(call, "cluster", shown, activity=f"Work {number}")["activity"] for number in range(5)]
    seen, address = [], ALL
    while address:
        page = call("requester").get(address).json()
        seen += [row["activity"] for row in page["results"]]
        address = page["next"]
    assert seen == made


def test_whoever_reads_both_sees_the_pair(call: Call, town: Town) -> None:
    civil = add(call, "cluster", registered(call))
    theirs = add(call, "cimic", military(call))
    said = call("requester").get(f"{ALL}overlaps/").json()
    assert [(pair["civil"][0]["id"], pair["mission"][0]["id"]) for pair in said["overlaps"]] == [
        (civil["id"], theirs["id"])
    ]
    assert (said["hints"], said["officers"], said["more"]) == ([], [], False)
    assert call("requester").get(f"{ALL}overlaps/?area=SS0102").json()["overlaps"] == []
    assert call("requester").get(f"{ALL}overlaps/?sector=XX").status_code == 400


def test_whoever_sees_one_end_is_told_to_ask(call: Call, town: Town) -> None:
    civil = add(call, "cluster", registered(call))
    hidden = military(call)
    add(call, "cimic", hidden, activity="Sapping")
    narrowed(call, "cimic", hidden)
    answer = call("cluster").get(f"{ALL}overlaps/")
    said = answer.json()
    assert said["overlaps"] == []
    assert [(hint["presence"]["id"], hint["organisations"]) for hint in said["hints"]] == [(civil["id"], [])]
    assert [post["title"] for post in said["officers"]] == ["CMC of Coordination Office"]
    assert b"Sapp" not in answer.content
    assert call("requester").get(f"{ALL}overlaps/").json()["hints"] == []
    assert call("cmcoord").get(f"{ALL}overlaps/").json()["hints"][0]["organisations"] == ["Sappers"]


def test_points_are_geojson_with_their_label(call: Call, town: Town) -> None:
    shown = registered(call)
    add(call, "cluster", shown, latitude="9.53456", longitude="31.65987")
    add(call, "cluster", shown)
    answer = call("requester").get("/api/v1/presence.geojson?sector=LOG")
    assert answer["Content-Type"] == "application/geo+json"
    said = answer.json()
    assert (said["type"], len(said["features"])) == ("FeatureCollection", 1), "a row without a point is none"
    assert said["features"][0]["geometry"] == {"type": "Point", "coordinates": [31.66, 9.535]}
    assert said["label"]
    call("cmcoord").post(f"{shown['url']}transitions/stance/", {"stance": "listed", "note": "Its own wish"})
    assert call("requester").get("/api/v1/presence.geojson").json()["features"] == []
    assert call("requester").get(ALL).json()["results"][0]["stakeholder"]["stance"] == "listed"
