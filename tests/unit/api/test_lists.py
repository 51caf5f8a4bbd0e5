"""Lists: pages, filters, orders, and what is wrong with an address; structure by code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from apps.api import paging
from apps.pages import listing
from tests.unit.api.conftest import LIST, PROBLEM, Caller

Call = Callable[[str], Caller]


@pytest.fixture
def five(call: Call, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Five drafts of the requester and one of somebody else, in pages of two, in the order of filing."""
    monkeypatch.setattr(listing, "PAGE", 2)
    titles = ["Delta", "Alpha", "Echo", "Bravo", "Charlie"]
    for number, title in enumerate(titles):
        body: dict[str, Any] = {
            "title": title,
            "priority": number % 3 + 1,
            "area": "SS0101" if number % 2 else "SS0102",
        }
        if number < 3:
            body["needed_by"] = f"2031-01-0{number + 1}T00:00:00Z"
        assert call("requester").post(LIST, body).status_code == 201
    call("other_requester").post(LIST, {"title": "Hidden", "priority": 1})
    return titles


def walked(me: Caller, path: str) -> list[list[str]]:
    """All pages by “next”, and back again by “previous” to the same ones."""
    pages, back = [], []
    at: str | None = path
    while at:
        answer = me.get(at)
        assert answer.status_code == 200, answer.content
        pages.append([row["title"] for row in answer.json()["results"]])
        last, at = at, answer.json()["next"]
    at = last
    while at:
        answer = me.get(at)
        back.append([row["title"] for row in answer.json()["results"]])
        at = answer.json()["previous"]
    assert back[::-1] == pages
    return pages


ORDERS = [
    ("", "43210"),
    ("?sort=created_at", "01234"),
    ("?sort=title", "13402"),
    ("?sort=-title", "20431"),
    ("?sort=needed_by", "01234"),
    ("?sort=-needed_by", "21043"),
    ("?state=draft", "43210"),
    ("?state=open&sort=title", "13402"),
    ("?mine=true", "43210"),
    ("?area=SS0101", "31"),
    ("?area=SS01", "43210"),
    ("?priority=1&priority=2", "4310"),
    ("?needed_by_from=2031-01-02", "21"),
    ("?needed_by_from=2031-01-02&needed_by_to=2031-01-02", "1"),
    ("?q=alph", "1"),
    ("?state=withdrawn", ""),
]


def test_orders_and_filters(call: Call, five: list[str]) -> None:
    for query, order in ORDERS:
        shown = [title for page in walked(call("requester"), LIST + query) for title in page]
        assert shown == [five[int(n)] for n in order], query


WRONG = [
    ("sort=originator__name", "sort"),
    ("sort=audience", "sort"),
    ("state=nowhere", "state"),
    ("priority=9", "priority"),
    ("area=ZZ", "area"),
    ("needed_by_from=soon", "needed_by_from"),
    ("after=nonsense", "after"),
    ("title__startswith=A", "title__startswith"),
    ("q=%00", "q"),
    ("page=2", "page"),
]


def test_wrong_addresses_are_told(call: Call) -> None:
    for query, name in WRONG:
        refused = call("requester").get(f"{LIST}?{query}")
        assert (refused.status_code, refused["Content-Type"]) == (400, PROBLEM), query
        assert list(refused.json()["errors"]) == [name]


def test_a_cursor_belongs_to_its_order(call: Call, five: list[str]) -> None:
    following = call("requester").get(f"{LIST}?sort=title").json()["next"]
    refused = call("requester").get(following.replace("sort=title", "sort=-title"))
    assert list(refused.json()["errors"]) == ["after"]


def test_structure_in_pages(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    me, at, codes = call("requester"), "/api/v1/areas/", []
    while at:
        page = me.get(at).json()
        codes += [row["pcode"] for row in page["results"]]
        at = page["next"]
    assert codes == ["SS01", "SS0101", "SS0102"]
    found = me.get("/api/v1/areas/?level=2&parent=SS01&q=county 2").json()["results"]
    assert [(row["pcode"], row["parent"]) for row in found] == [("SS0102", "SS01")]
    assert "errors" in me.get("/api/v1/areas/?level=9").json()
    assert "errors" in me.get("/api/v1/positions/?role=BOSS").json()
    assert [row["code"] for row in me.get("/api/v1/terms/?vocabulary=decline_reason").json()["results"]] == [
        "safety"
    ]


def test_compartments_that_are_not_held_are_not_named(call: Call) -> None:
    assert [row["code"] for row in call("requester").get("/api/v1/compartments/").json()["results"]] == [
        "convoys"
    ]
    assert call("administrator").get("/api/v1/compartments/").json()["results"] == []


def test_positions_say_roles_and_no_holders(call: Call) -> None:
    rows = call("requester").get("/api/v1/positions/?role=DEC").json()["results"]
    assert [(row["title"], row["roles"]) for row in rows] == [("DEC of Force Headquarters", ["DEC"])]
    assert set(rows[0]) == {"id", "title", "organisation", "area", "roles"}
