"""Who reads and who did: names that may be known, previews that come true, the log, open pages, many at once."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.mission.models import DataType
from apps.need_to_know.acting import acting_as
from apps.need_to_know.audience import audience_of
from apps.need_to_know.grants import grant_give
from apps.pages import readers
from apps.records import clock
from tests.cast.people import Cast
from tests.unit.pages.conftest import Ended, File, Signed
from tests.unit.pages.panel import code, key_of, share_url, text, unlist

#: Queries that only a test's own outer transaction causes.
NESTED = 4


def test_i05_who_may_not_be_known_is_restricted_everywhere(
    signed: Signed, file: File, cast: Cast, ended: Ended
) -> None:
    request = ended(file(classification=1, title="Quiet thing"))
    owner, url = signed("owner"), share_url(request)
    for to in (code(cast, "outsider"), f"person:{cast.people['lent'].pk}"):
        owner.post(url, {"to": to, "right": "view_record", "reason": "Roads"})
    assert signed("outsider").get(f"/aid-requests/{request.uuid}/").status_code == 200
    owner.get(url)  # what was done is told once, to whoever knew them then
    unlist(cast, "outside")
    for page in ("", "share/", "history/", "reads/", "print/"):
        shown = owner.get(f"/aid-requests/{request.uuid}/{page}")
        assert shown.status_code == 200
        said = text(shown)
        assert "Organisation outside" not in said, page
        assert "Outsider Person" not in said, page
        assert "Lent Person" not in said, page
    assert "restricted" in text(owner.get(url))
    assert "2 positions you may not see" in text(owner.get(url))
    assert owner.get("/names/", {"to": "outside"}).content.strip() == b""
    hidden = {"to": code(cast, "granted"), "right": "view_record", "reason": "Roads"}
    assert owner.post(url, hidden).status_code == 422
    assert "Organisation outside" not in owner.get("/aid-requests/?more=1").content.decode()
    # Its own people and CMCoord officers, who engage it, know it.
    assert "Organisation outside" in signed("outsider").get(url).content.decode()
    assert "Organisation outside" in signed("addressee").get("/names/", {"to": "outside"}).content.decode()


def test_i17_the_preview_of_a_grant_is_who_reads_afterwards(signed: Signed, file: File, cast: Cast) -> None:
    request, owner = file(classification=1), signed("owner")
    preview = f"/aid-requests/preview/?record={request.uuid}"
    with acting_as(cast.people["owner"], cast.mission) as actor:
        org = cast.organisations["outside"]
        foreseen = readers.with_more(actor, request, [org.group_id])
    form = {"to": f"organisation:{org.uuid}", "right": "view_record", "lasts": "1w"}
    shown = text(owner.post(preview, form))
    assert foreseen["text"] in shown
    assert "until" in shown[shown.index("Would newly read it") :]
    assert "Organisation outside: may read it." in shown
    owner.post(share_url(request), {**form, "reason": "Roads"})
    with acting_as(cast.people["owner"], cast.mission) as actor:
        assert readers.now(actor, request)["text"] == foreseen["text"]
        named = {reader.user_id for reader in audience_of(request).readers}
    assert {cast.people[name].pk for name in ("outsider", "granted", "lent")} <= named
    for name in ("outsider", "granted", "uncleared", "administrator"):
        reads = signed(name).get(f"/aid-requests/{request.uuid}/").status_code == 200
        assert reads == (cast.people[name].pk in named), name


def test_i20_the_preview_says_who_never_reads_it(signed: Signed, file: File, cast: Cast) -> None:
    beneficiary = DataType.objects.get(mission=cast.mission, code="beneficiary")
    request, owner = file(data_types=[beneficiary.pk], sensitivity=3, classification=1), signed("owner")
    preview = f"/aid-requests/preview/?record={request.uuid}"
    shown = text(owner.post(preview, {"to": code(cast, "decider"), "right": "view_record"}))
    assert "On a side that never reads the data it holds" in shown
    assert "Post of decider" in shown
    assert "Would newly read it" not in shown
    bare = {"classification": "1", "sensitivity": "3", "scope": "mission"}
    assert "Post of decider" in text(owner.post(preview, bare))
    held = text(owner.post(preview, {**bare, "data_types": str(beneficiary.pk)}))
    assert "On a side that never reads the data it holds" in held


def test_a_mere_reader_cannot_try_out_labels_or_names(signed: Signed, file: File, cast: Cast) -> None:
    request = file(scope="organisation")
    with acting_as(cast.people["owner"], cast.mission) as actor:
        grant_give(actor, record=request, to=cast.positions["outsider"], reason="Roads")
    label = {"classification": "0", "sensitivity": "1", "scope": "mission"}
    preview = f"/aid-requests/preview/?record={request.uuid}"
    assert signed("outsider").post(preview, label).status_code == 403
    assert signed("outsider").post(preview, {"to": code(cast, "decider")}).status_code == 403
    assert signed("owner").post(preview, label).status_code == 200


def test_i13_the_originator_sees_who_read_it_and_nobody_else_does(
    signed: Signed, file: File, cast: Cast
) -> None:
    plain, request = file(), file(classification=1, scope="organisation")
    owner, reads = signed("owner"), f"/aid-requests/{request.uuid}/reads/"
    none_yet = text(owner.get(f"/aid-requests/{plain.uuid}/reads/"))
    assert "No reads yet." in none_yet
    assert "its reads are not logged" in none_yet
    with acting_as(cast.people["owner"], cast.mission) as actor:
        grant_give(
            actor, record=request, to=cast.people["outsider"], reason="Roads",
            until=clock.now() + timedelta(days=1),
        )  # fmt: skip
    outsider = signed("outsider")
    assert outsider.get(f"/aid-requests/{request.uuid}/").status_code == 200
    connection.check_constraints()
    page = text(owner.get(reads))
    assert "Outsider Person" in page
    assert "grant for a time" in page
    assert "Who read this" in text(owner.get(f"/aid-requests/{request.uuid}/"))
    assert outsider.get(reads).status_code == 404
    assert "Who read this" not in text(outsider.get(f"/aid-requests/{request.uuid}/"))
    assert signed("colleague").get(reads).status_code == 404
    assert owner.get(f"{reads}?before=1").status_code == 200
    assert owner.get(f"{reads}?before=x").status_code == 200


def test_an_open_page_learns_in_few_bytes_that_it_may_no_longer_show(
    signed: Signed, file: File, cast: Cast
) -> None:
    request, owner = file(classification=1), signed("owner")
    still = f"/aid-requests/{request.uuid}/still/"
    owner.post(share_url(request), {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"})
    outsider = signed("outsider")
    assert f'data-still="{still}"' in outsider.get(f"/aid-requests/{request.uuid}/").content.decode()
    outsider.get(still)
    with CaptureQueriesContext(connection) as asked:
        answer = outsider.get(still, headers={"X-Unattended": "1"})
    assert (answer.status_code, answer.content) == (204, b"")
    about = [query for query in asked.captured_queries if "records_record" in query["sql"]]
    assert len(about) == 1
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.items())
    head += len("HTTP/1.1 204 No Content\r\ndate: Sun, 22 Nov 2026 22:28:01 GMT\r\n\r\n")
    script = (Path(settings.BASE_DIR) / "static/js/fresh.js").read_text()
    a_minute = 60_000 / int(re.search(r"EVERY = (\d+)", script)[1])  # type: ignore[index]
    assert head * a_minute < 700, answer.headers
    owner.post(f"{share_url(request)}?revoke={key_of(cast, request)}")
    assert outsider.get(still).status_code == 404
    assert Client().get(still).status_code == 302
    connection.check_constraints()
    assert text(owner.get(f"/aid-requests/{request.uuid}/reads/")).count("Outsider Person") == 1


def test_the_desk_shows_what_was_shared_with_me_until_it_is_taken_back(
    signed: Signed, file: File, cast: Cast
) -> None:
    request, owner = file(title="Shared thing"), signed("owner")
    owner.post(
        share_url(request),
        {"to": code(cast, "outsider"), "right": "view_record", "reason": "They mend roads"},
    )
    desk = text(signed("outsider").get("/"))
    assert "Shared with me (1)" in desk
    assert "From Owner Person (read): They mend roads" in desk
    assert "Shared with me" not in text(owner.get("/"))
    owner.post(f"{share_url(request)}?revoke={key_of(cast, request)}")
    desk = text(signed("outsider").get("/"))
    assert "Shared thing" not in desk
    assert "Shared with me" not in desk


def test_many_are_shared_at_once_or_none(signed: Signed, file: File, cast: Cast) -> None:
    for number in range(3):
        file(title=f"Lift number {number}", kind="lift")
    file(title="Another", kind="medical")
    owner = signed("owner")
    assert "/aid-requests/share/?kind=lift" in owner.get("/aid-requests/?kind=lift").content.decode()
    url = "/aid-requests/share/?kind=lift"
    assert "3 records" in text(owner.get(url))
    form = {"to": code(cast, "outsider"), "reason": "The same road", "lasts": "1w"}
    assert owner.post(url, {**form, "reason": ""}).status_code == 422
    assert owner.post(url, {**form, "to": f"person:{cast.people['outsider'].pk}"}).status_code == 422
    sure = owner.post(url, form)
    assert "Share 3 records" in text(sure)
    assert "1 person now" in text(sure)
    assert signed("outsider").get("/aid-requests/").content.decode().count("Lift number") == 0
    assert owner.post(url, {**form, "sure": "2"}).status_code == 200
    done = owner.post(url, {**form, "sure": "3"})
    assert (done.status_code, done["Location"]) == (302, "/aid-requests/?kind=lift")
    seen = signed("outsider").get("/aid-requests/").content.decode()
    assert seen.count("Lift number") == 3
    assert "Another" not in seen
    theirs = signed("outsider").post(url, {**form, "to": code(cast, "decider"), "sure": "3"})
    assert theirs.status_code == 403
    assert "none was shared" in text(theirs)
    assert "nothing to share" in text(owner.get("/aid-requests/share/?kind=storage"))


def test_the_panel_asks_a_bounded_number_of_questions(
    signed: Signed, file: File, cast: Cast, ended: Ended
) -> None:
    request, owner = ended(file()), signed("owner")
    names = ("outsider", "granted", "lent", "decider", "addressee")
    with acting_as(cast.people["owner"], cast.mission) as actor:
        for name in names[:2]:
            grant_give(actor, record=request, to=cast.positions[name], reason="Roads")
            grant_give(actor, record=request, to=cast.people[name], reason="Roads")
    counts = []
    for _round in range(2):
        owner.get(share_url(request))
        with CaptureQueriesContext(connection) as asked:
            owner.get(share_url(request))
        counts.append(len(asked) - NESTED)
        with acting_as(cast.people["owner"], cast.mission) as actor:
            for name in names[2:]:
                grant_give(actor, record=request, to=cast.positions[name], reason="Roads")
    assert counts[0] == counts[1]
    assert counts[0] <= 26
