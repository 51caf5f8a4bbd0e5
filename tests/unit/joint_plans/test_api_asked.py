"""What is asked of one's resources, by programs: promised once, declined or released; of the plan what one reads."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apps.joint_plans.models import JointPlan, Part, Promise
from apps.mission.models import Organisation
from tests.factories.plans import circulated
from tests.factories.resources import ask, resource_make, settle
from tests.factories.staff import Staff
from tests.unit.joint_plans.conftest import Call

URL = "/api/v1/resources/asked/"
NONE_SUCH = "7d6c8a52-0000-4000-8000-000000000001"


def url(promise: Promise, rest: str = "") -> str:
    return f"{URL}{promise.uuid}/{rest}"


def state_of(staff: Staff, promise: Promise) -> tuple[str, str]:
    with staff.acting("cim"):
        row = Promise.objects.get(pk=promise.pk)
    return row.state, row.reason


def part_of(staff: Staff, promise: Promise) -> str:
    with staff.acting("cim"):
        return str(Part.objects.get(pk=promise.part_id).uuid)


def test_whoever_keeps_it_promises_and_releases(staff: Staff, call: Call) -> None:
    promise, unit = ask(staff, circulated(staff), resource_make(staff)), call("unit")
    assert unit.get(url(promise)).json()["answers"] == ["promised", "declined"]
    said = unit.send("POST", url(promise, "answer/"), {"state": "promised"})
    assert said.status_code == 200, said.content
    assert (said.json()["state"], said.json()["answers"]) == ("promised", ["released"])
    assert said.json()["settled_at"] is not None
    wordless = unit.send("POST", url(promise, "answer/"), {"state": "released"})
    assert (wordless.status_code, list(wordless.json()["errors"])) == (400, ["reason"])
    assert state_of(staff, promise) == ("promised", "")
    said = unit.send("POST", url(promise, "answer/"), {"state": "released", "reason": "Broken"})
    assert (said.json()["state"], said.json()["reason"], said.json()["answers"]) == ("released", "Broken", [])


def test_what_was_settled_stays_settled(staff: Staff, call: Call) -> None:
    """The second of two who answer is told; a state that does not follow is refused, whatever the body says."""
    promise, unit = ask(staff, circulated(staff), resource_make(staff)), call("unit")
    body = {"state": "declined", "reason": "Away"}
    assert unit.send("POST", url(promise, "answer/"), body).status_code == 200
    for state in ("promised", "declined", "released"):
        refused = unit.send("POST", url(promise, "answer/"), {"state": state, "reason": "Other"})
        assert (refused.status_code, refused.json()["type"].rsplit("problem-")[-1]) == (409, "not-possible")
    assert state_of(staff, promise) == ("declined", "Away")


def test_nothing_is_promised_twice_for_the_same_time(staff: Staff, call: Call) -> None:
    resource, unit = resource_make(staff), call("unit")
    first, second = (ask(staff, circulated(staff), resource) for _ in range(2))
    assert unit.send("POST", url(first, "answer/"), {"state": "promised"}).status_code == 200
    refused = unit.send("POST", url(second, "answer/"), {"state": "promised"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["state"])
    assert state_of(staff, second) == ("asked", "")


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({}, "state"), ({"state": "asked"}, "state"), ({"state": None}, "state"), ({"state": []}, "state"),
        ({"state": "promised", "reason": "x" * 501}, "reason"), ({"state": "promised", "reason": "\0"}, "reason"),
        ({"state": "declined"}, "reason"), ({"state": "declined", "reason": " "}, "reason"),
        ({"state": "promised", "by": 1}, "by"),
    ],
)  # fmt: skip
def test_refusals_are_by_field(staff: Staff, call: Call, body: dict[str, Any], at: str) -> None:
    promise = ask(staff, circulated(staff), resource_make(staff))
    refused = call("unit").send("POST", url(promise, "answer/"), body)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [at]), refused.content
    assert state_of(staff, promise) == ("asked", "")


def test_it_is_answered_once(staff: Staff, call: Call) -> None:
    promise, unit = ask(staff, circulated(staff), resource_make(staff)), call("unit")
    first, again = (
        unit.send("POST", url(promise, "answer/"), {"state": "promised"}, Idempotency_Key="one")
        for _ in range(2)
    )
    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())


def test_what_is_asked_is_read_by_state_and_by_pages(staff: Staff, call: Call, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.api.paging.PAGE", 2)
    plan, resource = circulated(staff), resource_make(staff)
    made = [ask(staff, plan, resource, since=10 + n, until=10.5 + n) for n in (3, 1, 2, 0, 4)]
    settle(staff, made[0], "promised")
    seen: list[Any] = []
    address = URL
    while address:
        page = call("unit").get(address).json()
        assert bool(page["previous"]) == bool(seen)
        seen += page["results"]
        address = page["next"]
    assert [row["id"] for row in seen] == [str(made[n].uuid) for n in (3, 1, 2, 0, 4)]
    promised = call("unit").get(f"{URL}?state=promised").json()["results"]
    assert [row["id"] for row in promised] == [str(made[0].uuid)]


def test_of_the_plan_it_says_what_its_reader_has(staff: Staff, call: Call) -> None:
    """The unit contributes and reads plan and activity; then the plan alone, once the activity is for planners."""
    plan = circulated(staff)
    promise = ask(staff, plan, resource_make(staff))
    read = call("unit").get(url(promise)).json()
    assert (read["plan"]["reference"], read["plan"]["title"]) == (plan.reference, plan.title)
    assert call("unit").get(read["plan"]["url"]).status_code == 200
    assert call("unit").get(read["part"]["url"]).json()["title"] == read["part"]["title"]
    with staff.acting("cim"):
        Part.objects.filter(plan=plan, kind="activity").update(opens_to="planners")
    read = call("unit").get(url(promise)).json()
    assert (read["plan"]["reference"], read["part"]) == (plan.reference, None)


def test_a_keeper_without_the_plan_learns_times_and_note_alone(staff: Staff, call: Call) -> None:
    plan = circulated(staff, parts={"req": "contributor"})
    promise = ask(staff, plan, resource_make(staff, "cmc"))
    with staff.acting("cmc"):
        assert not JointPlan.objects.filter(pk=plan.pk).exists()
    with staff.acting("cim"):
        part = Part.objects.get(pk=promise.part_id)
    cmc = call("cmc")
    answers = [
        cmc.get(URL),
        cmc.get(url(promise)),
        cmc.send("POST", url(promise, "answer/"), {"state": "promised"}),
        cmc.send("POST", url(promise, "answer/"), {"state": "asked"}),
    ]
    for answer in answers:
        text = answer.content.decode() + str(answer.headers)
        for hidden in (plan.title, plan.reference, str(plan.uuid), part.title, str(part.uuid)):
            assert hidden not in text
    row = answers[1].json()
    assert (row["plan"], row["part"]) == (None, None)
    assert (row["note"], row["position"]) == (promise.note, str(staff.positions["cim"].uuid))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 400]


def test_others_find_nothing_and_settle_nothing(staff: Staff, call: Call) -> None:
    """Who asked, who reads the plan, who is of the keeper's organisation: none of them keeps it."""
    promise = ask(staff, circulated(staff), resource_make(staff))
    for post in ("cim", "req", "unit_other", "req_elsewhere"):
        program = call(post)
        missing = program.get(f"{URL}{NONE_SUCH}/").json()
        assert program.get(URL).json()["results"] == []
        assert (program.get(url(promise)).status_code, program.get(url(promise)).json()) == (404, missing)
        refused = program.send("POST", url(promise, "answer/"), {"state": "declined", "reason": "x"})
        assert (refused.status_code, refused.json()) == (404, missing)
    assert state_of(staff, promise) == ("asked", "")


def test_who_asked_is_not_named_to_whoever_may_not_know_them(staff: Staff, call: Call) -> None:
    promise = ask(staff, circulated(staff), resource_make(staff))
    assert call("unit").get(url(promise)).json()["position"] == str(staff.positions["cim"].uuid)
    Organisation.objects.filter(pk=staff.organisations["force"].pk).update(engagement_stance="unlisted")
    assert call("unit").get(url(promise)).json()["position"] is None


def test_the_answer_is_marked_as_what_it_tells(staff: Staff, call: Call) -> None:
    promise = ask(staff, circulated(staff), resource_make(staff))
    staff.positions["cim"].clearance = staff.positions["unit"].clearance = 1
    staff.positions["cim"].save()
    staff.positions["unit"].save()
    assert call("unit").get(url(promise))["X-Label-Classification"] == "UNCLASSIFIED"
    with staff.acting("cim"):
        Part.objects.filter(pk=promise.part_id).update(classification=1)
    for path in (URL, url(promise)):
        assert call("unit").get(path)["X-Label-Classification"] == "CONFIDENTIAL"


def test_answers_have_the_shapes_that_the_document_says(staff: Staff, call: Call) -> None:
    """Also where plan, activity and names are not told."""
    readers = [staff.organisations["force"].group_id]
    plan = circulated(staff, parts={"req": "contributor"})
    promise = ask(staff, plan, resource_make(staff, "cmc", opens_to="named", readers=readers))
    seen = ask(staff, circulated(staff), resource_make(staff))
    document = call("cim").get("/api/v1/schema/").json()
    below = f"/api/v1/joint-plans/{plan.uuid}/parts/{part_of(staff, promise)}/resources/"
    asked = [
        ("resources/", "cim", "/api/v1/resources/"), ("resources/", "cmc", "/api/v1/resources/"),
        ("resources/{resource}/", "cmc", call("cmc").get("/api/v1/resources/").json()["results"][0]["url"]),
        ("resources/asked/", "cmc", URL), ("resources/asked/", "unit", URL),
        ("resources/asked/{promise}/", "cmc", url(promise)), ("resources/asked/{promise}/", "unit", url(seen)),
        ("joint-plans/{uuid}/parts/{item}/resources/", "cim", below),
    ]  # fmt: skip
    for path, post, at in asked:
        shape = document["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]["content"][
            "application/json"
        ]["schema"]
        holds = Draft202012Validator({**shape, "components": document["components"]})
        answer = call(post).get(at)
        assert answer.status_code == 200, at
        assert [f"{e.json_path}: {e.message}" for e in holds.iter_errors(answer.json())] == [], at
