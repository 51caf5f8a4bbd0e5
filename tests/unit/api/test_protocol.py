"""What every address keeps to: problems, methods, bodies, tokens, sessions, limits, keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from apps.api.models import IdempotencyKey
from apps.records.models import Record
from tests.unit.api.conftest import LIST, PROBLEM, Caller, Town, tag, town_make

Call = Callable[[str], Caller]
ADDRESSES = (
    "",
    "me/",
    "aid-requests/",
    "areas/",
    "sectors/",
    "terms/",
    "positions/",
    "organisations/",
    "compartments/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_anonymous_callers_are_asked_to_sign_in(call: Call, address: str) -> None:
    refused = call("").get(f"/api/v1/{address}")
    assert (refused.status_code, refused["Content-Type"]) == (401, PROBLEM)
    assert refused["WWW-Authenticate"].startswith("Token")
    assert call("requester").get(f"/api/v1/{address}").status_code == 200


def test_a_bad_token_is_refused_even_beside_a_session(town: Town, call: Call) -> None:
    client = Client()
    client.force_login(town.people["requester"])
    assert client.get(LIST).status_code == 200
    refused = client.get(LIST, headers={"Authorization": "Token 0123456789abcdef"})
    assert refused.status_code == 401
    assert "results" not in refused.json()


def test_a_session_needs_the_csrf_token(town: Town, call: Call) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["requester"])
    refused = client.post(LIST, json.dumps({"title": "Forged"}), content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, PROBLEM)
    assert call("requester").get(LIST).json()["results"] == []


@pytest.mark.parametrize(
    ("body", "content_type", "status", "problem"),
    [
        ("{", "application/json", 400, "malformed"),
        ("[]", "application/json", 400, "malformed"),
        ("null", "application/json", 400, "malformed"),
        ('"title"', "application/json", 400, "malformed"),
        ("", "application/json", 400, "invalid"),
        ('{"title": NaN}', "application/json", 400, "malformed"),
        ('{"title": "\\ud800"}', "application/json", 400, "malformed"),
        (b'{"title": "\xff"}', "application/json", 400, "malformed"),
        ("[" * 200_000, "application/json", 400, "malformed"),
        ('{"people_targeted": ' + "9" * 5000 + "}", "application/json", 400, "malformed"),
        ('{"title": "' + "x" * 2_700_000 + '"}', "application/json", 413, "too-large"),
        ("title=x", "application/x-www-form-urlencoded", 415, "media-type"),
        ("<title/>", "text/xml", 415, "media-type"),
    ],
)  # fmt: skip
def test_bodies_that_cannot_be_read(
    call: Call, body: Any, content_type: str, status: int, problem: str
) -> None:
    refused = call("requester").client.generic("POST", LIST, body, content_type=content_type)
    assert (refused.status_code, refused["Content-Type"]) == (status, PROBLEM), refused.content[:200]
    assert refused.json()["type"] == f"/api/v1/docs/#problem-{problem}"


def test_methods_and_representations(call: Call, draft: dict[str, Any]) -> None:
    me = call("requester")
    for method in ("PUT", "DELETE", "TRACE", "QUERY"):
        refused = me.send(method, draft["url"])
        assert (refused.status_code, refused["Content-Type"]) == (405, PROBLEM), method
        assert "PATCH" in refused["Allow"]
    assert me.get(draft["url"], Accept="text/html").status_code == 406
    options = me.send("OPTIONS", draft["url"])
    assert (options.status_code, options.content, options["Allow"]) == (204, b"", "GET, PATCH, HEAD, OPTIONS")
    assert me.send("HEAD", draft["url"])["ETag"] == tag(draft)


@pytest.mark.parametrize(
    "address", ["nothing/", "aid-requests/not-a-uuid/", "aid-requests", "aid-requests/1/", "users/", "a%0Ab/"]
)
def test_no_such_address_is_a_problem(call: Call, address: str) -> None:
    refused = call("requester").get(f"/api/v1/{address}")
    assert (refused.status_code, refused["Content-Type"]) == (404, PROBLEM)
    assert call("").get(f"/api/v1/{address}").status_code == 401


def test_a_person_without_a_position(call: Call) -> None:
    nobody = call("nobody")
    assert nobody.get(LIST).status_code == 403
    assert nobody.post(LIST, {"title": "x"}).status_code == 403
    me = nobody.get("/api/v1/me/").json()
    assert (me["mission"], me["positions"]) == (None, [])


def test_limits_are_per_person(call: Call) -> None:
    cache.clear()
    with override_settings(API_WRITES_PER_MINUTE=2, API_READS_PER_MINUTE=3):
        me = call("requester")
        assert [me.get(LIST).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = me.get(LIST)
        assert refused["Content-Type"] == PROBLEM
        assert 1 <= int(refused["Retry-After"]) <= 61
        assert [me.post(LIST, {"title": "x"}).status_code for _ in range(3)] == [201, 201, 429]
        assert call("other_requester").get(LIST).status_code == 200
    cache.clear()


def test_a_key_is_carried_out_once(call: Call) -> None:
    me = call("requester")
    first = me.post(LIST, {"title": "Once", "priority": 1}, Idempotency_Key="k-1")
    again = me.post(LIST, '{"priority": 1, "title": "Once"}', Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = me.post(LIST, {"title": "Other"}, Idempotency_Key="k-1")
    assert (other.status_code, other["Content-Type"]) == (422, PROBLEM)
    assert other.json()["type"].endswith("#problem-key-reused")
    assert len(me.get(LIST).json()["results"]) == 1
    elsewhere = call("other_requester").post(LIST, {"title": "Once", "priority": 1}, Idempotency_Key="k-1")
    assert elsewhere.json()["id"] != first.json()["id"]


def test_a_refused_write_leaves_nothing_and_frees_its_key(call: Call, draft: dict[str, Any]) -> None:
    me = call("requester")
    body = {"title": "New", "cargo": [{"item": "Rice", "quantity": 0}]}
    assert me.post(LIST, body, Idempotency_Key="k-2").status_code == 400
    assert me.post(LIST, body | {"cargo": []}, Idempotency_Key="k-2").status_code == 201
    for bad in ("", "x" * 256, "schlüssel"):
        refused = me.post(LIST, {"title": "x"}, Idempotency_Key=bad)
        assert refused.status_code == 400, bad
        assert "Idempotency-Key" in refused.json()["errors"]


def test_repeated_edits_steps_and_comments(call: Call, draft: dict[str, Any]) -> None:
    me = call("requester")
    for _ in range(2):
        edited = me.patch(draft["url"], {"title": "Edited"}, If_Match=tag(draft), Idempotency_Key="e")
        assert edited.status_code == 200, edited.content
        assert edited.json()["version"] > draft["version"]
        said = me.post(f"{draft['url']}comments/", {"text": "Hello"}, Idempotency_Key="c")
        assert said.status_code == 201
        gone = me.post(f"{draft['url']}transitions/withdraw/", {"note": "Not needed"}, Idempotency_Key="w")
        assert gone.status_code == 200, gone.content
    assert len(me.get(f"{draft['url']}comments/").json()["results"]) == 1
    assert [e["state"] for e in me.get(f"{draft['url']}timeline/").json()["results"] if e["state"]].count(
        "withdrawn"
    ) == 1


def test_keys_are_read_by_their_owner_alone(call: Call, town: Town) -> None:
    from apps.need_to_know.acting import acting_as

    call("requester").post(LIST, {"title": "Mine"}, Idempotency_Key="k-3")
    with acting_as(town.people["requester"], town.mission):
        assert IdempotencyKey.objects.filter(key="k-3").count() == 1
    with acting_as(town.people["other_requester"], town.mission):
        assert IdempotencyKey.objects.count() == 0


def test_twenty_at_once_make_one_record(committed_db: str) -> None:
    town = town_make()

    def file(_number: int) -> tuple[int, str]:
        try:
            answer = Caller(town.tokens["requester"]).post(
                LIST, {"title": "At once"}, Idempotency_Key="storm"
            )
            return answer.status_code, answer.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(file, range(20)))
    assert {status for status, _id in answers} == {201}
    assert len({uuid for _status, uuid in answers}) == 1
    from apps.need_to_know.acting import acting_as

    with acting_as(town.people["requester"], town.mission):
        assert Record.objects.count() == 1
