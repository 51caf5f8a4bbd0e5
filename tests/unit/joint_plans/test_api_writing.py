"""Parts of a plan written by programs: by those who keep it, by field, once, and never over what another wrote."""

from __future__ import annotations

from typing import Any

import pytest

from apps.joint_plans.models import Activity, Assumption, Part
from tests.factories.plans import (
    active,
    activity_make,
    circulated,
    endorsed,
    of_every_kind,
    plan_file,
    take,
)
from tests.factories.staff import Staff
from tests.unit.joint_plans.conftest import Call, one, parts_url


def new_activity(staff: Staff, **more: Any) -> dict[str, Any]:
    return {
        "kind": "activity", "title": "Repair the well", "details": "By hand", "area": staff.area.pcode,
        "sector": staff.sector.code, "lead": str(staff.organisations["contingent"].uuid),
        "supports": [str(staff.organisations["ngo"].uuid)], "starts_on": "2027-01-01", "may_hint": False,
    } | more  # fmt: skip


def test_whoever_keeps_the_plan_adds_changes_and_takes_out(staff: Staff, call: Call) -> None:
    plan, cim = plan_file(staff), call("cim")
    with staff.acting("cim"):
        objective = Part.objects.get(plan=plan, kind="objective")
    added = cim.send("POST", parts_url(plan), new_activity(staff, objective=str(objective.uuid)))
    assert added.status_code == 201, added.content
    said = added.json()
    assert (added["Location"], added["ETag"]) == (said["url"], '"1"')
    assert (said["supports"], said["objective"], said["may_hint"]) == (
        [str(staff.organisations["ngo"].uuid)], str(objective.uuid), False,
    )  # fmt: skip
    changed = cim.send(
        "PATCH", said["url"],
        {"title": "Repair both wells", "objective": None, "opens_to": "named",
         "readers": [str(staff.organisations["contingent"].uuid)]},
        If_Match=added["ETag"],
    )  # fmt: skip
    assert changed.status_code == 200, changed.content
    assert changed["ETag"] == '"2"'
    now = changed.json()
    assert (now["title"], now["objective"], now["details"], now["supports"]) == (
        "Repair both wells", None, "By hand", said["supports"],
    )  # fmt: skip
    assert now["readers"] == [str(staff.organisations["contingent"].uuid)]
    opened = cim.send("PATCH", said["url"], {"opens_to": "all"}, If_Match='"2"').json()
    assert (opened["opens_to"], opened["readers"]) == ("all", [])
    assert cim.send("DELETE", said["url"], If_Match='"3"').status_code == 204
    assert cim.get(said["url"]).status_code == 404


def test_what_was_read_can_be_sent_back(staff: Staff, call: Call) -> None:
    plan, cim = plan_file(staff), call("cim")
    made = of_every_kind(staff, plan)
    for kind, part in made.items():
        read = cim.get(one(plan, part))
        sent = cim.send("PATCH", one(plan, part), read.json(), If_Match=read["ETag"])
        assert sent.status_code == 200, (kind, sent.content)
        assert {**sent.json(), "version": 0} == {**read.json(), "version": 0}


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"kind": "dream"}, "kind"), ({"kind": None}, "kind"), ({"title": ""}, "title"), ({"title": None}, "title"),
        ({"title": ["x"]}, "title"), ({"title": "x" * 300}, "title"), ({"no_such": 1}, "no_such"),
        ({"ends_on": "2026-01-01"}, "ends_on"), ({"ends_on": 5}, "ends_on"), ({"area": "XX"}, "area"),
        ({"lead": "7d6c8a52-0000-4000-8000-000000000001"}, "lead"), ({"supports": ["x"]}, "supports"),
        ({"supports": "x"}, "supports"), ({"may_hint": "yes"}, "may_hint"), ({"classification": 9}, "classification"),
        ({"opens_to": "named"}, "readers"), ({"opens_to": "planners"}, "opens_to"), ({"opens_to": "x"}, "opens_to"),
        ({"objective": "x"}, "objective"), ({"likelihood": 3}, "likelihood"), ({"supports": [None]}, "supports"),
        ({"objective": 5}, "objective"), ({"details": "\0"}, "details"), ({"readers": {}}, "readers"),
    ],
)  # fmt: skip
def test_refusals_are_by_field(staff: Staff, call: Call, body: dict[str, Any], at: str) -> None:
    plan = plan_file(staff)
    refused = call("cim").send("POST", parts_url(plan), new_activity(staff, **body))
    assert refused.status_code == 400, refused.content
    assert at in refused.json()["errors"], refused.json()
    assert refused["Content-Type"] == "application/problem+json"
    with staff.acting("cim"):
        assert Part.objects.filter(plan=plan).count() == 2, "nothing is half-written"


def test_what_others_may_not_know_is_unknown_in_the_same_words(staff: Staff, call: Call) -> None:
    """An organisation that takes no part, one that is none: the same answer, and no number of a row."""
    plan, cim = plan_file(staff), call("cim")
    answers = [
        cim.send("POST", parts_url(plan), new_activity(staff, supports=[named])).json()["errors"]["supports"]
        for named in (
            str(staff.organisations["other_ngo"].uuid),
            "7d6c8a52-0000-4000-8000-000000000001",
            "x",
        )
    ]
    assert answers[0] == answers[1] == answers[2]


def test_a_change_on_what_has_changed_is_refused(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    with staff.acting("cim"):
        part = activity_make(staff, plan)
    cim, path = call("cim"), one(plan, part)
    tag = cim.get(path)["ETag"]
    assert cim.send("PATCH", path, {"title": "First"}, If_Match=tag).status_code == 200
    for method in ("PATCH", "DELETE"):
        stale = cim.send(method, path, {"title": "Second"}, If_Match=tag)
        assert (stale.status_code, stale.json()["type"].split("-")[-1]) == (412, "stale")
        assert cim.send(method, path, {"title": "Second"}).status_code == 428
        assert cim.send(method, path, {"title": "Second"}, If_Match="*").status_code == 428
    assert cim.get(path).json()["title"] == "First"
    assert cim.send("PATCH", path, {}, If_Match='"2"')["ETag"] == '"2"', "nothing said, nothing changed"
    assert cim.send("PATCH", path, {"kind": "risk"}, If_Match=cim.get(path)["ETag"]).status_code == 400


def test_an_assumption_that_broke_meanwhile_is_not_mended_unseen(staff: Staff, call: Call) -> None:
    plan = active(staff)
    with staff.acting("cim"):
        assert not Assumption.objects.filter(plan=plan).exists()
    plan = take(staff, plan, "cim", "review", note="It rains")
    cim = call("cim")
    added = cim.send("POST", parts_url(plan), {"kind": "assumption", "title": "The road holds"})
    assert added.status_code == 201, added.content
    path, tag = added.json()["url"], added["ETag"]
    with staff.acting("cim"):
        Assumption.objects.filter(plan=plan).update(assumed="tripped")
    assert cim.send("PATCH", path, {"assumed": "holds"}, If_Match=tag).status_code == 412
    read = cim.get(path)
    assert (read.json()["assumed"], read.json()["tripped_at"] is None) == ("tripped", False)
    mended = cim.send("PATCH", path, {"assumed": "dropped"}, If_Match=read["ETag"])
    assert (mended.status_code, mended.json()["assumed"]) == (200, "dropped")


def test_an_assumption_rests_on_a_record_by_its_reference(staff: Staff, call: Call) -> None:
    plan, other, cim = plan_file(staff), plan_file(staff), call("cim")
    body = {"kind": "assumption", "title": "The other plan holds", "watch": "fails"}
    for reference in ("PLN-2000-00000", plan.reference):
        refused = cim.send("POST", parts_url(plan), {**body, "reference": reference})
        assert list(refused.json()["errors"]) == ["reference"]
    added = cim.send("POST", parts_url(plan), {**body, "reference": other.reference})
    assert added.json()["reference"] == other.reference, added.content
    path = added.json()["url"]
    kept = cim.send("PATCH", path, {"title": "It holds"}, If_Match=added["ETag"])
    assert (kept.json()["reference"], kept.json()["watch"]) == (other.reference, "fails")
    assert cim.send("PATCH", path, {"assumed": "dropped"}, If_Match=kept["ETag"]).json()["errors"] == {
        "assumed": ["This cannot be said now."]
    }
    untied = cim.send("PATCH", path, {"reference": "", "watch": ""}, If_Match=kept["ETag"])
    assert (untied.status_code, untied.json()["reference"]) == (200, None)


def test_others_read_and_do_not_write(staff: Staff, call: Call) -> None:
    plan = circulated(staff)
    with staff.acting("cim"):
        part = Activity.objects.get(of_plan=plan)
    for method, path in (
        ("POST", parts_url(plan)),
        ("PATCH", one(plan, part)),
        ("DELETE", one(plan, part)),
    ):
        refused = call("req").send(method, path, new_activity(staff), If_Match='"1"')
        assert refused.status_code == 403, (method, refused.content)


def test_what_was_agreed_stays_as_it_is(staff: Staff, call: Call) -> None:
    plan = endorsed(staff)
    with staff.acting("cim"):
        part = Activity.objects.get(of_plan=plan)
    cim, tag = call("cim"), f'"{part.version}"'
    assert cim.get(one(plan, part))["ETag"] == tag
    for method, path in (
        ("POST", parts_url(plan)),
        ("PATCH", one(plan, part)),
        ("DELETE", one(plan, part)),
    ):
        refused = cim.send(method, path, new_activity(staff), If_Match=tag)
        assert (refused.status_code, refused.json()["type"].rsplit("problem-")[-1]) == (409, "not-possible")


def test_a_write_is_carried_out_once(staff: Staff, call: Call) -> None:
    plan, cim = plan_file(staff), call("cim")
    body = new_activity(staff)
    first = cim.send("POST", parts_url(plan), body, Idempotency_Key="one")
    again = cim.send("POST", parts_url(plan), body, Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert cim.send("POST", parts_url(plan), body | {"title": "x"}, Idempotency_Key="one").status_code == 422
    with staff.acting("cim"):
        assert Part.objects.filter(plan=plan).count() == 3
    path = first.json()["url"]
    for _ in range(2):
        gone = cim.send("DELETE", path, If_Match=first["ETag"], Idempotency_Key="two")
        assert gone.status_code == 204
