"""Versions of a plan by programs: as they were, as far as their reader would have read them, and what changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from apps.joint_plans.models import Activity, Part
from apps.joint_plans.vocabulary import PartKind
from tests.factories.plans import (
    activity_make,
    answer,
    circulated,
    of_every_kind,
    part_make,
    plan_file,
    take,
)
from tests.factories.staff import Staff
from tests.unit.joint_plans.conftest import Call


def url(plan: Any, rest: str = "") -> str:
    return f"/api/v1/joint-plans/{plan.uuid}/versions/{rest}"


def changed(staff: Staff) -> Any:
    """A plan in its second version: an activity renamed and narrowed, another added, one for planners."""
    plan = plan_file(staff)
    with staff.acting("cim"):
        part_make(staff, plan, PartKind.ANNEX, title="For planners", opens_to="planners")
        activity_make(staff, plan, title="Stays")
    plan = take(staff, plan, "cim", "circulate")
    answer(staff, plan, "req", "comment", "Only by day")
    with staff.acting("cim"):
        first = Activity.objects.filter(of_plan=plan).order_by("pk")[0]
        first.title, first.needs = "Renamed", "Two graders"
        first.save()
        activity_make(staff, plan, title="Added")
    return take(staff, plan, "cim", "circulate_again", changes="One more")


def test_versions_are_listed_with_what_was_said_of_each(staff: Staff, call: Call) -> None:
    plan = changed(staff)
    said = call("req").get(url(plan)).json()
    assert [row["number"] for row in said["results"]] == [1, 2]
    first, second = said["results"]
    assert [(row["answer"], row["comment"]) for row in first["answers"]] == [("comment", "Only by day")]
    assert first["answers"][0]["organisation"] == str(staff.organisations["ngo"].uuid)
    assert (second["note"], second["answers"], second["url"]) == ("One more", [], url(plan, "2/"))
    assert second["position"] == str(staff.positions["cim"].uuid)


def test_versions_come_by_pages(staff: Staff, call: Call, monkeypatch: Any) -> None:
    """Each with the answers to it, and no version twice."""
    plan = changed(staff)
    with staff.acting("cim"):
        activity_make(staff, plan, title="Added later")
    plan = take(staff, plan, "cim", "circulate_again", changes="And another")
    whole = call("req").get(url(plan)).json()["results"]
    monkeypatch.setattr("apps.api.paging.PAGE", 1)
    seen: list[Any] = []
    address = url(plan)
    while address:
        page = call("req").get(address).json()
        assert len(page["results"]) == 1
        assert bool(page["previous"]) == (len(seen) > 0)
        seen += page["results"]
        address = page["next"]
    assert seen == whole
    assert [row["number"] for row in seen] == [1, 2, 3]
    assert [len(row["answers"]) for row in seen] == [1, 0, 0]


@pytest.mark.parametrize("wrong", ["no=1", "after=x", "after=%00"])
def test_what_the_address_of_the_list_says_wrong_is_named(staff: Staff, call: Call, wrong: str) -> None:
    refused = call("req").get(url(circulated(staff), f"?{wrong}"))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [wrong.split("=")[0]])


def test_a_version_is_read_as_it_was(staff: Staff, call: Call) -> None:
    plan = changed(staff)
    one = call("req").get(url(plan, "1/")).json()
    two = call("req").get(url(plan, "2/")).json()
    titles = [
        {row["title"] for row in version["parts"] if row["kind"] == "activity"} for version in (one, two)
    ]
    assert "Renamed" not in titles[0]
    assert titles[1] == {"Renamed", "Stays", "Added"}
    assert (one["plan"]["title"], one["plan"]["area"]) == (plan.title, staff.area.pcode)
    was = next(row for row in two["parts"] if row["title"] == "Renamed")
    now = call("req").get(f"/api/v1/joint-plans/{plan.uuid}/parts/{was['id']}/").json()
    assert was == {name: now[name] for name in was}


def test_every_kind_is_in_a_version(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    made = of_every_kind(staff, plan)
    take(staff, plan, "cim", "circulate")
    cim = call("cim")
    said = {row["id"]: row for row in cim.get(url(plan, "1/")).json()["parts"]}
    for part in made.values():
        now = cim.get(f"/api/v1/joint-plans/{plan.uuid}/parts/{part.uuid}/").json()
        was = said[str(part.uuid)]
        assert was == {name: now[name] for name in was}


def test_what_one_would_not_have_read_is_in_no_version(staff: Staff, call: Call) -> None:
    plan = changed(staff)
    for number, mine in ((1, 4), (2, 5)):
        assert len(call("cim").get(url(plan, f"{number}/")).json()["parts"]) == mine
        assert len(call("req").get(url(plan, f"{number}/")).json()["parts"]) == mine - 1
        assert b"For planners" not in call("req").get(url(plan, f"{number}/")).content
    with staff.acting("cim"):
        Part.objects.filter(plan=plan, title="Stays").update(opens_to="planners")
    assert b"Stays" not in call("req").get(url(plan, "1/")).content
    assert b"Stays" in call("cim").get(url(plan, "1/")).content


def test_what_changed_is_told_in_words(staff: Staff, call: Call) -> None:
    plan = changed(staff)
    said = call("req").get(url(plan, "2/difference/")).json()
    assert (said["older"], said["newer"], said["plan"]) == (1, 2, [])
    assert {row["title"]: row["how"] for row in said["parts"]} == {"Renamed": "changed", "Added": "added"}
    fields = next(row["fields"] for row in said["parts"] if row["how"] == "changed")
    assert {row["label"]: row["after"] for row in fields} == {
        "Title": "Renamed",
        "What it takes": "Two graders",
    }
    assert call("req").get(url(plan, "2/difference/?from=2")).json()["parts"] == []
    assert call("req").get(url(plan, "1/difference/")).json()["parts"] == []


@pytest.mark.parametrize("wrong", ["from=7", "from=x", "from=", "from=99999999999", "no=1"])
def test_what_the_address_says_wrong_is_named(staff: Staff, call: Call, wrong: str) -> None:
    refused = call("req").get(url(changed(staff), f"2/difference/?{wrong}"))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [wrong.split("=")[0]])


@pytest.mark.parametrize("rest", ["7/", "7/difference/", "99999999999999999999/", "0/"])
def test_a_version_that_is_none_is_missing(staff: Staff, call: Call, rest: str) -> None:
    plan = circulated(staff)
    assert call("req").get(url(plan, rest)).status_code == 404
    for path in (url(plan), url(plan, "1/"), url(plan, "1/difference/")):
        hidden = call("req_elsewhere").get(path)
        assert (hidden.status_code, hidden.json()) == (404, call("req").get(url(plan, "7/")).json())


def test_queries_do_not_grow_with_parts_or_versions(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    of_every_kind(staff, plan)
    plan = take(staff, plan, "cim", "circulate")
    cim = call("cim")

    def counted(path: str) -> int:
        cim.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert cim.get(path).status_code == 200
        return len(captured.captured_queries)

    few = [counted(url(plan, rest)) for rest in ("", "1/")]
    for _ in range(2):
        of_every_kind(staff, plan)
    plan = take(staff, plan, "cim", "circulate_again", changes="More")
    assert [counted(url(plan, rest)) for rest in ("", "2/")] == few


def test_answers_have_the_shapes_that_the_document_says(staff: Staff, call: Call) -> None:
    """Of parts of every kind, in a list and alone, of versions and of what changed."""
    cim = call("cim")
    document = cim.get("/api/v1/schema/").json()
    plan = plan_file(staff)
    made = of_every_kind(staff, plan)
    plan = take(staff, plan, "cim", "circulate")
    answer(staff, plan, "req", "comment", "Only by day")
    parts = f"/api/v1/joint-plans/{plan.uuid}/parts/"
    asked = {
        "parts/": [parts], "parts/{item}/": [f"{parts}{part.uuid}/" for part in made.values()],
        "parts/{item}/readings/": [f"{parts}{made['indicator'].uuid}/readings/"],
        "versions/": [url(plan)], "versions/{number}/": [url(plan, "1/")],
        "versions/{number}/difference/": [url(plan, "1/difference/")],
    }  # fmt: skip
    for path, addresses in asked.items():
        operation = document["paths"][f"/api/v1/joint-plans/{{uuid}}/{path}"]["get"]
        shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
        holds = Draft202012Validator({**shape, "components": document["components"]})
        for address in addresses:
            wrong = [f"{e.json_path}: {e.message}" for e in holds.iter_errors(cim.get(address).json())]
            assert wrong == [], address
