"""Comments, files, links, the timeline, grants and the audience through the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.unit.api.conftest import LIST, PROBLEM, Caller, Town, tag

Call = Callable[[str], Caller]
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def upload(caller: Caller, url: str, name: str, content: bytes, **headers: str) -> Any:
    """POST a file as multipart form data."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    body = {"file": SimpleUploadedFile(name, content), "description": "What it shows"}
    return caller.client.post(f"{url}attachments/", body, headers=named)


def test_comments(call: Call, draft: dict[str, Any], town: Town) -> None:
    me, url = call("requester"), f"{draft['url']}comments/"
    added = me.post(url, {"text": "Where is the ferry?"})
    assert added.status_code == 201
    assert added.json()["position"]["title"] == "REQ of Relief North"
    assert me.get(url).json()["results"] == [added.json()]
    for wrong in ({}, {"text": " "}, {"text": "x" * 10_001}, {"text": ["x"]}, {"text": "a\0"}):
        assert "text" in me.post(url, wrong).json()["errors"]
    assert "txt" in me.post(url, {"text": "x", "txt": "y"}).json()["errors"]


def test_files_are_told_by_content_and_come_back_whole(
    call: Call, draft: dict[str, Any], settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    me = call("requester")
    added = upload(me, draft["url"], "note.txt", b"Six trucks.\n", Idempotency_Key="f")
    assert added.status_code == 201, added.content
    again = upload(me, draft["url"], "note.txt", b"Six trucks.\n", Idempotency_Key="f")
    assert again.json() == added.json()
    assert upload(me, draft["url"], "note.txt", b"Seven trucks.\n", Idempotency_Key="f").status_code == 422
    assert me.get(f"{draft['url']}attachments/").json()["results"] == [added.json()]
    content = me.get(added.json()["url"])
    assert b"".join(content.streaming_content) == b"Six trucks.\n"
    assert content["X-Content-Type-Options"] == "nosniff"
    assert content["Content-Disposition"].startswith("attachment")
    assert "sandbox" in content["Content-Security-Policy"]
    for name, bytes_ in (("run.exe", b"MZ\x90\x00"), ("photo.png", b"<svg/>"), ("empty.txt", b"")):
        refused = upload(me, draft["url"], name, bytes_)
        assert (refused.status_code, refused["Content-Type"]) == (400, PROBLEM), name
        assert "file" in refused.json()["errors"]
    assert upload(me, draft["url"], "photo.png", PNG).status_code == 201
    assert me.post(f"{draft['url']}attachments/", {"file": "x"}).status_code == 415
    assert call("other_requester").get(added.json()["url"]).status_code == 404


def test_links_show_both_readable_ends_alone(call: Call, draft: dict[str, Any], town: Town) -> None:
    me = call("requester")
    other = me.post(LIST, {"title": "Another"}).json()
    theirs = call("other_requester").post(LIST, {"title": "Theirs"}).json()
    linked = me.post(f"{draft['url']}links/", {"record": other["id"], "relation": "follows"})
    assert linked.status_code == 201, linked.content
    assert linked.json()["reference"] == other["reference"]
    assert [link["forward"] for link in me.get(f"{other['url']}links/").json()["results"]] == [False]
    hidden = me.post(f"{draft['url']}links/", {"record": theirs["id"]})
    absent = me.post(f"{draft['url']}links/", {"record": "00000000-0000-4000-8000-000000000000"})
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    assert "record" in hidden.json()["errors"]
    assert "record" in me.post(f"{draft['url']}links/", {"record": draft["id"]}).json()["errors"]
    to = str(town.positions["cimic"].uuid)
    me.post(f"{draft['url']}grants/", {"position": to, "reason": "advice"})
    assert call("cimic").get(f"{draft['url']}links/").json()["results"] == []


def test_grants_are_given_seen_and_taken_back(call: Call, draft: dict[str, Any], town: Town) -> None:
    me, url = call("requester"), f"{draft['url']}grants/"
    to = str(town.positions["cimic"].uuid)
    until = (timezone.now() + timedelta(hours=2)).isoformat()
    given = me.post(url, {"position": to, "right": "view", "reason": "advice", "until": until})
    assert given.status_code == 201, given.content
    grant = given.json()["results"][0]
    assert (grant["kind"], grant["right"], grant["live"], grant["reason"]) == (
        "position",
        "view",
        True,
        "advice",
    )
    seen = call("cimic").get(url).json()
    assert (seen["may_share"], len(seen["results"])) == (False, 1)
    assert call("cimic").post(url, {"position": to, "reason": "for myself"}).status_code == 403
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    assert call("cimic").patch(f"{url}?key={grant['key']}", {"until": later}).status_code == 403
    taken = me.send("DELETE", f"{url}?key={grant['key']}")
    assert (taken.status_code, taken.json()["results"]) == (200, [])
    assert call("cimic").get(draft["url"]).status_code == 404
    person = me.post(url, {"person": "CIMIC@town.invalid", "reason": "advice", "right": "change"})
    assert person.json()["results"][0]["kind"] == "person"
    assert (
        call("cimic")
        .patch(draft["url"], {"title": "Helped"}, If_Match=tag(me.get(draft["url"]).json()))
        .status_code
        == 200
    )


def test_wrong_grants(call: Call, draft: dict[str, Any], town: Town) -> None:
    me, url = call("requester"), f"{draft['url']}grants/"
    to = str(town.positions["cimic"].uuid)
    for body, field in (
        ({"reason": "x"}, "position"),
        ({"position": to, "person": "cimic@town.invalid", "reason": "x"}, "position"),
        ({"position": "nobody", "reason": "x"}, "position"),
        ({"position": 7, "reason": "x"}, "position"),
        ({"person": "stranger@nowhere.invalid", "reason": "x"}, "person"),
        ({"person": "nobody@town.invalid", "reason": "x"}, "person"),
        ({"position": to}, "reason"),
        ({"position": to, "reason": " "}, "reason"),
        ({"position": to, "reason": "x", "right": "own"}, "right"),
        ({"position": to, "reason": "x", "until": "2020-01-01T00:00:00Z"}, "until"),
        ({"position": to, "reason": "x", "until": "soon"}, "until"),
    ):
        refused = me.post(url, body)
        assert (refused.status_code, refused["Content-Type"]) == (400, PROBLEM), body
        assert field in refused.json()["errors"], refused.json()
    assert "key" in me.send("DELETE", url).json()["errors"]
    assert me.get(url).json()["results"] == []


def test_a_preview_changes_nothing_and_is_for_those_who_label(
    call: Call, draft: dict[str, Any], town: Town
) -> None:
    me, url = call("requester"), f"{draft['url']}audience-preview/"
    assert me.post(url, {"scope": "organisation"}).json()["people"] == 1
    wide = me.post(url, {"scope": "mission"}).json()
    assert wide["people"] > 5
    assert "Force Headquarters" in {group["organisation"] for group in wide["organisations"]}
    narrow = me.post(url, {"scope": "mission", "compartments": ["convoys"]}).json()
    assert 1 < narrow["people"] < wide["people"]
    assert narrow["shut_out"] != []
    assert "classification" in me.post(url, {"classification": 2}).json()["errors"]
    assert me.get(draft["url"]).json() == draft
    me.post(f"{draft['url']}grants/", {"position": str(town.positions["cimic"].uuid), "reason": "advice"})
    assert call("cimic").post(url, {"scope": "mission"}).status_code == 403


def test_the_timeline_tells_who_and_what(call: Call, draft: dict[str, Any]) -> None:
    me, url = call("requester"), f"{draft['url']}timeline/"
    me.post(f"{draft['url']}comments/", {"text": "Noted"})
    entries = me.get(url).json()
    assert entries["next"] is None
    assert entries["results"][0]["note"] == "Noted"
    assert entries["results"][0]["who"] == {
        "name": "Requester", "position": "REQ of Relief North", "organisation": "Relief North",
    }  # fmt: skip
    assert me.get(f"{url}?before=2001-01-01T00:00:00Z").json()["results"] == []
    for wrong in ("yesterday", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00"):
        assert "before" in me.get(f"{url}?before={wrong}").json()["errors"]
