"""Asking, deciding, emergencies, audit and protocol for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import SharingProtocol
from apps.need_to_know.models import AccessRequest
from tests.factories.releases import signed_release
from tests.factories.staff import Staff
from tests.unit.access.conftest import NOWHERE, Signed, ask, break_open

API = "/api/v1"
Post = Callable[..., Any]


@pytest.fixture
def post(signed: Signed) -> Post:
    """Sends JSON as somebody."""

    def send(person: str | Client, path: str, body: dict[str, Any], **headers: str) -> Any:
        client = signed(person) if isinstance(person, str) else person
        return client.post(f"{API}{path}", json.dumps(body), content_type="application/json", headers=headers)

    return send


def question(reference: str, **changes: Any) -> dict[str, Any]:
    """A request for access."""
    until = (timezone.now() + timedelta(days=2)).isoformat()
    return {"reference": reference, "wanted": "full", "purpose": "A convoy.", "until": until} | changes


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_record(
    record: AidRequest, signed: Signed, post: Post
) -> None:
    client, answers = signed("clu"), []
    client.get(f"{API}/me/")
    for reference in (record.reference, NOWHERE):
        with transaction.atomic():
            with CaptureQueriesContext(connection) as asked:
                answer = post(client, "/access-requests/", question(reference))
            said = {
                name: value
                for name, value in answer.json().items()
                if name not in {"id", "reference", "until", "asked_at", "answer_by"}
            }
            answers.append((answer.status_code, said, len(asked)))
            transaction.set_rollback(True)
    assert answers[0] == answers[1]
    assert answers[0][0] == 201
    assert answers[0][1]["state"] == "open"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"wanted": "all"}, "wanted"),
        ({"purpose": " "}, "purpose"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"more": 1}, "more"),
        ({"position": "x"}, "position"),
    ],
)
def test_what_is_wrong_is_named(post: Post, changes: dict[str, Any], field: str) -> None:
    answer = post("clu", "/access-requests/", question(NOWHERE) | changes)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_a_key_asks_once(staff: Staff, signed: Signed, post: Post) -> None:
    client, body = signed("clu"), question(NOWHERE)
    answers = [post(client, "/access-requests/", body, Idempotency_Key="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(client.get(f"{API}/access-requests/").json()["results"]) == 1


def test_positions_of_others_and_those_that_read_nothing(staff: Staff, post: Post) -> None:
    stolen = question(NOWHERE, position=str(staff.positions["dec"].uuid))
    assert post("clu", "/access-requests/", stolen).status_code == 403
    assert post("aud", "/access-requests/", question(NOWHERE)).status_code == 403


def test_readers_are_told_that_they_read_it_and_may_ask_for_others(
    staff: Staff, record: AidRequest, post: Post
) -> None:
    answer = post("req", "/access-requests/", question(record.reference))
    assert answer.json()["errors"]["reference"] == ["You read this record already."]
    other = question(record.reference, reader=str(staff.positions["clu"].uuid))
    assert post("req", "/access-requests/", other).status_code == 201


def test_withdrawing(asked: AccessRequest, post: Post) -> None:
    path = f"/access-requests/{asked.uuid}/withdrawal/"
    assert post("cmc", path, {}).status_code == 404
    assert post("clu", path, {}).json()["state"] == "withdrawn"
    assert post("clu", path, {}).status_code == 403


def test_deciding(staff: Staff, record: AidRequest, asked: AccessRequest, signed: Signed, post: Post) -> None:
    path = f"/access-requests/{asked.uuid}/decision/"
    for person in ("clu", "req", "aud"):
        assert post(person, path, {"given": "full"}).status_code == 404
        assert signed(person).get(f"{API}/access-requests/to-decide/").json()["results"] == []
    (waiting,) = signed("rel").get(f"{API}/access-requests/to-decide/").json()["results"]
    assert (waiting["reference"], waiting["asker"]) == (record.reference, "Holder clu")
    assert post("rel", path, {"given": "everything"}).status_code == 400
    assert list(post("rel", path, {"given": "summary"}).json()["errors"]) == ["release"]
    decided = post("rel", path, {"given": "full", "answer": "Mind the detour."})
    assert decided.status_code == 200
    assert decided.json()["given"] == "full"
    assert post("rel", path, {"given": "refuse"}).status_code == 409
    (mine,) = signed("clu").get(f"{API}/access-requests/").json()["results"]
    assert (mine["state"], mine["opened"]) == ("given", record.reference)
    assert mine["answer"] == "Mind the detour."
    assert signed("clu").get(f"{API}/aid-requests/{record.uuid}/").status_code == 200


def test_a_refusal_shows_to_us_and_a_summary_opens(
    staff: Staff, record: AidRequest, asked: AccessRequest, signed: Signed, post: Post
) -> None:
    refused = post("rel", f"/access-requests/{asked.uuid}/decision/", {"given": "refuse", "remark": "No."})
    assert refused.json()["given"] == "refuse"
    (mine,) = signed("clu").get(f"{API}/access-requests/").json()["results"]
    assert (mine["state"], mine["given"], mine["opened"]) == ("open", "", None)
    release = signed_release(staff, record)
    second = ask(staff, record.reference, by="req_mission")
    body = {"given": "summary", "release": release.reference}
    answer = post("rel", f"/access-requests/{second.uuid}/decision/", body)
    assert answer.json()["summaries"] == [release.reference]
    (mine,) = signed("req_mission").get(f"{API}/access-requests/").json()["results"]
    assert mine["opened"] == release.reference


def test_emergencies_and_their_review(staff: Staff, record: AidRequest, signed: Signed, post: Post) -> None:
    body = {"reference": record.reference, "reason": "The convoy is under fire.", "minutes": 30}
    assert post("clu", "/emergency-accesses/", body).status_code == 403
    assert list(post("joc", "/emergency-accesses/", body | {"minutes": 500}).json()["errors"]) == ["minutes"]
    missing = post("joc", "/emergency-accesses/", body | {"reference": NOWHERE})
    assert list(missing.json()["errors"]) == ["reference"]
    opened = post("joc", "/emergency-accesses/", body)
    assert opened.status_code == 201
    assert signed("joc").get(f"{API}/aid-requests/{record.uuid}/").status_code == 200
    (use,) = signed("rel").get(f"{API}/emergency-accesses/to-review/").json()["results"]
    assert use["person"] == "Holder joc"
    path = f"/emergency-accesses/{use['id']}/review/"
    verdict = {"justified": False, "note": "It was no emergency."}
    assert post("joc", path, verdict).status_code == 403
    assert post("clu", path, verdict).status_code == 404
    assert post("rel", path, {"justified": True}).status_code == 400
    assert post("rel", path, verdict).json()["verdict"] == "unjustified"
    assert post("rel", path, verdict).status_code == 409
    (mine,) = signed("joc").get(f"{API}/emergency-accesses/").json()["results"]
    assert mine["review_note"] == "It was no emergency."


def test_auditors_read_the_log_and_others_find_none(staff: Staff, record: AidRequest, signed: Signed) -> None:
    break_open(staff, record.reference)
    signed("joc").get(f"{API}/aid-requests/{record.uuid}/")
    for person in ("rel", "joc", "req"):
        assert signed(person).get(f"{API}/audit/reads/").status_code == 404
    client = signed("aud")
    (read,) = client.get(f"{API}/audit/reads/?via=emergency").json()["results"]
    assert (read["person"], read["channel"], read["reference"]) == ("Holder joc", "api", record.reference)
    assert client.get(f"{API}/audit/reads/?channel=page").json()["results"] == []
    for wrong in ("channel=x", "first_day=x", "last_day=2026-13-01", "what=1", "after=x"):
        assert client.get(f"{API}/audit/reads/?{wrong}").status_code == 400


def test_the_protocol(staff: Staff, signed: Signed) -> None:
    client = signed("req")
    assert client.get(f"{API}/protocol/").status_code == 404
    made = SharingProtocol.objects.create(
        mission=staff.mission, version="1", title="How we share", state="in_force",
        breach_position=staff.positions["cmc"],
    )  # fmt: skip
    made.default_labels.create(record_type="aid_request", classification=1, sensitivity=2, scope="mission")
    said = client.get(f"{API}/protocol/").json()
    assert (said["title"], said["breach_position"]) == ("How we share", "Post cmc, Agency House")
    assert said["default_labels"][0]["record_type"] == "aid_request"
