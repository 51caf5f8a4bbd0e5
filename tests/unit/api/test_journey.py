"""An armed escort from draft to closed, each step by the person whose duty it is, as programs would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.unit.api.conftest import LIST, PROBLEM, Caller, Town, tag

Call = Callable[[str], Caller]


def soon(days: float) -> str:
    """A moment ahead, as JSON."""
    return (timezone.now() + timedelta(days=days)).isoformat()


def escort() -> dict[str, Any]:
    """Everything that an armed escort must answer."""
    criteria = ("humanitarian_need", "authorities", "security", "sustainability")
    return {
        "title": "Escort for seed and tools to County 2",
        "kind": "armed_escort",
        "priority": 2,
        "sector": "LOG",
        "area": "SS0102",
        "need_statement": "Seed for 900 households before the rains.",
        "people_targeted": 5400,
        "population_group": "returnees",
        "consequence_if_not_met": "The planting season is lost.",
        "origin_area": "SS0101",
        "origin_place": "Warehouse 4",
        "origin_latitude": 9.53,
        "origin_longitude": 31.65,
        "destination_place": "Market square",
        "ready_to_load": soon(3),
        "needed_by": soon(5),
        "end_date": soon(9)[:10],
        "last_resort_justification": "River and air were tried.",
        "distinction_marking": True,
        "distinction_measures": "Marked trucks, own crew, distance of 200 m.",
        "escort_route": "Main road, then the ferry.",
        "escort_vehicles": 6,
        "escort_crew": "National staff",
        "escort_alternatives": "Waiting, another road.",
        **{f"{name}_text": f"About {name}" for name in criteria},
        **{f"{name}_met": name != "sustainability" for name in criteria},
        "common_position": "Agreed on 2 November.",
        "discontinuation_plan": "Review after each convoy.",
        "contact_name": "Warehouse keeper",
        "contact_phone": "+211 000 000",
        "cost_basis": "no_cost",
        "cargo": [{"item": "Seed", "quantity": 400, "unit": "bags", "weight_mt": 20}],
        "alternatives": [
            {"option": "civilian-truck", "result": "not_safe", "evidence": "Two refusals by hauliers."}
        ],
    }


def test_an_escort_from_draft_to_closed(call: Call, town: Town) -> None:
    filed = call("requester").post(LIST, {"title": "Escort", "kind": "armed_escort"})
    url = filed.json()["url"]

    def take(person: str, name: str, **body: Any) -> dict[str, Any]:
        offered = {step["name"]: step for step in call(person).get(f"{url}transitions/").json()["results"]}
        assert name in offered, (person, name, sorted(offered))
        wanted = {need["name"] for need in offered[name]["fields"] if need["required"]}
        assert wanted <= set(body), (name, wanted)
        done = call(person).post(f"{url}transitions/{name}/", body)
        assert done.status_code == 200, done.content
        shown: dict[str, Any] = done.json()
        assert done["ETag"] == tag(shown)
        return shown

    early = call("requester").post(f"{url}transitions/submit/")
    assert (early.status_code, early["Content-Type"]) == (422, PROBLEM)
    assert {"security_text", "alternatives", "discontinuation_plan"} <= set(early.json()["errors"])
    saved = call("requester").patch(url, escort(), If_Match=filed["ETag"])
    assert saved.status_code == 200, saved.content
    assert call("cluster").get(url).status_code == 404

    assert take("requester", "submit")["state"] == "submitted"
    assert call("requester").patch(url, {"title": "Later"}, If_Match='"1"').status_code == 403
    take("cluster", "validate", need_is_real=True, not_duplicate=True, cluster_priority=2)
    take("cmcoord", "endorse", last_resort=True, distinction=True, time_bound=True)
    take("cmcoord", "transmit")
    take("cimic", "query", question="How heavy is the load?")
    take("requester", "answer", answer="Twenty tonnes.")
    early = call("cimic").post(
        f"{url}transitions/recommend/", {"advice": "approve", "capacity": "x", "reasons": "y"}
    )
    assert early.status_code == 422, early.content
    take("security", "give_opinion", outcome="with_measures", reasons="Daylight only.")
    take("cimic", "recommend", advice="approve", capacity="One platoon", reasons="Within means.")
    approved = take("decider", "approve", explanation="Exception for one criterion.")
    assert approved["decisions"][0]["unmet_criteria"] == ["sustainability"]
    unit = str(town.positions["unit"].uuid)
    tasked = take(
        "joc", "task", order_ref="FRAGO 12", unit=unit, task="Escort six trucks.", report_by=soon(6)
    )
    assert tasked["taskings"][0]["unit"] == unit
    take("unit", "accept")
    take("unit", "report_done", note="All trucks arrived.")
    closed = take("requester", "confirm", need_met="full", timeliness="on_time", conduct="good")
    assert closed["state"] == "closed"

    states = [e["state"] for e in call("requester").get(f"{url}timeline/").json()["results"] if e["state"]]
    assert states[0] == "closed"
    assert states[-1] in ("draft", "submitted")
    assert call("requester").get(f"{url}transitions/").json()["results"] == []
    assert call("other_requester").get(url).status_code == 404


def test_steps_are_refused_by_kind_of_refusal(call: Call, draft: dict[str, Any]) -> None:
    me, url = call("requester"), draft["url"]
    unknown = me.post(f"{url}transitions/fly/")
    closed = me.post(f"{url}transitions/confirm/", {"need_met": "full"})
    stale = me.post(f"{url}transitions/withdraw/", {"note": "x"}, If_Match='"1"')
    assert [a.status_code for a in (unknown, closed, stale)] == [409, 409, 412]
    assert {a["Content-Type"] for a in (unknown, closed, stale)} == {PROBLEM}
    assert me.get(url).json() == draft


def test_wrong_values_of_a_step_are_told_at_their_fields(call: Call) -> None:
    filed = call("requester").post(LIST, escort())
    assert filed.status_code == 201, filed.content
    url = filed.json()["url"]
    assert call("requester").post(f"{url}transitions/submit/").status_code == 200
    good = {"need_is_real": True, "not_duplicate": True, "cluster_priority": 2}
    for wrong, field in (
        ({"need_is_real": "yes"}, "need_is_real"),
        ({"cluster_priority": "highest"}, "cluster_priority"),
        ({"cluster_priority": [1]}, "cluster_priority"),
        ({"cluster_priority": True}, "cluster_priority"),
        ({"remarks": {"a": 1}}, "remarks"),
        ({"remarks": "nul \0"}, "remarks"),
        ({"remark": "misspelt"}, "remark"),
        ({"note": "x" * 4001}, "note"),
    ):
        refused = call("cluster").post(f"{url}transitions/validate/", good | wrong)
        assert (refused.status_code, refused["Content-Type"]) == (400, PROBLEM), (wrong, refused.content)
        assert field in refused.json()["errors"], refused.json()
    back = call("cluster").post(f"{url}transitions/return/", {})
    assert "note" in back.json()["errors"]
    assert call("requester").get(url).json()["state"] == "submitted"
    assert call("requester").post(f"{url}transitions/validate/", good).status_code == 403
