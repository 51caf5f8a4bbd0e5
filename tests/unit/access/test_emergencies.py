"""Emergency access through the pages: who, what happens, the banner, who is told, the review."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from apps.aid_requests.models import AidRequest
from apps.mission.models import DataType, SharingProtocol
from apps.need_to_know.models import EmergencyAccess, ReadLog
from apps.notifications.mail import mail_drain
from apps.notifications.relay import relay_drain
from apps.records.models import Record
from tests.factories.aid_requests import request_file
from tests.factories.staff import Staff
from tests.unit.access.conftest import NOWHERE, Signed, break_open

PAGE = "/access/emergency/"
REASON = "The convoy is under fire and nobody answers."


def form(record: Any, **changes: Any) -> dict[str, Any]:
    """What is sent to open a record."""
    return {"reference": record.reference, "reason": REASON, "minutes": 60} | changes


def uses(staff: Staff) -> list[EmergencyAccess]:
    """The duty officer's uses."""
    with staff.acting("joc"):
        return list(EmergencyAccess.objects.all())


@pytest.mark.parametrize("person", ["req", "rel", "clu", "aud"])
def test_only_named_roles_find_the_page(record: AidRequest, signed: Signed, person: str) -> None:
    client = signed(person)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, form(record)).status_code == 404
    assert PAGE not in client.get("/").content.decode()


def test_it_opens_the_record_and_says_so_on_every_page_of_it(
    staff: Staff, record: AidRequest, signed: Signed
) -> None:
    client = signed("joc")
    assert PAGE in client.get("/").content.decode()
    assert b"What happens" in client.get(PAGE).content
    assert client.get(record.get_absolute_url()).status_code == 404
    answer = client.post(PAGE, form(record), follow=True)
    assert answer.redirect_chain[-1][0] == record.get_absolute_url()
    for page in ("", "history/", "share/"):
        assert b"Open to you by emergency access" in client.get(f"{record.get_absolute_url()}{page}").content
    with staff.acting("rel"):
        read = ReadLog.objects.filter(person=staff.people["joc"]).first()
        assert read is not None
        assert (read.via, read.purpose) == ("emergency", REASON)
    assert b"Open to you by emergency access" not in signed("rel").get(record.get_absolute_url()).content


def test_no_second_one_before_the_review(staff: Staff, record: AidRequest, signed: Signed) -> None:
    break_open(staff, record.reference)
    other = request_file(staff, classification=1, scope="organisation")
    client = signed("joc")
    page = client.get(PAGE).content.decode()
    assert "has not been reviewed yet" in page
    assert 'name="reason"' not in page
    answer = client.post(PAGE, form(other))
    assert answer.status_code == 422
    assert len(uses(staff)) == 1
    assert client.get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "id_reference"),
        ({"reason": "short"}, "id_reason"),
        ({"reason": "x" * 501}, "id_reason"),
        ({"minutes": "181"}, "id_minutes"),
        ({"minutes": ""}, "id_minutes"),
        ({"reference": NOWHERE}, "id_reference"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    staff: Staff, record: AidRequest, signed: Signed, changes: dict[str, str], field: str
) -> None:
    answer = signed("joc").post(PAGE, form(record, **changes))
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.content.decode()
    assert uses(staff) == []


def test_i20_a_ceiling_is_not_broken_and_looks_like_nothing(
    staff: Staff, record: AidRequest, signed: Signed
) -> None:
    barred = DataType.objects.get(mission=staff.mission, code="source")
    with staff.acting("req"):
        Record.objects.filter(pk=record.pk).update(data_types=[barred.pk])
    client = signed("joc")
    pages = [client.post(PAGE, form(record, reference=r)) for r in (record.reference, NOWHERE)]
    assert [page.status_code for page in pages] == [422, 422]
    assert b"There is no such record that can be opened in an emergency." in pages[0].content
    assert uses(staff) == []


def test_the_protocol_sets_the_longest_time(staff: Staff, record: AidRequest, signed: Signed) -> None:
    SharingProtocol.objects.create(
        mission=staff.mission, version="1", title="How we share", state="in_force", break_glass_minutes=45
    )
    client = signed("joc")
    page = client.get(PAGE).content.decode()
    assert 'value="45"' in page
    assert 'value="60"' not in page
    assert client.post(PAGE, form(record)).status_code == 422


def test_what_one_reads_anyway_needs_no_emergency(staff: Staff, signed: Signed) -> None:
    seen = request_file(staff, by="req_mission", scope="mission")
    assert signed("joc").post(PAGE, form(seen))["Location"] == seen.get_absolute_url()
    assert uses(staff) == []


def test_the_originator_and_its_release_authority_are_told_and_nobody_else(
    staff: Staff, record: AidRequest, signed: Signed
) -> None:
    relay_drain()
    mail_drain()
    mail.outbox.clear()
    signed("joc").post(PAGE, form(record))
    (use,) = uses(staff)
    relay_drain()
    mail_drain()
    assert {message.to[0] for message in mail.outbox} == {"req@staff.invalid", "rel@staff.invalid"}
    for message in mail.outbox:
        said = f"{message.subject}\n{message.body}"
        assert record.reference in said
        for kept in (record.title, REASON, "Holder joc"):
            assert kept not in said
    opened = next(line for line in str(mail.outbox[0].body).splitlines() if "/notifications/" in line)
    answer = signed(mail.outbox[0].to[0].partition("@")[0]).get(urlsplit(opened).path)
    assert answer["Location"] == f"/access/emergency/{use.uuid}/"


def review(client: Client, use: EmergencyAccess, **changes: Any) -> Any:
    """Send a verdict."""
    data = {"justified": "yes", "note": "Lives were at stake."} | changes
    return client.post(f"{PAGE}{use.uuid}/", data)


def test_the_review_shows_who_why_and_what_was_read(staff: Staff, record: AidRequest, signed: Signed) -> None:
    use = break_open(staff, record.reference)
    joc = signed("joc")
    joc.get(record.get_absolute_url())
    client = signed("rel")
    desk = client.get("/").content.decode()
    assert "Review an emergency access: Holder joc" in desk
    page = client.get(f"{PAGE}{use.uuid}/").content.decode()
    for said in ("Holder joc", REASON, "still open", "What they read in that time", "<td>page</td>"):
        assert said in page
    assert review(client, use).status_code == 302
    assert "Lives were at stake." in client.get(f"{PAGE}{use.uuid}/").content.decode()
    assert "Review an emergency access" not in client.get("/").content.decode()
    assert "Lives were at stake." in joc.get(PAGE).content.decode()
    assert b'name="reason"' in joc.get(PAGE).content
    assert review(client, use).status_code == 409


def test_a_review_needs_a_verdict_and_a_note(staff: Staff, record: AidRequest, signed: Signed) -> None:
    use = break_open(staff, record.reference)
    client = signed("rel")
    for changes in ({"justified": ""}, {"note": " "}, {"note": "x" * 1001}):
        assert review(client, use, **changes).status_code == 422
    assert uses(staff)[0].verdict == ""


@pytest.mark.parametrize("person", ["joc", "aud", "clu", "req_colleague"])
def test_nobody_but_the_originator_reviews(
    staff: Staff, record: AidRequest, signed: Signed, person: str
) -> None:
    use = break_open(staff, record.reference)
    client = signed(person)
    assert client.get(f"{PAGE}{use.uuid}/").status_code == 404
    assert review(client, use).status_code == 404
