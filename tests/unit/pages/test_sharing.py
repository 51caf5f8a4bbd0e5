"""The share panel: every button, every refusal at its field, who is named, and that the preview is the readers."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import DataType, Organisation, PositionRole
from apps.need_to_know.acting import acting_as
from apps.need_to_know.audience import audience_of
from apps.need_to_know.grants import grant_give, grants_of
from apps.need_to_know.models import AccessRequest, Right
from apps.pages import readers
from apps.records import clock
from tests.cast.people import Cast
from tests.unit.pages.conftest import File, Signed

#: Queries that only a test's own outer transaction causes.
NESTED = 4


def share_url(request: AidRequest) -> str:
    """The panel of a request."""
    return f"/aid-requests/{request.uuid}/share/"


def code(cast: Cast, name: str) -> str:
    """How a form names somebody's position."""
    return f"position:{cast.positions[name].uuid}"


def text(answer: Any) -> str:
    """The page without its markup, in one line."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", plain).replace("&#x27;", "'")


def key_of(cast: Cast, request: AidRequest, who: str = "owner") -> str:
    """The key of the newest grant."""
    with acting_as(cast.people[who], cast.mission):
        return grants_of(request)[0].key


@pytest.fixture
def authority(cast: Cast) -> str:
    """The colleague is the release authority of the asking organisation."""
    PositionRole.objects.create(position=cast.positions["colleague"], role="REL")
    return "colleague"


def test_a_grant_lasts_two_days_unless_said_otherwise(signed: Signed, file: File, cast: Cast) -> None:
    request = file()
    given = signed("owner").post(
        share_url(request), {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"}
    )
    assert given.status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        (grant,) = grants_of(request)
    assert grant.expires_at is not None
    assert abs(grant.expires_at - clock.now() - timedelta(days=2)) < timedelta(minutes=1)
    page = text(signed("outsider").get(share_url(request)))
    assert "Roads" in page
    assert "Give up" in page


@pytest.mark.parametrize(
    ("sent", "hours"), [({"lasts": "1w"}, 168), ({"lasts": "open"}, None), ({"lasts": "today"}, 24)]
)
def test_the_usual_spans(
    signed: Signed, file: File, cast: Cast, sent: dict[str, str], hours: int | None
) -> None:
    request = file()
    form = {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads", **sent}
    assert signed("owner").post(share_url(request), form).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        (grant,) = grants_of(request)
    if hours is None:
        assert grant.expires_at is None
    else:
        assert grant.expires_at is not None
        assert timedelta(0) < grant.expires_at - clock.now() <= timedelta(hours=hours)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"to": ""}, "This field is required"),
        ({"to": "person:999999"}, "Nobody of this mission is named so"),
        ({"to": "Post of"}, "Choose whom you mean"),
        ({"reason": " "}, "This field is required"),
        ({"lasts": "at"}, "Say the day and the time."),
        ({"lasts": "at", "until": "2020-01-01T10:00"}, "The end lies in the past."),
        ({"lasts": "2d", "until": "2031-01-01T10:00"}, "You also wrote a moment"),
        ({"right": "manage_record"}, "Only people of the originator may share this on."),
        ({"right": "own"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    signed: Signed, file: File, cast: Cast, sent: dict[str, str], said: str
) -> None:
    request = file()
    good = {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads", "lasts": "2d"}
    answer = signed("owner").post(share_url(request), {**good, **sent})
    assert answer.status_code == 422
    assert said in text(answer)
    with acting_as(cast.people["owner"], cast.mission):
        assert grants_of(request) == []


def test_somebody_is_named_by_words_and_chosen_when_they_are_not_enough(
    signed: Signed, file: File, cast: Cast
) -> None:
    request, owner = file(), signed("owner")
    options = owner.get("/names/", {"to": "outsider"}).content.decode()
    assert '<option value="Post of outsider, Organisation outside">position</option>' in options
    assert "Outsider Person (Post of outsider, Organisation outside)" in options
    assert owner.get("/names/", {"to": "o"}).content.strip() == b""
    assert "Person" not in owner.get("/names/", {"to": "outsider", "kind": "position"}).content.decode()
    form = {"right": "view_record", "reason": "Roads"}
    several = owner.post(share_url(request), {**form, "to": "Organisation"})
    assert several.status_code == 422
    chosen = re.search(r'name="to_one" value="(organisation:[0-9a-f-]+)"', several.content.decode())
    assert chosen is not None
    assert (
        owner.post(share_url(request), {**form, "to": "Organisation", "to_one": chosen[1]}).status_code == 302
    )
    exact = {**form, "to": "post of outsider, organisation outside"}
    assert owner.post(share_url(request), exact).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        assert {grant.kind for grant in grants_of(request)} == {"organisation", "position"}


def test_a_grant_is_renewed_shortened_and_taken_back(signed: Signed, file: File, cast: Cast) -> None:
    request = file(title="Shared thing", classification=0)
    owner, url = signed("owner"), share_url(request)
    owner.post(url, {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"})
    key = key_of(cast, request)
    form = owner.get(f"{url}?renew={key}")
    assert "Renew the grant to Post of outsider" in text(form)
    assert owner.post(f"{url}?renew={key}", {"reason": "", "lasts": "1w"}).status_code == 422
    renewed = {"reason": "Bridges too", "lasts": "1w"}
    assert owner.post(f"{url}?renew={key}", renewed).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        (grant,) = grants_of(request)
    assert (grant.key, grant.reason) == (key, "Bridges too")
    later = timezone.localtime(clock.now() + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    lengthened = owner.post(f"{url}?shorten={key}", {"lasts": "at", "until": later})
    assert lengthened.status_code == 422
    assert "This is later than it ends now." in text(lengthened)
    assert owner.post(f"{url}?shorten={key}", {"lasts": "today"}).status_code == 302
    assert (
        owner.post(f"{url}?shorten={'0' * 8}-0000-4000-8000-000000000000", {"lasts": "today"}).status_code
        == 404
    )
    assert owner.post(f"{url}?revoke={key}").status_code == 302
    assert signed("outsider").get(url).status_code == 404


def test_what_became_of_grants_stands_below(
    signed: Signed, file: File, cast: Cast, submitted_state: Any
) -> None:
    request = submitted_state(file())
    owner, url = signed("owner"), share_url(request)
    owner.post(url, {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"})
    key = key_of(cast, request)
    owner.post(f"{url}?renew={key}", {"reason": "Bridges too", "lasts": "1w"})
    owner.post(f"{url}?shorten={key}", {"lasts": "today"})
    owner.post(f"{url}?revoke={key}")
    page = text(owner.get(url))
    story = page[page.index("What was shared, and taken back") :]
    assert re.search(r"Taken back Post of outsider.*Shortened.*Renewed.*Given Post of outsider", story)
    assert "Bridges too" in story


@pytest.fixture
def submitted_state(cast: Cast) -> Any:
    """Withdraws nothing and submits nothing: takes a record out of its draft by withdrawing it."""

    def onward(request: AidRequest) -> AidRequest:
        from apps.records.transitions import transition

        with acting_as(cast.people["owner"], cast.mission) as actor:
            transition(
                actor, record=request, name="withdraw", note="Enough", expected_version=request.version
            )
        return request

    return onward


def test_my_own_grant_can_be_given_up(signed: Signed, file: File, cast: Cast) -> None:
    request, url = file(), ""
    url = share_url(request)
    signed("owner").post(
        url, {"to": f"person:{cast.people['outsider'].pk}", "right": "view_record", "reason": "Roads"}
    )
    outsider = signed("outsider")
    key = key_of(cast, request)
    assert "Take back" not in text(outsider.get(url))
    assert outsider.post(f"{url}?renew={key}", {"reason": "More", "lasts": "1w"}).status_code == 403
    assert outsider.post(f"{url}?shorten={key}", {"lasts": "today"}).status_code == 403
    done = outsider.post(f"{url}?revoke={key}")
    assert (done.status_code, done["Location"]) == (302, "/")
    assert outsider.get(url).status_code == 404


def test_i09_only_the_release_authority_widens_and_others_propose(
    signed: Signed, file: File, cast: Cast, authority: str
) -> None:
    request = file(scope="organisation")
    owner, url = signed("owner"), share_url(request)
    page = text(owner.get(url))
    assert "Only the release authority of Organisation asker widens who reads this." in page
    assert "Post of colleague, Organisation asker" in page
    grant = {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"}
    assert owner.post(url, grant).status_code == 403
    assert owner.post(f"{url}?ask=1", {"reader": "", "purpose": ""}).status_code == 422
    asked = {"reader": code(cast, "outsider"), "purpose": "They repair the road", "lasts": "1w"}
    assert owner.post(f"{url}?ask=1", asked).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        made = AccessRequest.objects.get()
    assert (made.reference, made.reader_id) == (request.reference, cast.positions["outsider"].pk)
    waiting = text(signed(authority).get(url))
    assert "Asking for access" in waiting
    assert "They repair the road" in waiting
    assert "They repair the road" not in text(owner.get(url))
    assert signed(authority).post(url, grant).status_code == 302
    key = key_of(cast, request)
    assert "Shorten" in text(owner.get(url))
    assert owner.post(f"{url}?renew={key}", {"reason": "More", "lasts": "1w"}).status_code == 403
    assert owner.post(f"{url}?revoke={key}").status_code == 302


def test_whoever_may_share_on_gives_reading_and_no_more(
    signed: Signed, file: File, cast: Cast, authority: str
) -> None:
    request, url = file(), ""
    url = share_url(request)
    with acting_as(cast.people[authority], cast.mission) as actor:
        grant_give(actor, record=request, to=cast.positions["owner"], right=Right.SHARE, reason="Liaison")
    page = signed("owner").get(url).content.decode()
    assert 'value="view_record"' in page
    assert 'value="manage_record"' not in page
    form = {"to": code(cast, "outsider"), "reason": "Roads"}
    assert signed("owner").post(url, {**form, "right": "change_record"}).status_code == 422
    assert signed("owner").post(url, {**form, "right": "view_record"}).status_code == 302


def test_i15_the_panel_names_who_manages(signed: Signed, file: File, cast: Cast, authority: str) -> None:
    page = text(signed("owner").get(share_url(file())))
    managers = page[page.index("Who manages it") :]
    assert "Post of owner, Organisation asker – filed it" in managers
    assert "Post of colleague, Organisation asker – release authority" in managers


def unlist(cast: Cast, name: str) -> None:
    """An organisation that is not to be listed."""
    Organisation.objects.filter(pk=cast.organisations[name].pk).update(engagement_stance="unlisted")


def test_i05_who_may_not_be_known_is_restricted_everywhere(
    signed: Signed, file: File, cast: Cast, submitted_state: Any
) -> None:
    request = submitted_state(file(classification=1, title="Quiet thing"))
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
    signed: Signed, file: File, cast: Cast, submitted_state: Any
) -> None:
    request, owner = submitted_state(file()), signed("owner")
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
