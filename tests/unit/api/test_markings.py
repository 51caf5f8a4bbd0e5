"""I19 and I24 through the API: answers and files carry their marking; uploads keep theirs."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from apps.mission.models import SharingProtocol
from apps.mission.vocabulary import Classification, Sensitivity
from apps.need_to_know.acting import acting_as
from apps.need_to_know.models import ReadLog
from apps.records.file_marking import label_of_file
from tests.factories.files import pdf
from tests.unit.api.conftest import LIST, PROBLEM, Caller, Town
from tests.unit.api.test_attached import upload

Call = Callable[[str], Caller]
RECIPIENT = "Requester, REQ of Relief North, Relief North <requester@town.invalid>"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def marked(call: Call) -> dict[str, Any]:
    """A confidential draft in a compartment, as the API shows it."""
    body = {"title": "Convoy", "classification": 1, "sensitivity": 2, "compartments": ["convoys"]}
    answer = call("requester").post(LIST, body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def label(response: Any) -> tuple[str | None, ...]:
    """What the headers say of the label."""
    names = ("Classification", "Sensitivity", "Compartments", "Originator")
    return tuple(response.headers.get(f"X-Label-{name}") for name in names)


def test_i19_answers_carry_the_label_of_what_they_hold(call: Call, marked: dict[str, Any]) -> None:
    me = call("requester")
    one = me.get(marked["url"])
    assert label(one)[:2] == ("CONFIDENTIAL", "HIGH")
    assert one.json()["compartments"] == ["convoys"]
    assert one["X-Label-Reference"] == marked["reference"]
    assert unquote(one["X-Label-Recipient"]) == RECIPIENT
    me.post(LIST, {"title": "Open", "sensitivity": 0})
    assert label(me.get(LIST))[:2] == ("CONFIDENTIAL", "HIGH")
    assert label(me.get(f"{LIST}?q=Open"))[:2] == ("UNCLASSIFIED", "LOW")
    none = call("other_requester").get(LIST)
    assert (none.json()["results"], label(none)) == ([], ("UNCLASSIFIED", "LOW", None, None))


def test_i19_a_downloaded_file_is_stamped_and_named(call: Call, marked: dict[str, Any]) -> None:
    me = call("requester")
    added = upload(me, marked["url"], "order.pdf", pdf())
    assert added.status_code == 201, added.content
    response = me.get(added.json()["url"])
    data = b"".join(response.streaming_content)
    assert f'filename="CONFIDENTIAL-HIGH {marked["reference"]} order.pdf"' in response["Content-Disposition"]
    assert label(response) == ("CONFIDENTIAL", "HIGH", "convoys", "Relief North")
    for page in PdfReader(io.BytesIO(data)).pages:
        assert "CONFIDENTIAL · Sensitivity: high · Convoys" in page.extract_text()
    found = label_of_file("order.pdf", data)
    assert found is not None
    assert (found.classification, found.sensitivity) == (Classification.CONFIDENTIAL, Sensitivity.HIGH)


def test_i24_a_file_marked_higher_is_refused_at_the_field(
    call: Call, marked: dict[str, Any], draft: dict[str, Any]
) -> None:
    me = call("requester")
    url = upload(me, marked["url"], "order.pdf", pdf()).json()["url"]
    data = b"".join(me.get(url).streaming_content)
    for name, sent in (("order.pdf", data), ("NATO SECRET order.txt", b"text")):
        refused = upload(me, draft["url"], name, sent)
        assert (refused.status_code, refused["Content-Type"]) == (400, PROBLEM)
        assert "This file is marked" in refused.json()["errors"]["file"][0]
    assert me.get(f"{draft['url']}attachments/").json()["results"] == []


def test_i24_a_record_of_an_unknown_label_is_not_filed(call: Call) -> None:
    for wrong in (
        {"classification": 7},
        {"classification": "COSMIC"},
        {"sensitivity": "public"},
        {"scope": "world"},
    ):
        refused = call("requester").post(LIST, {"title": "Convoy", **wrong})
        assert refused.status_code == 400
        assert set(refused.json()["errors"]) == set(wrong)


def test_i19_where_the_protocol_says_so_a_download_says_what_for(
    call: Call, marked: dict[str, Any], town: Town
) -> None:
    me = call("requester")
    url = upload(me, marked["url"], "note.txt", b"Six trucks.\n").json()["url"]
    SharingProtocol.objects.create(
        mission=town.mission, version="1", title="ISP", state=SharingProtocol.State.IN_FORCE, ask_purpose=True
    )
    for query in ("", "?purpose=", f"?purpose={'x' * 301}", "?purpose=a%00"):
        refused = me.get(f"{url}{query}")
        assert refused.status_code == 400
        assert "purpose" in refused.json()["errors"]
    assert b"".join(me.get(f"{url}?purpose=Brief+the+drivers").streaming_content) == b"Six trucks.\n"
    with acting_as(town.people["requester"], town.mission):
        said = ReadLog.objects.filter(record__uuid=marked["id"], surface__endswith=":attachment")
        assert [row.purpose for row in said] == ["Brief the drivers"]
