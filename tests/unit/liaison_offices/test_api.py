"""Liaison by programs: links, the matrix, whom to call, hosts and counterparts; refused as pages refuse."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.liaison_offices.models import LiaisonLink, Responsibility
from apps.stakeholders.models import Presence
from tests.factories.liaison import engagement_file, engagement_reported, link_make, office_open
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_registered

LINKS = "/api/v1/liaison-links/"


@pytest.fixture
def ends(staff: Staff) -> tuple[Any, Any]:
    force = stakeholder_registered(
        staff, side="mission_military", kind="component", organisation=staff.organisations["force"]
    )
    return force, stakeholder_registered(staff)


def body(ends: tuple[Any, Any], **more: Any) -> dict[str, Any]:
    return {
        "a": str(ends[0].uuid),
        "b": str(ends[1].uuid),
        "level": "operational",
        "mode": "exchange",
        **more,
    }


def send(client: Client, method: str, address: str, data: dict[str, Any]) -> Any:
    return getattr(client, method)(address, data, content_type="application/json")


def test_a_link_is_made_read_and_changed(staff: Staff, ends: tuple[Any, Any], client: Client) -> None:
    client.force_login(staff.people["cim"])
    made = send(
        client, "post", LINKS, body(ends, primary=str(staff.positions["cim"].uuid), area=staff.area.pcode)
    )
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["a"], said["b_title"], said["last_contact_on"]) == (str(ends[0].uuid), ends[1].title, None)
    engagement_reported(staff, ends[1])
    address = f"{LINKS}{said['id']}/"
    assert client.get(address).json()["last_contact_on"]
    changed = send(client, "patch", address, {"mode": "ad_hoc"})
    assert (changed.status_code, changed.json()["mode"]) == (200, "ad_hoc")
    assert [row["id"] for row in client.get(LINKS).json()["results"]] == [said["id"]]
    assert list(send(client, "patch", address, {"a": str(ends[1].uuid)}).json()["errors"]) == ["a"]


def test_what_forbids_a_link_stands_at_its_field(staff: Staff, ends: tuple[Any, Any], client: Client) -> None:
    client.force_login(staff.people["cmc"])
    ocha = stakeholder_registered(staff, stance="via_ocha")
    refused = send(client, "post", LINKS, body((ends[0], ocha)))
    assert list(refused.json()["errors"]) == ["mode"]
    same = send(client, "post", LINKS, body((ends[0], ends[0])))
    assert list(same.json()["errors"]) == ["b"]
    link_make(staff, *ends)
    assert list(send(client, "post", LINKS, body(ends)).json()["errors"]) == ["level"]


def test_a_hidden_end_is_answered_as_one_that_never_was(
    staff: Staff, ends: tuple[Any, Any], client: Client
) -> None:
    hidden = stakeholder_registered(staff, scope="organisation")
    link = link_make(staff, ends[1], hidden)
    client.force_login(staff.people["clu"])
    missing = body(ends, b="7d6c8a52-0000-4000-8000-000000000001")
    answers = [send(client, "post", LINKS, each) for each in (body((ends[0], hidden)), missing)]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]
    assert client.get(f"{LINKS}{link.uuid}/").status_code == 404
    assert client.get(LINKS).json()["results"] == []
    assert hidden.title not in client.get("/api/v1/liaison-matrix/").content.decode()


def test_an_office_that_one_may_not_know_is_null_on_the_link(
    staff: Staff, ends: tuple[Any, Any], client: Client
) -> None:
    link = link_make(staff, *ends, office=office_open(staff, scope="private"))
    client.force_login(staff.people["cim"])
    assert client.get(f"{LINKS}{link.uuid}/").json()["office"]
    client.force_login(staff.people["req"])
    assert client.get(f"{LINKS}{link.uuid}/").json()["office"] is None


def test_whoever_may_not_link_is_told_so(staff: Staff, ends: tuple[Any, Any], client: Client) -> None:
    client.force_login(staff.people["unit"])
    assert send(client, "post", LINKS, body(ends)).status_code == 403
    with staff.acting("cim"):
        assert not LiaisonLink.objects.exists()


def test_the_matrix_says_what_is_wrong(staff: Staff, ends: tuple[Any, Any], client: Client) -> None:
    link_make(staff, *ends, primary=None, mode="co_location")
    client.force_login(staff.people["req"])
    (line,) = client.get("/api/v1/liaison-matrix/").json()["links"]
    assert {each["kind"] for each in line["problems"]} == {"uncovered", "rule"}
    assert list(client.get("/api/v1/liaison-matrix/?colour=red").json()["errors"]) == ["colour"]


def test_whom_to_call_as_data(staff: Staff, ends: tuple[Any, Any], client: Client) -> None:
    office = office_open(staff)
    held = engagement_reported(staff, ends[1])
    with staff.acting("cim"):
        Responsibility.objects.create(office=office, area=staff.area)
        Presence.objects.create(stakeholder=ends[1], area=staff.area, status="ongoing")
    client.force_login(staff.people["req"])
    said = client.get(f"/api/v1/who-to-call/?area={staff.area.pcode}").json()
    assert [each["name"] for each in said["offices"]] == [office.title]
    there = {each["name"]: each for each in said["organisations"]}
    assert set(there) == {end.title for end in ends}, "who works there, and whose own place it is"
    assert there[ends[1].title]["agreed"]["agreed"] == held.agreed
    assert list(client.get("/api/v1/who-to-call/?area=XX").json()["errors"]) == ["area"]


def test_counterparts_are_named_and_taken_back(staff: Staff, ends: tuple[Any, Any], client: Client) -> None:
    filed = engagement_file(staff)
    client.force_login(staff.people["cim"])
    address = f"/api/v1/engagements/{filed.uuid}/counterparts/"
    named = send(client, "post", address, {"stakeholder": str(ends[1].uuid)})
    assert (named.status_code, [each["title"] for each in named.json()]) == (201, [ends[1].title])
    client.force_login(staff.people["req"])
    assert send(client, "post", address, {"stakeholder": str(ends[0].uuid)}).status_code == 403
    client.force_login(staff.people["cim"])
    assert send(client, "delete", address, {"stakeholder": str(ends[1].uuid)}).json() == []
