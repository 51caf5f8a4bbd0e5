"""Resources by programs: what organisations can give, what is asked for, for an activity, and releasing it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.joint_plans.models import Activity, JointPlan, Part, Promise, Resource
from apps.mission.models import Organisation
from tests.factories.plans import active, circulated, plan_file, take
from tests.factories.resources import ask, moment, resource_make, settle
from tests.factories.staff import Staff
from tests.unit.joint_plans.conftest import Call, one, parts_url

URL = "/api/v1/resources/"
NONE_SUCH = "7d6c8a52-0000-4000-8000-000000000001"


def offer(staff: Staff, **more: Any) -> dict[str, Any]:
    return {"capability": "Heavy lift", "kind": "lift", "keeper": str(staff.positions["unit"].uuid)} | more


def activity_of(staff: Staff, plan: JointPlan) -> Activity:
    with staff.acting("cim"):
        return Activity.objects.filter(of_plan=plan).order_by("pk")[0]


def asking(staff: Staff, plan: JointPlan) -> str:
    return f"{one(plan, activity_of(staff, plan))}resources/"


def wanted(resource: Resource, since: float = 10, until: float = 12, **more: Any) -> dict[str, Any]:
    return {
        "resource": str(resource.uuid), "starts": moment(since).isoformat(), "ends": moment(until).isoformat(),
        "note": "To move the wells",
    } | more  # fmt: skip


def stored(staff: Staff, by: str = "unit") -> list[Any]:
    with staff.acting(by):
        return list(Resource.objects.order_by("pk").values()), list(Promise.objects.order_by("pk").values())


# ---------------------------------------------------------------- what is offered
def test_an_organisation_offers_and_changes_what_it_can_give(staff: Staff, call: Call) -> None:
    unit = call("unit")
    group = staff.organisations["force"]
    added = unit.send("POST", URL, offer(staff, opens_to="named", readers=[str(group.uuid)]))
    assert added.status_code == 201, added.content
    said = added.json()
    assert added["Location"] == said["url"] == f"{URL}{said['id']}/"
    assert (said["organisation"], said["keeper"]) == (
        str(staff.organisations["contingent"].uuid), str(staff.positions["unit"].uuid),
    )  # fmt: skip
    assert (said["notice_hours"], said["basis"], said["is_active"]) == (48, "no_cost", True)
    assert said["readers"] == [str(group.uuid)]
    changed = unit.send("PATCH", said["url"], {"notice_hours": 12}, If_Match=added["ETag"])
    assert changed.status_code == 200, changed.content
    assert (changed.json(), changed["ETag"] != added["ETag"]) == (said | {"notice_hours": 12}, True)
    colleague = call("unit_other").send(
        "PATCH", said["url"], {"opens_to": "mission"}, If_Match=changed["ETag"]
    )
    assert (colleague.json()["opens_to"], colleague.json()["readers"]) == ("mission", [])
    back = unit.send("PATCH", said["url"], colleague.json(), If_Match=colleague["ETag"])
    assert (back.status_code, back["ETag"]) == (200, colleague["ETag"]), "what was read can be sent back"


def test_a_change_on_what_has_changed_is_refused(staff: Staff, call: Call) -> None:
    unit = call("unit")
    path = f"{URL}{resource_make(staff).uuid}/"
    tag = unit.get(path)["ETag"]
    assert unit.send("PATCH", path, {"conditions": "Fuel"}).status_code == 428
    assert unit.send("PATCH", path, {"conditions": "Fuel"}, If_Match=tag).status_code == 200
    stale = unit.send("PATCH", path, {"conditions": "None"}, If_Match=tag)
    assert (stale.status_code, stale.json()["type"].split("-")[-1]) == (412, "stale")
    assert unit.get(path).json()["conditions"] == "Fuel"


def test_a_list_is_read_by_kind_and_by_pages(staff: Staff, call: Call, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.api.paging.PAGE", 2)
    for kind in ("medical", "lift", "lift", "medical", "lift"):
        resource_make(staff, kind=kind)
    seen: list[Any] = []
    address = URL
    while address:
        page = call("cim").get(address).json()
        assert bool(page["previous"]) == bool(seen)
        seen += page["results"]
        address = page["next"]
    assert [row["kind"] for row in seen] == ["lift"] * 3 + ["medical"] * 2
    assert len({row["id"] for row in seen}) == 5
    monkeypatch.undo()
    of_kind = call("cim").get(f"{URL}?kind=medical").json()["results"]
    assert of_kind == seen[3:]


@pytest.mark.parametrize("path", [URL, f"{URL}asked/"])
@pytest.mark.parametrize("wrong", ["no=1", "kind=dream", "state=dream", "after=x", "after=%00", "kind=%00"])
def test_what_the_address_says_wrong_is_named(staff: Staff, call: Call, path: str, wrong: str) -> None:
    refused = call("cim").get(f"{path}?{wrong}")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [wrong.split("=")[0]])


def test_a_resource_is_there_for_those_to_whom_it_opens(staff: Staff, call: Call) -> None:
    named = resource_make(staff, opens_to="named", readers=[staff.organisations["force"].group_id])
    own = resource_make(staff, opens_to="organisation")
    seen = {"unit": [named, own], "cim": [named], "req": [], "aud": []}
    missing = call("req").get(f"{URL}{NONE_SUCH}/").json()
    for post, rows in seen.items():
        program = call(post)
        listed = {row["id"] for row in program.get(URL).json()["results"]}
        assert listed == {str(row.uuid) for row in rows}, post
        for row in (named, own):
            answer = program.get(f"{URL}{row.uuid}/")
            assert answer.status_code == (200 if row in rows else 404), post
            if row not in rows:
                assert answer.json() == missing
                before = stored(staff)
                refused = program.send("PATCH", f"{URL}{row.uuid}/", {"conditions": "x"}, If_Match='"x"')
                assert (refused.status_code, refused.json()) == (404, missing)
                assert stored(staff) == before
    assert call("cim").get(f"{URL}{named.uuid}/").json()["readers"] is None, "told to the organisation alone"


def test_who_may_not_be_known_is_not_named(staff: Staff, call: Call) -> None:
    made = resource_make(staff)
    Organisation.objects.filter(pk=made.organisation_id).update(engagement_stance="unlisted")
    for post, known in (("req", False), ("cmc", True), ("unit_other", True)):
        row = call(post).get(f"{URL}{made.uuid}/").json()
        assert (row["organisation"] is not None, row["keeper"] is not None) == (known, known), post


def test_others_do_not_offer_or_change(staff: Staff, call: Call) -> None:
    made = resource_make(staff)
    before = stored(staff)
    path = f"{URL}{made.uuid}/"
    tag = call("unit").get(path)["ETag"]
    assert "ETag" not in call("cim").get(path), "it would tell to whom it opens by name"
    assert call("cim").send("PATCH", path, {"conditions": "x"}, If_Match=tag).status_code == 403
    assert call("aud").send("POST", URL, offer(staff)).status_code == 403
    assert stored(staff) == before


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"capability": ""}, "capability"), ({"capability": None}, "capability"),
        ({"capability": "x" * 201}, "capability"), ({"capability": "\0"}, "capability"),
        ({"kind": "dream"}, "kind"), ({"kind": None}, "kind"),
        ({"keeper": None}, "keeper"), ({"keeper": NONE_SUCH}, "keeper"), ({"keeper": 5}, "keeper"),
        ({"notice_hours": -1}, "notice_hours"), ({"notice_hours": 99999}, "notice_hours"),
        ({"notice_hours": None}, "notice_hours"), ({"basis": "gift"}, "basis"), ({"opens_to": "named"}, "readers"),
        ({"opens_to": "named", "readers": [NONE_SUCH]}, "readers"), ({"readers": "x"}, "readers"),
        ({"is_active": True}, "is_active"), ({"no_such": 1}, "no_such"), ({"conditions": {}}, "conditions"),
    ],
)  # fmt: skip
def test_refusals_of_an_offer_are_by_field(staff: Staff, call: Call, body: dict[str, Any], at: str) -> None:
    refused = call("unit").send("POST", URL, offer(staff, **body))
    assert refused.status_code == 400, refused.content
    assert at in refused.json()["errors"], refused.json()
    assert refused["Content-Type"] == "application/problem+json"
    assert stored(staff) == ([], [])


def test_a_position_of_others_keeps_nothing(staff: Staff, call: Call) -> None:
    """It is refused in the words for one that there is not."""
    answers = [
        call("unit").send("POST", URL, offer(staff, keeper=named)).json()["errors"]
        for named in (str(staff.positions["cim"].uuid), NONE_SUCH)
    ]
    assert answers[0] == answers[1]


# ---------------------------------------------------------------- what is asked for
def test_whoever_keeps_the_plan_asks_and_releases(staff: Staff, call: Call) -> None:
    plan, resource = circulated(staff), resource_make(staff)
    path, cim = asking(staff, plan), call("cim")
    said = cim.send("POST", path, wanted(resource))
    assert said.status_code == 201, said.content
    row = said.json()
    assert (row["resource_id"], row["state"], row["note"]) == (
        str(resource.uuid),
        "asked",
        "To move the wells",
    )
    assert (row["resource"], row["position"]) == (resource.capability, str(staff.positions["cim"].uuid))
    assert call("req").get(path).json()["results"] == [row]
    assert cim.get(one(plan, activity_of(staff, plan))).json()["resources"] == [row]
    released = cim.send("POST", f"{path}{row['id']}/release/")
    assert (released.status_code, released.json()["state"]) == (200, "released")
    again = cim.send("POST", f"{path}{row['id']}/release/")
    assert (again.status_code, again.json()["type"].rsplit("problem-")[-1]) == (409, "not-possible")


def test_it_is_asked_for_the_days_of_the_activity_where_no_others_are_said(staff: Staff, call: Call) -> None:
    plan, resource = circulated(staff), resource_make(staff)
    activity = activity_of(staff, plan)
    said = call("cim").send("POST", asking(staff, plan), {"resource": str(resource.uuid)}).json()
    assert said["starts"].startswith(str(activity.starts_on))
    assert said["ends"] > str(activity.ends_on)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"resource": None}, "resource"), ({"resource": NONE_SUCH}, "resource"), ({"resource": ["x"]}, "resource"),
        ({"starts": "soon"}, "starts"), ({"starts": None}, "starts"), ({"ends": "2020-01-01T00:00:00Z"}, "ends"),
        ({"ends": 5}, "ends"), ({"note": "x" * 501}, "note"), ({"no_such": 1}, "no_such"),
        ({"state": "promised"}, "state"),
    ],
)  # fmt: skip
def test_refusals_of_asking_are_by_field(staff: Staff, call: Call, body: dict[str, Any], at: str) -> None:
    plan, resource = circulated(staff), resource_make(staff)
    refused = call("cim").send("POST", asking(staff, plan), wanted(resource) | body)
    assert refused.status_code == 400, refused.content
    assert list(refused.json()["errors"]) == [at]
    assert stored(staff)[1] == []


def test_what_is_not_offered_to_one_cannot_be_asked_for(staff: Staff, call: Call) -> None:
    """In the words for one that there is not; one that is offered no more likewise."""
    plan = circulated(staff)
    own = resource_make(staff, opens_to="organisation")
    over = resource_make(staff, is_active=False)
    answers = [
        call("cim").send("POST", asking(staff, plan), wanted(own) | {"resource": named}).json()["errors"]
        for named in (str(own.uuid), str(over.uuid), NONE_SUCH)
    ]
    assert answers[0] == answers[1] == answers[2]


def test_what_is_promised_then_is_said_at_the_beginning(staff: Staff, call: Call) -> None:
    resource = resource_make(staff)
    settle(staff, ask(staff, circulated(staff), resource), "promised")
    refused = call("cim").send("POST", asking(staff, circulated(staff)), wanted(resource, since=11))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["starts"])


def test_others_read_and_do_not_ask_or_release(staff: Staff, call: Call) -> None:
    plan, resource = circulated(staff), resource_make(staff)
    promise = ask(staff, plan, resource)
    path, before = asking(staff, plan), stored(staff)
    assert len(call("req").get(path).json()["results"]) == 1
    assert call("req").send("POST", path, wanted(resource)).status_code == 403
    assert call("req").send("POST", f"{path}{promise.uuid}/release/").status_code == 403
    assert stored(staff) == before


def test_below_what_one_does_not_read_all_is_missing_and_nothing_is_written(staff: Staff, call: Call) -> None:
    plan, resource = circulated(staff), resource_make(staff)
    promise = ask(staff, plan, resource)
    path = asking(staff, plan)
    with staff.acting("cim"):
        Part.objects.filter(plan=plan, kind="activity").update(opens_to="planners")
    before = stored(staff)
    for post in ("req", "req_elsewhere"):
        program = call(post)
        missing = program.get(parts_url(plan, f"{NONE_SUCH}/resources/")).json()
        release = f"{path}{promise.uuid}/release/"
        answers = [
            program.get(path),
            program.send("POST", path, wanted(resource)),
            program.send("POST", release),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
        assert all(answer.json() == missing for answer in answers)
    assert stored(staff) == before


def test_a_promise_is_released_below_its_own_activity_alone(staff: Staff, call: Call) -> None:
    plan, resource = circulated(staff), resource_make(staff)
    promise = ask(staff, plan, resource)
    elsewhere = f"{asking(staff, circulated(staff))}{promise.uuid}/release/"
    assert call("cim").send("POST", elsewhere).status_code == 404
    assert stored(staff)[1][0]["state"] == "asked"


def test_for_a_plan_that_is_over_nothing_is_asked(staff: Staff, call: Call) -> None:
    resource = resource_make(staff)
    plan = take(staff, active(staff), "cim", "complete", note="Reached")
    refused = call("cim").send("POST", asking(staff, plan), wanted(resource))
    assert (refused.status_code, refused.json()["type"].rsplit("problem-")[-1]) == (409, "not-possible")


def test_an_offer_and_an_asking_are_carried_out_once(staff: Staff, call: Call) -> None:
    first, again = (call("unit").send("POST", URL, offer(staff), Idempotency_Key="one") for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    plan, resource = circulated(staff), resource_make(staff)
    for _ in range(2):
        said = call("cim").send("POST", asking(staff, plan), wanted(resource), Idempotency_Key="two")
        assert said.status_code == 201
    assert [len(rows) for rows in stored(staff)] == [2, 1]


def test_queries_do_not_grow_with_rows(staff: Staff, call: Call) -> None:
    plan = plan_file(staff)
    readers = [staff.organisations["force"].group_id]
    ask(staff, plan, resource_make(staff, opens_to="named", readers=readers))

    def counted(post: str, path: str) -> int:
        program = call(post)
        program.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert program.get(path).status_code == 200
        return len(captured.captured_queries)

    paths = [("unit", URL), ("cim", URL), ("cim", asking(staff, plan)), ("unit", f"{URL}asked/")]
    few = [counted(*each) for each in paths]
    for number in range(4):
        made = resource_make(staff, opens_to="named", readers=readers)
        ask(staff, plan if number % 2 else plan_file(staff), made)
    assert [counted(*each) for each in paths] == few
