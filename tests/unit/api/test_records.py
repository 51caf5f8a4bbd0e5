"""Reading, filing and editing records through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.mission.models import Holding, Position, PositionRole
from tests.unit.api.conftest import LIST, PROBLEM, Caller, Town, tag

Call = Callable[[str], Caller]


def test_a_record_filed_is_a_draft_of_the_callers_position(
    call: Call, draft: dict[str, Any], town: Town
) -> None:
    shown = call("requester").get(draft["url"])
    assert shown.status_code == 200
    assert shown.json() == draft
    assert shown["ETag"] == f'"{draft["version"]}"'
    assert shown["Cache-Control"] == "no-store"
    assert draft["state"] == "draft"
    assert draft["filed_as"] == str(town.positions["requester"].uuid)
    assert draft["originator"]["name"] == "Relief North"
    assert draft["cargo"] == []


def test_structure_is_named_by_code(call: Call, draft: dict[str, Any]) -> None:
    body = {"area": "SS0101", "sector": "LOG", "population_group": "returnees", "compartments": ["convoys"]}
    changed = call("requester").patch(draft["url"], body, If_Match=tag(draft))
    assert changed.status_code == 200, changed.content
    said = changed.json()
    assert {name: said[name] for name in body} == body


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"area": "ZZ99"}, "area"),
    ({"area": 1}, "area"),
    ({"area": ["SS0101"]}, "area"),
    ({"population_group": "civilian-truck"}, "population_group"),
    ({"compartments": ["hidden"]}, "compartments"),
    ({"compartments": "convoys"}, "compartments"),
    ({"compartments": [{"a": 1}]}, "compartments.0"),
    ({"title": ""}, "title"),
    ({"title": "x" * 201}, "title"),
    ({"title": "nul \0"}, "title"),
    ({"title": None}, "title"),
    ({"title": {"a": 1}}, "title"),
    ({"kind": "spaceship"}, "kind"),
    ({"kind": ["uav"]}, "kind"),
    ({"priority": 9}, "priority"),
    ({"priority": True}, "priority"),
    ({"people_targeted": -1}, "people_targeted"),
    ({"people_targeted": 10**12}, "people_targeted"),
    ({"people_targeted": "many"}, "people_targeted"),
    ({"needed_by": "tomorrow"}, "needed_by"),
    ({"needed_by": 5}, "needed_by"),
    ({"destination_latitude": 91, "destination_longitude": 1}, "destination_latitude"),
    ({"destination_latitude": 9}, "destination_longitude"),
    ({"destination_latitude": "north"}, "destination_latitude"),
    ({"contact_email": "nobody"}, "contact_email"),
    ({"is_emergency": True, "priority": 3}, "is_emergency"),
    ({"classification": 2}, "classification"),
    ({"classification": "secret"}, "classification"),
    ({"scope": "world"}, "scope"),
    ({"cargo": {}}, "cargo"),
    ({"cargo": ["rice"]}, "cargo.0"),
    ({"cargo": [{"item": "rice"}]}, "cargo.0.quantity"),
    ({"cargo": [{"item": "rice", "quantity": 1}, {"item": "fuel", "quantity": 1, "hazardous": True}]},
     "cargo.1.hazard_class"),
    ({"cargo": [{"item": "rice", "quantity": 1, "wings": 2}]}, "cargo.0.wings"),
    ({"cargo": [{"item": "rice", "quantity": 1}] * 51}, "cargo"),
    ({"alternatives": [{"option": "returnees", "result": "refused", "evidence": "e-mail"}]},
     "alternatives.0.option"),
    ({"clearances": [{"authority": "a", "reference": "b", "valid_from": "2026-02-02",
                      "valid_to": "2026-02-01"}]},
     "clearances.0.valid_to"),
    ({"titel": "misspelt"}, "titel"),
]  # fmt: skip


def test_every_wrong_value_is_answered_at_its_field(call: Call, draft: dict[str, Any]) -> None:
    me, missed = call("requester"), []
    for body, field in WRONG:
        edited = me.patch(draft["url"], body, If_Match=tag(draft))
        filed = me.post(LIST, {"title": "Another", **body})
        for refused in (edited, filed):
            said = refused.json().get("errors", {}).get(field)
            if (refused.status_code, refused["Content-Type"]) != (400, PROBLEM) or not isinstance(said, list):
                missed.append((body, refused.status_code, refused.content))
    assert missed == []


def test_nothing_of_a_refused_write_is_kept(call: Call, draft: dict[str, Any]) -> None:
    body = {"title": "Half", "cargo": [{"item": "rice", "quantity": 1}], "destination_latitude": 9}
    assert call("requester").patch(draft["url"], body, If_Match=tag(draft)).status_code == 400
    assert call("requester").post(LIST, body).status_code == 400
    assert call("requester").get(draft["url"]).json() == draft
    assert len(call("requester").get(LIST).json()["results"]) == 1


def test_rows_are_replaced_as_a_whole(call: Call, draft: dict[str, Any]) -> None:
    rice = {"item": "Rice", "quantity": 400, "unit": "bags", "weight_mt": 20}
    fuel = {"item": "Fuel", "quantity": 2.5, "unit": "drums", "hazardous": True, "hazard_class": "3"}
    first = call("requester").patch(draft["url"], {"cargo": [rice, fuel]}, If_Match=tag(draft))
    assert first.status_code == 200, first.content
    assert [row["item"] for row in first.json()["cargo"]] == ["Rice", "Fuel"]
    assert first.json()["cargo"][1]["hazard_class"] == "3"
    again = call("requester").patch(draft["url"], {"title": "Only this"}, If_Match=first["ETag"])
    assert again.json()["cargo"] == first.json()["cargo"]
    last = call("requester").patch(draft["url"], {"cargo": [fuel]}, If_Match=again["ETag"])
    assert [row["item"] for row in last.json()["cargo"]] == ["Fuel"]
    assert last.json()["cargo"][0]["quantity"] == 2.5


def test_what_is_read_can_be_sent_back(call: Call, draft: dict[str, Any]) -> None:
    cargo = [{"item": "Rice", "quantity": 400}]
    body = {"cargo": cargo, "needed_by": "2031-01-01T10:00:00Z", "area": "SS0101",
            "destination_latitude": 9.5, "destination_longitude": 30.25}  # fmt: skip
    whole = call("requester").patch(draft["url"], body, If_Match=tag(draft))
    back = call("requester").patch(draft["url"], whole.json(), If_Match=whole["ETag"])
    assert back.status_code == 200, back.content
    changing = {"version", "updated_at"}
    assert {k: v for k, v in back.json().items() if k not in changing} == {
        k: v for k, v in whole.json().items() if k not in changing
    }


def test_an_edit_names_the_version_it_was_made_on(call: Call, draft: dict[str, Any]) -> None:
    me = call("requester")
    for given in ({}, {"If_Match": "*"}):
        refused = me.patch(draft["url"], {"title": "Blind"}, **given)
        assert refused.status_code == 428
        assert refused.json()["type"].endswith("#problem-version-needed")
    assert me.patch(draft["url"], {"title": "First"}, If_Match="W/" + tag(draft)).status_code == 200
    for wrong in (tag(draft), "1", '"nonsense"', '"99999999999999999999"'):
        stale = me.patch(draft["url"], {"title": "Second"}, If_Match=wrong)
        assert stale.status_code == 412, wrong
        assert stale["Content-Type"] == PROBLEM
    assert me.get(draft["url"]).json()["title"] == "First"


def test_only_editors_edit_and_only_those_who_may_file_file(
    call: Call, draft: dict[str, Any], town: Town
) -> None:
    to = str(town.positions["cimic"].uuid)
    shared = call("requester").post(f"{draft['url']}grants/", {"position": to, "reason": "advice"})
    assert shared.status_code == 201, shared.content
    assert call("cimic").get(draft["url"]).status_code == 200
    refused = call("cimic").patch(draft["url"], {"title": "Mine now"}, If_Match=tag(draft))
    assert (refused.status_code, refused["Content-Type"]) == (403, PROBLEM)
    assert call("cimic").post(LIST, {"title": "Mine"}).status_code == 403


def test_the_position_is_one_of_the_callers(call: Call, draft: dict[str, Any], town: Town) -> None:
    me, others = str(town.positions["requester"].uuid), str(town.positions["cimic"].uuid)
    assert call("requester").post(LIST, {"title": "As myself", "filed_as": me}).status_code == 201
    assert call("requester").post(LIST, {"title": "As another", "filed_as": others}).status_code == 403
    extra = Position.objects.create(
        mission=town.mission, organisation=town.positions["cluster"].organisation, title="Observer"
    )
    PositionRole.objects.create(position=extra, role="CLU")
    Holding.objects.create(person=town.people["requester"], position=extra)
    unfit = call("requester").post(LIST, {"title": "As an observer", "filed_as": str(extra.uuid)})
    assert (unfit.status_code, unfit["Content-Type"]) == (403, PROBLEM)
    moved = call("requester").patch(draft["url"], {"filed_as": others}, If_Match=tag(draft))
    assert "filed_as" in moved.json()["errors"]


def test_hidden_is_missing_alike(call: Call, draft: dict[str, Any]) -> None:
    missing = LIST + "00000000-0000-4000-8000-000000000000/"
    parts = ["", "transitions/", "transitions/submit/", "grants/", "comments/", "attachments/", "links/",
             "timeline/", "audience-preview/", f"attachments/{draft['id']}/"]  # fmt: skip
    asked = [("other_requester", method) for method in ("GET", "POST", "PATCH", "DELETE", "OPTIONS", "QUERY")]
    asked += [(person, method) for person in ("administrator", "nobody") for method in ("GET", "POST")]
    for person, method in asked:
        for part in parts:
            hidden = call(person).send(method, draft["url"] + part, If_Match=tag(draft))
            absent = call(person).send(method, missing + part, If_Match=tag(draft))
            assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content), (
                method,
                part,
            )
            assert hidden.status_code in {204, 404, 405, 415}, (person, method, part, hidden.content)
            assert hidden.headers.keys() == absent.headers.keys()


def test_hidden_and_missing_cost_the_same(call: Call, draft: dict[str, Any]) -> None:
    spent = []
    for path in (draft["url"], LIST + "00000000-0000-4000-8000-000000000000/"):
        with CaptureQueriesContext(connection) as queries:
            assert call("other_requester").get(path).status_code == 404
        spent.append(
            [q["sql"].split(" WHERE ")[0] for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]
        )
    assert spent[0] == spent[1]


def test_budgets(call: Call, draft: dict[str, Any]) -> None:
    me = call("requester")
    rows = {"cargo": [{"item": f"Item {n}", "quantity": 1} for n in range(50)]}
    assert me.patch(draft["url"], rows, If_Match=tag(draft)).status_code == 200
    for n in range(12):
        me.post(
            LIST, {"title": f"Number {n}", "area": "SS0101", "sector": "LOG", "compartments": ["convoys"]}
        )
    # One query of the second asks which way to the page is the shorter.
    for path, most in ((LIST, 7), (f"{LIST}?state=open&sort=-needed_by&area=SS01", 9), (draft["url"], 8)):
        with CaptureQueriesContext(connection) as queries:
            assert me.get(path).status_code == 200
        real = [q["sql"] for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]
        assert len(real) <= most, real
