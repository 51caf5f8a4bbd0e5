"""What becomes of a plan's parts, said by programs: progress, what was decided, readings; the order of the parts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.joint_plans.models import Activity, DecisionPoint, Indicator, JointPlan, Part, Reading
from apps.joint_plans.vocabulary import PartKind
from tests.factories.plans import (
    active,
    activity_make,
    answer,
    of_every_kind,
    part_make,
    plan_file,
    take,
    today,
)
from tests.factories.staff import Staff
from tests.unit.joint_plans.conftest import Call, one, parts_url

NONE_SUCH = "7d6c8a52-0000-4000-8000-000000000001"
PROGRESS = {"progress": "under_way", "report": "Two of three wells"}
OUTCOME = {"outcome": "Go on", "decided_on": "2027-02-01"}
READING = {"on": "2027-02-01", "value": 12.5, "note": "Counted"}


def below(plan: JointPlan, part: Part, name: str) -> str:
    return f"{one(plan, part)}{name}/"


def running(staff: Staff, **opens: Any) -> tuple[JointPlan, dict[str, Part]]:
    """A plan that is carried out, and a part of each kind; an activity and an indicator open as `opens` says."""
    plan = plan_file(staff)
    made = of_every_kind(staff, plan)
    if opens:
        with staff.acting("cim"):
            for kind in ("activity", "indicator", "decision_point"):
                Part.objects.filter(pk=made[kind].pk).update(**opens)
    plan = take(staff, plan, "cim", "circulate")
    for post in ("req", "unit"):
        answer(staff, plan, post)
    for post, step in (("cim", "put_forward"), ("dec", "endorse"), ("cim", "activate")):
        plan = take(staff, plan, post, step)
    return plan, made


def told(staff: Staff, plan: JointPlan) -> list[Any]:
    """What is stored of all that becomes of the plan's parts."""
    with staff.acting("cim"):
        return [
            list(Activity.objects.filter(of_plan=plan).order_by("pk").values_list("progress", "report")),
            list(DecisionPoint.objects.filter(of_plan=plan).values_list("outcome", "decided_on")),
            Reading.objects.filter(plan=plan).count(),
            list(Part.objects.filter(plan=plan).order_by("kind", "order", "pk").values_list("pk", flat=True)),
        ]


@pytest.mark.parametrize("post", ["cim", "unit"])
def test_whoever_keeps_the_plan_or_leads_the_activity_says_how_far_it_is(
    staff: Staff, call: Call, post: str
) -> None:
    plan, made = running(staff)
    path, program = below(plan, made["activity"], "progress"), call(post)
    tag = program.get(one(plan, made["activity"]))["ETag"]
    said = program.send("POST", path, PROGRESS, If_Match=tag)
    assert said.status_code == 200, said.content
    now = said.json()
    assert (now["progress"], now["report"]) == ("under_way", "Two of three wells")
    assert now["reported_at"] is not None
    assert said["ETag"] != tag
    kept = program.send("POST", path, {"progress": "done"}, If_Match=said["ETag"])
    assert (kept.json()["progress"], kept.json()["report"]) == ("done", "Two of three wells")


def test_two_who_report_at_once_do_not_overwrite_each_other(staff: Staff, call: Call) -> None:
    plan, made = running(staff)
    for kind, name, body in (("activity", "progress", PROGRESS), ("decision_point", "outcome", OUTCOME)):
        path, cim = below(plan, made[kind], name), call("cim")
        tag = cim.get(one(plan, made[kind]))["ETag"]
        assert cim.send("POST", path, body).status_code == 428
        assert cim.send("POST", path, body, If_Match="*").status_code == 428
        assert cim.send("POST", path, body, If_Match=tag).status_code == 200
        before = told(staff, plan)
        stale = cim.send("POST", path, body, If_Match=tag)
        assert (stale.status_code, stale.json()["type"].split("-")[-1]) == (412, "stale")
        assert told(staff, plan) == before


def test_what_was_decided_is_written_down(staff: Staff, call: Call) -> None:
    plan, made = running(staff)
    path, cim = one(plan, made["decision_point"]), call("cim")
    said = cim.send("POST", f"{path}outcome/", OUTCOME, If_Match=cim.get(path)["ETag"])
    assert said.status_code == 200, said.content
    assert (said.json()["outcome"], said.json()["decided_on"]) == ("Go on", "2027-02-01")
    read = call("req").get(path)
    assert (read.json()["outcome"], read["ETag"]) == ("Go on", said["ETag"])


def test_readings_are_added_by_those_who_take_part_and_read_by_pages(
    staff: Staff, call: Call, monkeypatch: Any
) -> None:
    plan, made = running(staff)
    path = below(plan, made["indicator"], "readings")
    for number, post in enumerate(("req", "unit", "cim")):
        said = call(post).send("POST", path, READING | {"value": number, "on": f"2027-02-0{3 - number}"})
        assert said.status_code == 201, said.content
        assert said.json()["position"] == str(staff.positions[post].uuid)
    whole = call("req").get(path).json()["results"]
    assert [(row["on"], row["value"]) for row in whole] == [
        ("2027-02-01", 2), ("2027-02-02", 1), ("2027-02-03", 0),
    ]  # fmt: skip
    monkeypatch.setattr("apps.api.paging.PAGE", 2)
    first = call("req").get(path).json()
    second = call("req").get(first["next"]).json()
    assert first["results"] + second["results"] == whole
    assert (first["previous"], second["next"]) == (None, None)
    assert second["previous"]
    shown = call("req").get(one(plan, made["indicator"])).json()["readings"]
    assert shown == whole[::-1]


def test_a_part_changes_places_within_its_kind(staff: Staff, call: Call) -> None:
    plan, cim = plan_file(staff), call("cim")
    with staff.acting("cim"):
        last = activity_make(staff, plan, order=20)
        part_make(staff, plan, PartKind.RISK)

    def order() -> list[str]:
        rows = cim.get(parts_url(plan, "?kind=activity")).json()["results"]
        return [row["id"] for row in rows]

    before = order()
    assert before[-1] == str(last.uuid)
    path = below(plan, last, "move")
    assert cim.send("POST", path, {"to": "up"}).status_code == 428
    moved = cim.send("POST", path, {"to": "up"}, If_Match=cim.get(one(plan, last))["ETag"])
    assert moved.status_code == 200, moved.content
    assert order() == before[::-1]
    stale = cim.send("POST", path, {"to": "down"}, If_Match='"1"')
    assert (stale.status_code, order()) == (412, before[::-1])
    still = cim.send("POST", path, {"to": "up"}, If_Match=moved["ETag"])
    assert (still.status_code, order()) == (200, before[::-1]), "the first one stays where it is"
    assert cim.send("POST", path, {"to": "down"}, If_Match=still["ETag"]).status_code == 200
    assert order() == before


@pytest.mark.parametrize(
    ("kind", "name", "body", "at"),
    [
        ("activity", "progress", {}, "progress"), ("activity", "progress", {"progress": "soon"}, "progress"),
        ("activity", "progress", {"progress": None}, "progress"),
        ("activity", "progress", {"progress": []}, "progress"),
        ("activity", "progress", PROGRESS | {"report": "x" * 2001}, "report"),
        ("activity", "progress", PROGRESS | {"report": {}}, "report"),
        ("activity", "progress", PROGRESS | {"report": "\0"}, "report"),
        ("activity", "progress", PROGRESS | {"no_such": 1}, "no_such"),
        ("decision_point", "outcome", {"outcome": "x"}, "decided_on"),
        ("decision_point", "outcome", OUTCOME | {"outcome": " "}, "outcome"),
        ("decision_point", "outcome", OUTCOME | {"decided_on": "soon"}, "decided_on"),
        ("decision_point", "outcome", OUTCOME | {"decided_on": 5}, "decided_on"),
        ("indicator", "readings", {"on": "2027-02-01"}, "value"), ("indicator", "readings", {"value": 1}, "on"),
        ("indicator", "readings", READING | {"value": "many"}, "value"),
        ("indicator", "readings", READING | {"value": 10**15}, "value"),
        ("indicator", "readings", READING | {"value": 1e300}, "value"),
        ("indicator", "readings", READING | {"value": True}, "value"),
        ("indicator", "readings", READING | {"on": "2027-02-30"}, "on"),
        ("indicator", "readings", READING | {"note": "x" * 301}, "note"),
        ("objective", "move", {}, "to"), ("objective", "move", {"to": "left"}, "to"),
        ("objective", "move", {"to": "up", "by": 3}, "by"),
    ],
)  # fmt: skip
def test_refusals_are_by_field(
    staff: Staff, call: Call, kind: str, name: str, body: dict[str, Any], at: str
) -> None:
    plan, made = running(staff)
    if name == "move":
        plan = take(staff, plan, "cim", "review", note="Again")
    cim, before = call("cim"), told(staff, plan)
    tag = cim.get(one(plan, made[kind]))["ETag"]
    refused = cim.send("POST", below(plan, made[kind], name), body, If_Match=tag)
    assert refused.status_code == 400, refused.content
    assert refused["Content-Type"] == "application/problem+json"
    assert list(refused.json()["errors"]) == [at]
    assert told(staff, plan) == before


def test_nothing_is_told_before_the_plan_runs_or_moved_once_it_is_agreed(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    made = of_every_kind(staff, plan)
    cim = call("cim")
    calls = [("activity", "progress", PROGRESS), ("decision_point", "outcome", OUTCOME),
             ("indicator", "readings", READING)]  # fmt: skip
    for kind, name, body in calls:
        refused = cim.send("POST", below(plan, made[kind], name), body, If_Match='"1"')
        assert (refused.status_code, refused.json()["type"].rsplit("problem-")[-1]) == (409, "not-possible")
    plan = active(staff)
    with staff.acting("cim"):
        part = Part.objects.filter(plan=plan)[0]
    assert cim.send("POST", below(plan, part, "move"), {"to": "up"}, If_Match='"1"').status_code == 409


def test_others_read_and_do_not_tell(staff: Staff, call: Call) -> None:
    """Who contributes and does not lead; who is informed alone and measures nothing."""
    plan, made = running(staff)
    before = told(staff, plan)
    for post, kind, name, body in (
        ("req", "activity", "progress", PROGRESS), ("unit", "decision_point", "outcome", OUTCOME),
        ("clu", "indicator", "readings", READING), ("req", "objective", "move", {"to": "up"}),
    ):  # fmt: skip
        refused = call(post).send("POST", below(plan, made[kind], name), body, If_Match='"1"')
        assert refused.status_code == 403, (name, refused.content)
    assert told(staff, plan) == before


def test_what_one_does_not_read_is_missing_and_nothing_is_written(staff: Staff, call: Call) -> None:
    """A part that is for planners, and a plan that is not theirs: the answer is that of a part that never was."""
    plan, made = running(staff, opens_to="planners")
    before = told(staff, plan)
    for post in ("req", "req_elsewhere"):
        program = call(post)
        for kind, name, body in (
            ("activity", "progress", PROGRESS), ("decision_point", "outcome", OUTCOME),
            ("indicator", "readings", READING), ("indicator", "move", {"to": "up"}),
        ):  # fmt: skip
            missing = program.send("POST", parts_url(plan, f"{NONE_SUCH}/{name}/"), body, If_Match='"1"')
            hidden = program.send("POST", below(plan, made[kind], name), body, If_Match='"1"')
            assert (hidden.status_code, hidden.json()) == (404, missing.json())
        assert program.get(below(plan, made["indicator"], "readings")).status_code == 404
    assert told(staff, plan) == before


def test_a_part_of_another_kind_has_no_such_address(staff: Staff, call: Call) -> None:
    plan, made = running(staff)
    cim = call("cim")
    for kind, name, body in (
        ("indicator", "progress", PROGRESS), ("activity", "outcome", OUTCOME), ("risk", "readings", READING),
    ):  # fmt: skip
        assert cim.send("POST", below(plan, made[kind], name), body, If_Match='"1"').status_code == 404
    assert cim.get(below(plan, made["risk"], "readings")).status_code == 404


def test_what_is_told_is_told_once(staff: Staff, call: Call) -> None:
    plan, made = running(staff)
    path, req = below(plan, made["indicator"], "readings"), call("req")
    first = req.send("POST", path, READING, Idempotency_Key="one")
    again = req.send("POST", path, READING, Idempotency_Key="one")
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert req.send("POST", path, READING | {"value": 3}, Idempotency_Key="one").status_code == 422
    assert len(req.get(path).json()["results"]) == 1
    path, tag = (
        below(plan, made["activity"], "progress"),
        call("unit").get(one(plan, made["activity"]))["ETag"],
    )
    for _ in range(2):
        said = call("unit").send("POST", path, PROGRESS, If_Match=tag, Idempotency_Key="two")
        assert (said.status_code, said.json()["progress"]) == (200, "under_way")


def test_queries_do_not_grow_with_readings(staff: Staff, call: Call) -> None:
    plan, made = running(staff)
    path, req = below(plan, made["indicator"], "readings"), call("req")

    def counted() -> int:
        req.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert req.get(path).status_code == 200
        return len(captured.captured_queries)

    req.send("POST", path, READING)
    few = counted()
    with staff.acting("unit") as actor:
        for value in range(5):
            Reading.objects.create(
                plan=plan, indicator=Indicator.objects.get(of_plan=plan), on=today(), value=value, author=actor.user,
                position=staff.positions["unit"],
            )  # fmt: skip
    assert counted() == few
