"""Fields under a rule through the API: left out with their names, kept when somebody edits, rounded for readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.mission.models import DataType, Organisation, ProtocolLine, SharingProtocol
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give
from apps.records.models import Record
from apps.records.transitions import addressees_add
from tests.unit.api.conftest import LIST, Caller, Town, tag

Call = Callable[[str], Caller]
CONTACT = {
    "contact_name": "Zebedee Quartz",
    "contact_phone": "+211 955 123 456",
    "contact_email": "zq@relief.invalid",
}
POINT = {"destination_latitude": 6.20712, "destination_longitude": 31.55866}


@pytest.fixture
def filed(call: Call, town: Town) -> dict[str, Any]:
    """A draft with a contact and a point, granted to another requester to read, with the joint operations centre
    drawn into it.
    """
    answer = call("requester").post(LIST, {"title": "Trucks", "kind": "medical", **CONTACT, **POINT})
    assert answer.status_code == 201, answer.content
    said: dict[str, Any] = answer.json()
    with acting_as(town.people["requester"], town.mission) as actor:
        record = Record.objects.get(uuid=said["id"])
        grant_give(
            actor, record=record, to=town.positions["other_requester"], right="view_record", reason="see"
        )
        joc = town.positions["joc"]
        addressees_add(record, type(joc).objects.filter(pk=joc.pk), "JOC")
    return said


def test_i07_a_mere_reader_is_not_told_that_there_is_a_contact(call: Call, filed: dict[str, Any]) -> None:
    said = call("other_requester").get(filed["url"])
    assert said.status_code == 200
    assert "contact" not in said.content.decode()
    assert not set(CONTACT) & set(said.json())


def test_i07_the_parties_have_the_contact(call: Call, filed: dict[str, Any]) -> None:
    for person in ("requester", "joc"):
        said = call(person).get(filed["url"]).json()
        assert {name: said[name] for name in CONTACT} == CONTACT


def test_i08_readers_have_the_point_rounded_and_are_told_so(call: Call, filed: dict[str, Any]) -> None:
    party, reader = call("joc").get(filed["url"]).json(), call("other_requester").get(filed["url"]).json()
    assert {name: party[name] for name in POINT} == POINT
    assert party["coordinate_decimals"] is None
    assert (reader["destination_latitude"], reader["destination_longitude"]) == (6.207, 31.559)
    assert reader["coordinate_decimals"] == 3
    at = call("requester").get(filed["url"])
    severe = call("requester").patch(filed["url"], {"sensitivity": 3}, If_Match=at["ETag"])
    assert severe.status_code == 200, severe.content
    assert {name: severe.json()[name] for name in POINT} == POINT
    assert "latitude" not in call("other_requester").get(filed["url"]).content.decode()


def test_i07_what_an_edit_does_not_name_is_kept_and_what_it_empties_is_gone(
    call: Call, filed: dict[str, Any]
) -> None:
    me = call("requester")
    at = me.get(filed["url"])
    changed = me.patch(filed["url"], {"title": "Boats", "contact_name": ""}, If_Match=at["ETag"])
    assert changed.status_code == 200, changed.content
    expected = CONTACT | {"contact_name": ""}
    assert {name: changed.json()[name] for name in CONTACT} == expected
    assert {name: me.get(filed["url"]).json()[name] for name in CONTACT} == expected
    # The value that every reader sees, meant this time.
    meant = me.patch(
        filed["url"], {"destination_latitude": 6.207, "destination_longitude": 31.559},
        If_Match=tag(changed.json()),
    )  # fmt: skip
    assert meant.status_code == 200, meant.content
    assert call("joc").get(filed["url"]).json()["destination_latitude"] == 6.207
    gone = me.patch(
        filed["url"],
        {"destination_latitude": None, "destination_longitude": None},
        If_Match=tag(meant.json()),
    )
    assert gone.json()["destination_latitude"] is None
    assert call("joc").get(filed["url"]).json()["destination_longitude"] is None


def test_i07_timeline_and_list_say_nothing_of_the_contact(call: Call, filed: dict[str, Any]) -> None:
    for address in (f"{filed['url']}timeline/", LIST, "/api/v1/search/?q=Trucks"):
        said = call("other_requester").get(address)
        assert said.status_code == 200, address
        assert not [
            word
            for word in (*CONTACT.values(), *map(str, POINT.values()), "Telephone")
            if word in said.content.decode()
        ]
    assert call("joc").get("/api/v1/search/?q=Quartz").json()["results"] == []


def test_kinds_of_protected_data_by_code(call: Call, filed: dict[str, Any], town: Town) -> None:
    me = call("requester")
    rows = me.get("/api/v1/data-types/").json()["results"]
    assert [row["code"] for row in rows] == ["beneficiary", "source", "staff"]
    assert all(row["barred_sides"] == ["mission_military"] for row in rows)
    staff = DataType.objects.get(mission=town.mission, code="staff")
    protocol = SharingProtocol.objects.create(mission=town.mission, version="1", title="P", state="in_force")
    ProtocolLine.objects.create(protocol=protocol, data_type=staff, sensitivity=2)
    at = me.get(filed["url"])["ETag"]
    refused = me.patch(filed["url"], {"data_types": ["staff"]}, If_Match=at)
    assert refused.status_code == 400, refused.content
    assert list(refused.json()["errors"]) == ["sensitivity"]
    unknown = me.patch(filed["url"], {"data_types": ["gossip"]}, If_Match=at)
    assert list(unknown.json()["errors"]) == ["data_types"]
    taken = me.patch(filed["url"], {"data_types": ["staff"], "sensitivity": 2}, If_Match=at)
    assert taken.status_code == 200, taken.content
    assert taken.json()["data_types"] == ["staff"]
    # The ceiling of the military side overrides that it was drawn in.
    assert call("joc").get(filed["url"]).status_code == 404


def test_i20_files_of_protected_data_are_not_there_for_a_barred_side(
    call: Call, filed: dict[str, Any]
) -> None:
    url = f"{filed['url']}attachments/"
    sent = {"file": SimpleUploadedFile("staff-of-bor.txt", b"Names"), "data_types": ["staff"]}
    added = call("requester").client.post(url, sent)
    assert added.status_code == 201, added.content
    assert added.json()["data_types"] == ["staff"]
    assert call("other_requester").get(url).json()["results"] == [added.json()]
    assert call("joc").get(url).json()["results"] == []
    assert call("joc").get(added.json()["url"]).status_code == 404
    assert call("other_requester").get(added.json()["url"]).status_code == 200
    barred = call("joc").client.post(url, {**sent, "file": SimpleUploadedFile("b.txt", b"Names")})
    assert list(barred.json()["errors"]) == ["data_types"]


def test_who_is_barred_from_a_kind_files_no_record_that_holds_it(call: Call, town: Town) -> None:
    Organisation.objects.filter(mission=town.mission, name="Relief North").update(side="mission_military")
    refused = call("requester").post(LIST, {"title": "Staff", "kind": "medical", "data_types": ["staff"]})
    assert list(refused.json()["errors"]) == ["data_types"]
