"""Deciding on requests for access: who sees them, what can be given, and what the asker gets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import Position
from apps.need_to_know.access_requests import access_requests_of, access_withdraw
from apps.need_to_know.models import AccessRequest, AccessRequestTarget
from apps.records.models import Record
from tests.factories.releases import signed_release
from tests.factories.staff import Staff
from tests.unit.access.conftest import Signed, ask


def path(request: AccessRequest) -> str:
    """The page on which it is decided."""
    return f"/access/requests/{request.uuid}/"


def full(**changes: Any) -> dict[str, Any]:
    """A form that gives the record itself."""
    until = timezone.localtime(timezone.now() + timedelta(days=1))
    return {"given": "full", "until": until.strftime("%Y-%m-%dT%H:%M"), "answer": "Speak to Amina."} | changes


@pytest.mark.parametrize("person", ["req", "req_colleague", "clu", "cmc", "aud", "joc"])
def test_a_request_is_there_for_whoever_decides_and_for_nobody_else(
    asked: AccessRequest, signed: Signed, person: str
) -> None:
    client = signed(person)
    assert client.get(path(asked)).status_code == 404
    assert client.post(path(asked), full()).status_code == 404
    assert str(asked.uuid) not in client.get("/access/requests/").content.decode()
    assert str(asked.uuid) not in client.get("/").content.decode()


def test_it_waits_on_the_desk_of_the_release_authority(asked: AccessRequest, signed: Signed) -> None:
    client = signed("rel")
    desk = client.get("/").content.decode()
    assert f'href="{path(asked)}"' in desk
    assert "Decide on a request for access: Holder clu" in desk
    assert f'href="{path(asked)}"' in client.get("/access/requests/").content.decode()
    page = client.get(path(asked)).content.decode()
    for said in ("Holder clu", "Post clu", "Agency House", asked.purpose, "Confidential"):
        assert said in page
    assert "There is no releasable summary of this record yet." in page


def test_the_record_given_opens_to_the_position_until_then(
    staff: Staff, record: AidRequest, asked: AccessRequest, signed: Signed
) -> None:
    client = signed("rel")
    answer = client.post(path(asked), full(), follow=True)
    assert b"Your decision is in force." in answer.content
    assert signed("clu").get(record.get_absolute_url()).status_code == 200
    with staff.acting("rel"):
        grant = Record.objects.get(pk=record.pk).group_grants.get()
        assert grant.expires_at is not None
        assert grant.expires_at < asked.until
        assert grant.reason == asked.purpose
    decided = client.get(path(asked)).content.decode()
    assert "Holder rel" in decided
    assert "<textarea" not in decided
    assert client.post(path(asked), full()).status_code == 409
    assert path(asked) not in client.get("/").content.decode()


def test_a_summary_opens_and_the_record_stays_shut(staff: Staff, record: AidRequest, signed: Signed) -> None:
    release = signed_release(staff, record)
    asked = ask(staff, record.reference, wanted="summary", by="req_mission")
    client = signed("rel")
    assert f"{release.reference} – " in client.get(path(asked)).content.decode()
    data = {"given": "summary", "release": str(release.uuid), "answer": ""}
    assert client.post(path(asked), data).status_code == 302
    reader = signed("req_mission")
    assert f'href="/r/{release.reference}/"' in reader.get(f"/access/asked/{asked.uuid}/").content.decode()
    assert reader.get(f"/r/{release.reference}/", follow=True).status_code == 200
    assert reader.get(f"/r/{record.reference}/").status_code == 404


def test_that_it_exists_is_said_with_whom_to_speak_to(asked: AccessRequest, signed: Signed) -> None:
    client = signed("rel")
    refused = client.post(path(asked), {"given": "existence", "answer": " "})
    assert refused.status_code == 422
    assert b"Say whom they may speak to." in refused.content
    assert client.post(path(asked), {"given": "existence", "answer": "Amina, 0911."}).status_code == 302
    page = signed("clu").get(f"/access/asked/{asked.uuid}/").content.decode()
    assert "Amina, 0911." in page
    assert "Whether it exists, and whom to speak to" in page


def test_a_refusal_is_kept_for_ourselves(
    staff: Staff, record: AidRequest, asked: AccessRequest, signed: Signed
) -> None:
    client = signed("rel")
    assert client.post(path(asked), {"given": "refuse", "remark": "Not theirs to know."}).status_code == 302
    page = client.get(path(asked)).content.decode()
    assert "Refused, without telling the asker." in page
    assert "Not theirs to know." in page
    with staff.acting("clu") as actor:
        mine = access_requests_of(actor).get()
        assert (mine.given, mine.answer, mine.answered_at) == ("", "", None)
        assert not AccessRequestTarget.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"given": ""}, "id_given"),
        ({"given": "summary"}, "id_given"),
        ({"until": "2099-01-01T00:00"}, "They asked for less."),
        ({"until": "2020-01-01T00:00"}, "The end lies in the past."),
        ({"until": "soon"}, "id_until"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    asked: AccessRequest, signed: Signed, changes: dict[str, str], said: str
) -> None:
    answer = signed("rel").post(path(asked), full(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Speak to Amina." in page


def test_what_would_open_nothing_is_not_given(staff: Staff, record: AidRequest, signed: Signed) -> None:
    """A position that is not cleared for the label: the page says so before, and the service after."""
    Position.objects.filter(pk=staff.positions["cmc"].pk).update(clearance=0)
    asked = ask(staff, record.reference, by="cmc")
    client = signed("rel")
    assert b"Giving the record would open nothing." in client.get(path(asked)).content
    answer = client.post(path(asked), full())
    assert answer.status_code == 422
    assert b"Nobody in that position may read what is labelled so." in answer.content
    with staff.acting("rel"):
        assert not Record.objects.get(pk=record.pk).group_grants.exists()


def test_a_request_taken_back_cannot_be_decided(staff: Staff, asked: AccessRequest, signed: Signed) -> None:
    with staff.acting("clu") as actor:
        access_withdraw(actor, request=asked)
    client = signed("rel")
    assert b"The asker has withdrawn it." in client.get(path(asked)).content
    assert client.post(path(asked), full()).status_code == 409
