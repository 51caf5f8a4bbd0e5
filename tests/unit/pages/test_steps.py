"""Starting and editing in steps:
one record however often a form is sent, nothing lost, nothing overwritten.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from apps.aid_requests.models import AidRequest
from apps.need_to_know.acting import acting_as
from apps.pages import once
from apps.records.services import record_update
from tests.cast.people import Cast
from tests.unit.pages.conftest import File, Signed

LABEL = {"classification": "0", "sensitivity": "1", "scope": "organisation"}
NEW = {"title": "Lift of seed", "kind": "lift", "priority": "3", **LABEL}


def _requests(cast: Cast, who: str = "owner") -> list[AidRequest]:
    with acting_as(cast.people[who], cast.mission):
        return list(AidRequest.objects.order_by("id"))


def _key(page: bytes) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', page.decode())
    assert found is not None
    return found[1]


def test_a_form_sent_twice_files_one_draft(signed: Signed, cast: Cast) -> None:
    client = signed("owner")
    page = client.get("/aid-requests/new/")
    assert page.status_code == 200
    sent = {**NEW, "idempotency_key": _key(page.content)}
    first, second = client.post("/aid-requests/new/", sent), client.post("/aid-requests/new/", sent)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert [r.title for r in _requests(cast)] == ["Lift of seed"]


def test_somebody_elses_key_opens_and_blocks_nothing(cast: Cast) -> None:
    with acting_as(cast.people["outsider"], cast.mission) as actor:
        foreign = once.key_for(actor)
        stolen = once.read(actor, foreign)
    with acting_as(cast.people["owner"], cast.mission) as actor:
        assert once.read(actor, foreign) != stolen
        assert once.read(actor, "broken") != once.read(actor, "broken")


def test_a_draft_saves_itself_from_the_first_title(signed: Signed, cast: Cast) -> None:
    client = signed("owner")
    key = _key(client.get("/aid-requests/new/").content)
    sent = {**NEW, "people_targeted": "many", "idempotency_key": key}
    answer = client.post("/aid-requests/new/", sent, headers={"X-Autosave": "1"})
    assert answer.status_code == 422
    body = answer.json()
    assert body["saved"] is True
    assert "people_targeted" in body["errors"]
    (made,) = _requests(cast)
    assert body["url"] == f"/aid-requests/{made.uuid}/edit/need/"
    assert body["fields"]["version"] == made.version
    untitled = client.post(
        "/aid-requests/new/", {**sent, "title": "", "idempotency_key": "x"}, headers={"X-Autosave": "1"}
    )
    assert untitled.status_code == 422
    assert untitled.json()["saved"] is False
    assert len(_requests(cast)) == 1


def test_bad_input_comes_back_with_what_was_typed(signed: Signed, cast: Cast) -> None:
    answer = signed("owner").post("/aid-requests/new/", {**NEW, "title": "", "people_targeted": "<many>"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in page
    assert "&lt;many&gt;" in page
    assert 'href="#id_title"' in page
    assert not _requests(cast)


def test_whoever_may_not_file_is_told(signed: Signed) -> None:
    assert signed("decider").get("/aid-requests/new/").status_code == 403
    assert signed("decider").post("/aid-requests/new/", NEW).status_code == 403


def test_a_step_is_saved_and_leads_on(signed: Signed, file: File, cast: Cast) -> None:
    request = file()
    url = f"/aid-requests/{request.uuid}/edit/need/"
    sent = {"title": "New title", "kind": "lift", "priority": "1", "version": request.version}
    answer = signed("owner").post(url, sent)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/edit/place/")
    (stored,) = _requests(cast)
    assert (stored.title, stored.priority) == ("New title", 1)


@pytest.mark.parametrize("version", ["", "0", "x", "99999999999"])
def test_a_lost_race_is_told_and_keeps_what_was_typed(
    signed: Signed, file: File, cast: Cast, version: str
) -> None:
    request = file()
    with acting_as(cast.people["owner"], cast.mission) as actor:
        record_update(actor, record=request, changes={"title": "Written by somebody else"})
    sent = {"title": "Typed by me", "kind": "lift", "priority": "1", "version": version}
    answer = signed("owner").post(f"/aid-requests/{request.uuid}/edit/need/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Typed by me" in page
    assert "Somebody changed this" in page
    assert f'name="version" value="{_requests(cast)[0].version}"' in page
    assert _requests(cast)[0].title == "Written by somebody else"
    itself = signed("owner").post(
        f"/aid-requests/{request.uuid}/edit/need/", sent, headers={"X-Autosave": "1"}
    )
    assert itself.status_code == 409
    assert itself.json()["saved"] is False


def test_saving_itself_keeps_sound_answers_and_names_the_others(
    signed: Signed, file: File, cast: Cast
) -> None:
    request = file(people_targeted=7)
    sent = {
        "title": "Sound",
        "kind": "armed_escort",
        "priority": "9",
        "people_targeted": "-4",
        "version": request.version,
    }
    answer = signed("owner").post(
        f"/aid-requests/{request.uuid}/edit/need/", sent, headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"priority", "people_targeted"}
    (stored,) = _requests(cast)
    assert (stored.title, stored.priority, stored.people_targeted) == ("Sound", 2, 7)
    assert answer.json()["fields"]["version"] == stored.version


def test_answers_that_contradict_each_other_are_put_back_together(
    signed: Signed, file: File, cast: Cast
) -> None:
    request = file()
    sent = {
        "destination_place": "Bor",
        "destination_latitude": "6.2",
        "duration_unit": "days",
        "version": request.version,
    }
    answer = signed("owner").post(
        f"/aid-requests/{request.uuid}/edit/place/", sent, headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 422
    (stored,) = _requests(cast)
    assert stored.destination_place == "Bor"
    assert stored.destination_latitude is None


def _rows(*rows: dict[str, Any], stored: int = 0) -> dict[str, Any]:
    sent: dict[str, Any] = {"cargo-TOTAL_FORMS": len(rows), "cargo-INITIAL_FORMS": stored}
    for number, row in enumerate(rows):
        sent |= {f"cargo-{number}-{name}": value for name, value in row.items()}
    return sent


FLOUR = {"item": "Flour", "quantity": "20", "unit": "bags"}


def test_rows_save_themselves_once_and_get_their_ids(signed: Signed, file: File, cast: Cast) -> None:
    request, client = file(), signed("owner")
    url = f"/aid-requests/{request.uuid}/edit/cargo/"
    sent = {**_rows(FLOUR, {"item": "Oil", "quantity": "lots", "unit": "drums"}), "version": request.version}
    answer = client.post(url, sent, headers={"X-Autosave": "1"})
    fields = answer.json()["fields"]
    assert answer.status_code == 422
    assert "cargo-1-quantity" in answer.json()["errors"]
    assert fields["cargo-INITIAL_FORMS"] == 1
    again = {**_rows({**FLOUR, "id": fields["cargo-0-id"]}, stored=1), "version": fields["version"]}
    assert client.post(url, again, headers={"X-Autosave": "1"}).status_code == 200
    with acting_as(cast.people["owner"], cast.mission):
        assert [line.item for line in request.cargo.all()] == ["Flour"]


def test_a_row_is_removed_by_the_button_alone(signed: Signed, file: File, cast: Cast) -> None:
    request, client = file(), signed("owner")
    url = f"/aid-requests/{request.uuid}/edit/cargo/"
    made = client.post(url, {**_rows(FLOUR), "version": request.version}, headers={"X-Autosave": "1"}).json()[
        "fields"
    ]
    gone = _rows({**FLOUR, "id": made["cargo-0-id"], "DELETE": "on"}, stored=1)
    kept = client.post(url, {**gone, "version": made["version"]}, headers={"X-Autosave": "1"}).json()[
        "fields"
    ]
    with acting_as(cast.people["owner"], cast.mission):
        assert request.cargo.count() == 1
    assert client.post(url, {**gone, "version": kept["version"]}).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        assert request.cargo.count() == 0


def test_one_more_row_without_script(signed: Signed, file: File) -> None:
    request = file()
    sent = {**_rows(FLOUR), "version": request.version, "add-cargo": "1"}
    answer = signed("owner").post(f"/aid-requests/{request.uuid}/edit/cargo/", sent)
    assert answer.status_code == 200
    assert 'name="cargo-1-item"' in answer.content.decode()
    assert 'value="Flour"' in answer.content.decode()


def test_rows_of_somebody_elses_request_are_out_of_reach(signed: Signed, file: File, cast: Cast) -> None:
    mine, other = file(), file("granted")
    with acting_as(cast.people["granted"], cast.mission):
        line = other.cargo.create(item="Theirs", quantity=1)
    sent = {**_rows({**FLOUR, "id": line.pk}, stored=1), "version": mine.version}
    assert signed("owner").post(f"/aid-requests/{mine.uuid}/edit/cargo/", sent).status_code == 422
    with acting_as(cast.people["granted"], cast.mission):
        assert [row.item for row in other.cargo.all()] == ["Theirs"]


def test_the_label_step_says_what_is_missing_and_saves_the_label(
    signed: Signed, file: File, cast: Cast
) -> None:
    request, client = file(), signed("owner")
    url = f"/aid-requests/{request.uuid}/edit/label/"
    page = client.get(url).content.decode()
    assert "Say by when it is needed." in page
    assert 'value="submit"' not in page
    label = {
        "classification": "1",
        "sensitivity": "3",
        "scope": "private",
        "compartments": [cast.compartment.pk],
    }
    assert client.post(url, {**label, "version": request.version}).status_code == 302
    (stored,) = _requests(cast)
    assert (stored.classification, stored.sensitivity, stored.scope) == (1, 3, "private")
    assert stored.compartments == [cast.compartment.pk]
    above = client.post(url, {**label, "classification": "2", "version": stored.version})
    assert above.status_code == 422


def test_only_editors_edit_and_only_while_it_is_open(signed: Signed, file: File, cast: Cast) -> None:
    request = file()
    url = f"/aid-requests/{request.uuid}/edit/need/"
    assert signed("colleague").get(url).status_code == 403
    assert signed("colleague").post(url, {"title": "Mine"}).status_code == 403
    assert signed("outsider").get(url).status_code == 404
    assert signed("outsider").post(url, {"title": "Mine"}).status_code == 404
    assert signed("owner").get(url.replace("need", "nowhere")).status_code == 404
    assert signed("owner").get(f"/aid-requests/{uuid4()}/edit/need/").status_code == 404
    assert _requests(cast)[0].title == request.title
