"""A record's own pages: what it shows, its steps, its sharing, its history; and who is told what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.aid_requests.models import AidRequest
from apps.mission.models import VocabularyTerm
from apps.need_to_know.acting import acting_as
from apps.pages import contents
from apps.records import clock
from apps.records.services import comment_add, link_add, record_update
from apps.records.transitions import transition
from tests.cast.people import Cast
from tests.unit.pages.conftest import File, Signed

#: Queries that only a test's own outer transaction causes: two looks at the actor, two savepoint commands.
NESTED = 4


@pytest.fixture
def submitted(file: File, cast: Cast) -> AidRequest:
    """A request that waits for the cluster coordinator."""
    later = clock.now() + timedelta(days=9)
    request = file(
        kind="medical", need_statement="Move the wounded", needed_by=later, contact_name="Ann",
        contact_phone="+211 1",
        area=cast.mission.areas.first(), sector=cast.mission.sectors.first(), people_targeted=9,
        end_date=later.date(),
        consequence_if_not_met="People die", last_resort_justification="No other way", cost_basis="no_cost",
        distinction_measures="Marked vehicles",
    )  # fmt: skip
    with acting_as(cast.people["owner"], cast.mission) as actor:
        term = VocabularyTerm.objects.filter(vocabulary="alternative").first()
        request.alternatives.create(option=term, result="not_available", evidence="None could")
        transition(actor, record=request, name="submit", expected_version=request.version)
    return request


def test_nobody_without_a_position_and_nobody_unknown(signed: Signed, file: File, cast: Cast) -> None:
    url = f"/aid-requests/{file().uuid}/"
    assert Client().get(url)["Location"] == f"/accounts/login/?next={url}"
    told = signed("nobody").get(url)
    assert told.status_code == 403
    assert "You hold no position now" in told.content.decode()


def test_hidden_and_missing_are_the_same_page(signed: Signed, file: File) -> None:
    import re

    uuid = str(file("outsider").uuid)
    other = "00000000-0000-4000-8000-000000000000"
    client = signed("owner")
    for page in ("", "edit/need/", "transitions/submit/", "history/", "share/", "print/"):
        hidden, missing = (client.get(f"/aid-requests/{which}/{page}") for which in (uuid, other))
        assert hidden.status_code == missing.status_code == 404
        bodies = [
            re.sub(r"[A-Za-z0-9]{64}", "TOKEN", answer.content.decode()).replace(which, "UUID")
            for answer, which in ((hidden, uuid), (missing, other))
        ]
        assert bodies[0] == bodies[1]


def test_a_step_is_taken_once_and_a_second_press_is_harmless(
    signed: Signed, submitted: AidRequest, cast: Cast
) -> None:
    url = f"/aid-requests/{submitted.uuid}/transitions/withdraw/"
    client = signed("owner")
    page = client.get(url).content.decode()
    assert f'name="version" value="{submitted.version}"' in page
    assert client.post(url, {"note": "", "version": submitted.version}).status_code == 422
    stale = client.post(url, {"note": "Typed reason", "version": submitted.version - 1})
    assert stale.status_code == 409
    assert "Typed reason" in stale.content.decode()
    assert client.post(url, {"note": "Typed reason"}).status_code == 409
    sent = {"note": "No longer needed", "version": submitted.version}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        assert AidRequest.objects.get().state == "withdrawn"
        assert submitted.workflow_steps.filter(name="withdraw").count() == 1
    assert "No longer needed" in client.get(f"/aid-requests/{submitted.uuid}/").content.decode()


def test_steps_of_others_and_of_the_clock_are_refused(signed: Signed, submitted: AidRequest) -> None:
    base = f"/aid-requests/{submitted.uuid}/transitions/"
    client = signed("owner")
    assert client.get(f"{base}validate/").status_code == 403
    assert client.post(f"{base}validate/", {"version": submitted.version}).status_code == 403
    assert client.get(f"{base}approve/").status_code == 409
    assert client.get(f"{base}expire/").status_code == 404
    assert client.get(f"{base}nothing/").status_code == 404


def test_sharing_shows_who_would_read_and_takes_it_back(signed: Signed, file: File, cast: Cast) -> None:
    request = file(title="Shared thing")
    url = f"/aid-requests/{request.uuid}/share/"
    owner, outsider = signed("owner"), signed("outsider")
    to = f"position:{cast.positions['outsider'].uuid}"
    grant = {"to": to, "right": "view_record", "reason": "They repair the road"}
    preview = owner.post(f"/aid-requests/preview/?record={request.uuid}", grant).content.decode()
    assert "Outsider Person" in preview
    assert outsider.get(f"/aid-requests/{request.uuid}/").status_code == 404
    assert owner.post(url, {**grant, "reason": ""}).status_code == 422
    assert owner.post(url, {**grant, "to": "person:999999"}).status_code == 422
    assert owner.post(url, {**grant, "until": "2020-01-01T10:00"}).status_code == 422
    assert owner.post(url, grant).status_code == 302
    assert outsider.get(f"/aid-requests/{request.uuid}/").status_code == 200
    assert outsider.post(url, grant).status_code == 403
    assert "They repair the road" in outsider.get(url).content.decode()
    revoke = owner.get(url).content.decode().split('action="' + url + "?revoke=")[1].split('"')[0]
    assert signed("colleague").post(f"{url}?revoke={revoke}").status_code == 403
    assert owner.post(f"{url}?revoke={revoke}").status_code == 302
    assert outsider.get(f"/aid-requests/{request.uuid}/").status_code == 404


def test_the_preview_of_a_label_tells_who_is_won_and_lost(signed: Signed, file: File, cast: Cast) -> None:
    request = file()
    url = f"/aid-requests/preview/?record={request.uuid}"
    label = {"classification": "0", "sensitivity": "1", "scope": "private"}
    page = signed("owner").post(url, label).content.decode()
    assert "Colleague Person" in page
    assert "Would no longer read it" in page
    new = signed("owner").post("/aid-requests/preview/", {**label, "scope": "mission"}).content.decode()
    assert "Organisation force" in new
    hidden = signed("outsider").post(url, {**label, "to": "x"}).content.decode()
    assert "Owner Person" not in hidden
    assert "Choose a label" in signed("owner").post(url, {"scope": "x"}).content.decode()


def test_history_says_what_was_before_and_after(signed: Signed, submitted: AidRequest, cast: Cast) -> None:
    with acting_as(cast.people["owner"], cast.mission) as actor:
        transition(
            actor, record=submitted, name="withdraw", note="Enough", expected_version=submitted.version
        )
    page = signed("owner").get(f"/aid-requests/{submitted.uuid}/history/").content.decode()
    assert "Enough" in page
    assert "Owner Person" in page


def test_history_pages_begin_at_a_moment(
    signed: Signed, file: File, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "PAGE", 4)
    request = file()
    with acting_as(cast.people["owner"], cast.mission) as actor:
        for number in range(9):
            comment_add(actor, record=request, text=f"Comment number {number}.")
    client, url, seen = signed("owner"), f"/aid-requests/{request.uuid}/history/", ""
    for _page in range(9):
        body = client.get(url).content.decode()
        seen += body
        older = body.split(f'href="/aid-requests/{request.uuid}/history/?before=')
        if len(older) == 1:
            break
        url = f"/aid-requests/{request.uuid}/history/?before=" + older[1].split('"')[0]
    assert [seen.count(f"Comment number {number}.") for number in range(9)] == [1] * 9
    assert client.get(f"/aid-requests/{request.uuid}/history/?before=never").status_code == 200


def test_print_names_its_recipient(signed: Signed, file: File) -> None:
    page = signed("colleague").get(f"/aid-requests/{file(classification=1).uuid}/print/").content.decode()
    assert "Colleague Person" in page
    # At the head, at the lower edge, and where room is kept for that.
    assert page.count("label-line confidential") == 3


def test_pages_keep_their_query_budgets(
    signed: Signed, submitted: AidRequest, file: File, cast: Cast
) -> None:
    term = VocabularyTerm.objects.filter(vocabulary="alternative").first()
    big = file(title="With everything", kind="lift")
    with acting_as(cast.people["owner"], cast.mission) as actor:
        for number in range(30):
            comment_add(actor, record=big, text=f"Remark {number}")
            big.cargo.create(item=f"Item {number}", quantity=1)
            big.alternatives.create(option=term, result="not_available", evidence="None could")
        link_add(actor, source=big, target=submitted, relation="related")
        record_update(actor, record=big, changes={"title": "With everything else"})
    for _number in range(60):
        file()
    client = signed("owner")
    client.get("/")
    budgets = {
        "/aid-requests/": 9,
        "/aid-requests/?state=open&sort=needed_by&q=food&area=XX01": 9,
        f"/aid-requests/{big.uuid}/": 17,  # one of them for what was learnt before
        f"/aid-requests/{submitted.uuid}/": 17,
        f"/aid-requests/{submitted.uuid}/history/": 16,
        f"/aid-requests/{submitted.uuid}/print/": 16,
        f"/aid-requests/{submitted.uuid}/share/": 16,
        "/": 16,  # one for exercises, one for what is asked of my resources
    }
    for url, budget in budgets.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        assert len(queries) - NESTED <= budget, (url, len(queries) - NESTED)


def test_the_desk_tells_each_what_waits_for_them(signed: Signed, submitted: AidRequest, file: File) -> None:
    draft = file(title="My own draft")
    mine = signed("owner").get("/").content.decode()
    assert draft.title in mine
    assert submitted.reference in mine
    assert submitted.reference not in signed("outsider").get("/").content.decode()
    assert signed("nobody").get("/").status_code == 403


def test_a_mission_without_a_position_is_not_there(signed: Signed) -> None:
    assert signed("owner").get("/missions/south/").status_code == 404
    assert signed("owner").get("/missions/north/").status_code == 302
