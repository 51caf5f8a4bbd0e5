"""Parts of a plan read by programs: as far as each opens, and no further."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from apps.joint_plans.models import Activity, Part, Reading
from apps.joint_plans.vocabulary import PartKind
from apps.pages.listing import PLACE
from tests.factories.plans import (
    activity_make,
    answer,
    circulated,
    of_every_kind,
    part_make,
    plan_file,
    take,
    today,
)
from tests.factories.resources import ask, resource_make
from tests.factories.staff import Staff
from tests.unit.joint_plans.conftest import Call, one, parts_url


def test_a_part_says_all_that_its_kind_says(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    made = of_every_kind(staff, plan)
    cim = call("cim")
    said = {kind: cim.get(one(plan, part)).json() for kind, part in made.items()}
    for kind, part in made.items():
        assert (said[kind]["id"], said[kind]["kind"], said[kind]["url"]) == (
            str(part.uuid),
            kind,
            one(plan, part),
        )
        assert (said[kind]["opens_to"], said[kind]["readers"], said[kind]["classification"]) == ("all", [], 0)
    activity = said["activity"]
    assert (activity["area"], activity["sector"]) == (staff.area.pcode, staff.sector.code)
    assert activity["lead"] == str(staff.organisations["contingent"].uuid)
    assert activity["supports"] == [str(staff.organisations["ngo"].uuid)]
    assert activity["objective"] == said["indicator"]["objective"] == said["objective"]["id"]
    assert (activity["progress"], activity["reported_at"], activity["resources"]) == ("planned", None, [])
    assert said["assumption"]["reference"].startswith("PLN-")
    assert (said["assumption"]["watch"], said["assumption"]["assumed"]) == ("ends", "holds")
    assert said["decision_point"]["decider"] == str(staff.positions["dec"].uuid)
    assert (said["risk"]["likelihood"], said["risk"]["owner"]) == (4, str(staff.positions["cim"].uuid))
    assert (said["indicator"]["target"], said["indicator"]["readings"]) == (300, [])
    assert not {"lead", "readings"} & said["objective"].keys()


def test_a_list_is_read_by_kind_and_by_pages(staff: Staff, call: Call, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.api.paging.PAGE", 3)
    plan = plan_file(staff)
    made = of_every_kind(staff, plan)
    with staff.acting("cim"):
        for _ in range(3):
            activity_make(staff, plan)
        total = Part.objects.filter(plan=plan).count()
    cim = call("cim")
    seen: list[str] = []
    address = parts_url(plan)
    while address:
        page = cim.get(address).json()
        assert address == parts_url(plan) or page["previous"]
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == total
    first = cim.get(parts_url(plan, "?kind=risk")).json()
    assert [row["id"] for row in first["results"]] == [str(made["risk"].uuid)]
    assert first["next"] is first["previous"] is None
    assert "resources" not in cim.get(parts_url(plan, "?kind=activity")).json()["results"][0]


@pytest.mark.parametrize("wrong", ["no=1", "kind=dream", f"{PLACE}=x", "kind=%00"])
def test_what_the_address_says_wrong_is_named(staff: Staff, call: Call, wrong: str) -> None:
    refused = call("cim").get(parts_url(plan_file(staff), f"?{wrong}"))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [wrong.split("=")[0]])


def test_a_page_follows_on_a_row_that_was_taken_out_since(staff: Staff, call: Call, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.api.paging.PAGE", 1)
    plan, cim = plan_file(staff), call("cim")
    page = cim.get(parts_url(plan)).json()
    gone = page["results"][0]
    tag = cim.get(gone["url"])["ETag"]
    assert cim.send("DELETE", gone["url"], If_Match=tag).status_code == 204
    assert len(cim.get(page["next"]).json()["results"]) == 1


def test_a_narrower_part_is_not_there(staff: Staff, call: Call) -> None:
    """Not in the list, not by its id, not counted, and not named by what refers to it."""
    plan = plan_file(staff)
    with staff.acting("cim"):
        hidden = part_make(staff, plan, PartKind.OBJECTIVE, opens_to="planners", title="For planners")
        shut = activity_make(
            staff, plan, opens_to="named", readers=[staff.organisations["contingent"].group_id]
        )
        open_one = activity_make(staff, plan, objective=hidden)
    plan = take(staff, plan, "cim", "circulate")
    for post, seen in (("cim", 5), ("unit", 4), ("req", 3)):
        rows = call(post).get(parts_url(plan)).json()["results"]
        assert len(rows) == seen, post
        named = next(row["objective"] for row in rows if row["id"] == str(open_one.uuid))
        assert named == (str(hidden.uuid) if post == "cim" else None)
    missing = call("req").get(parts_url(plan, "7d6c8a52-0000-4000-8000-000000000001/"))
    for part in (hidden, shut):
        answer = call("req").get(one(plan, part))
        assert (answer.status_code, answer.json()) == (404, missing.json())
    assert call("unit").get(one(plan, shut)).status_code == 200
    outsider = call("req_elsewhere")
    for path in (parts_url(plan), one(plan, open_one)):
        assert (outsider.get(path).status_code, outsider.get(path).json()) == (404, missing.json())
        assert outsider.send("POST" if path == parts_url(plan) else "DELETE", path).status_code == 404


def test_the_cursor_counts_nothing(staff: Staff, call: Call, monkeypatch: Any) -> None:
    """It names the last part that was shown, and no place: a place would count what is hidden before it."""
    monkeypatch.setattr("apps.api.paging.PAGE", 1)
    plan = circulated(staff)
    page = call("req").get(parts_url(plan)).json()
    given = QueryDict(urlsplit(page["next"]).query)[PLACE]
    inside = given.split(":")[0]
    said = json.loads(base64.urlsafe_b64decode(inside + "=" * (-len(inside) % 4)))
    assert said == ["parts", [["", page["results"][0]["id"]]]]


def test_a_part_is_missing_under_another_plan(staff: Staff, call: Call) -> None:
    plan, other = plan_file(staff), plan_file(staff)
    with staff.acting("cim"):
        part = Part.objects.filter(plan=plan)[0]
    assert call("cim").get(one(other, part)).status_code == 404


def test_readings_and_resources_are_said_with_the_part(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    indicator = of_every_kind(staff, plan)["indicator"]
    with staff.acting("cim"):
        activity = Activity.objects.filter(of_plan=plan).order_by("pk")[0]
    ask(staff, plan, resource_make(staff, capability="Two graders"))
    plan = take(staff, plan, "cim", "circulate")
    for post in ("req", "unit"):
        answer(staff, plan, post)
    plan = take(staff, take(staff, plan, "cim", "put_forward"), "dec", "endorse")
    with staff.acting("req") as actor:
        for value in (10, 20):
            Reading.objects.create(
                plan=plan, indicator_id=indicator.pk, on=today(), value=value, note="Counted", author=actor.user,
                position=staff.positions["req"],
            )  # fmt: skip
    said = call("req").get(one(plan, indicator)).json()
    assert [row["value"] for row in said["readings"]] == [20, 10]
    assert said["readings"][0]["position"] == str(staff.positions["req"].uuid)
    asked = call("req").get(one(plan, activity)).json()["resources"]
    assert [(row["resource"], row["state"]) for row in asked] == [("Two graders", "asked")]


def test_queries_do_not_grow_with_rows(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    of_every_kind(staff, plan)
    cim = call("cim")
    cim.get(parts_url(plan))

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert cim.get(parts_url(plan)).status_code == 200
        return len(captured.captured_queries)

    few = counted()
    for _ in range(3):
        of_every_kind(staff, plan)
    assert counted() == few


def test_the_marking_is_that_of_the_most_restrictive_part(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    staff.positions["cim"].clearance = 1
    staff.positions["cim"].save()
    with staff.acting("cim"):
        part = part_make(staff, plan, PartKind.ANNEX, classification=1)
    assert call("cim").get(parts_url(plan))["X-Label-Classification"] == "CONFIDENTIAL"
    assert call("cim").get(one(plan, part))["X-Label-Classification"] == "CONFIDENTIAL"
    assert call("cim").get(parts_url(plan, "?kind=activity"))["X-Label-Classification"] == "UNCLASSIFIED"
