"""The audit: for auditors alone, logs and outcomes, never what a record says."""

from __future__ import annotations

import csv
import io
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.need_to_know.access_requests import access_decide, access_requests_to_decide
from apps.need_to_know.models import AccessRequest, ReadLog
from apps.records import clock
from tests.factories.staff import Staff
from tests.unit.access.conftest import NOWHERE, Signed, ask, break_open

PAGES = ("/audit/", "/audit/export/", "/audit/emergencies/", "/audit/requests/", "/audit/chains/")


@pytest.fixture
def read(record: AidRequest, signed: Signed) -> AidRequest:
    """The record, after its author's colleague and the release authority have read it."""
    for name in ("req_colleague", "rel"):
        assert signed(name).get(record.get_absolute_url()).status_code == 200
    return record


@pytest.mark.parametrize("person", ["req", "rel", "joc", "clu"])
@pytest.mark.parametrize("path", PAGES)
def test_there_is_no_audit_for_others(read: AidRequest, signed: Signed, person: str, path: str) -> None:
    client = signed(person)
    assert client.get(path).status_code == 404
    assert "/audit/" not in client.get("/").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_auditors_see_who_and_never_what(
    staff: Staff, read: AidRequest, asked: AccessRequest, signed: Signed, path: str
) -> None:
    break_open(staff, read.reference)
    client = signed("aud")
    answer = client.get(path)
    assert answer.status_code == 200
    assert read.title not in answer.content.decode()
    assert client.get(read.get_absolute_url()).status_code == 404
    assert 'href="/audit/"' in client.get("/").content.decode()


def shown(client: Any, **filters: str) -> list[str]:
    """Who stands on the page of reads."""
    page = client.get("/audit/", filters).content.decode()
    return re.findall(r"<bdi>(Holder \w+)</bdi><br>", page)


def test_reads_are_narrowed(staff: Staff, read: AidRequest, signed: Signed) -> None:
    client, today = signed("aud"), timezone.localdate()
    assert shown(client) == ["Holder rel", "Holder req_colleague"]
    assert shown(client, person="colleague") == ["Holder req_colleague"]
    assert shown(client, person="REL@staff.invalid") == ["Holder rel"]
    assert shown(client, reference=read.reference.lower()) == ["Holder rel", "Holder req_colleague"]
    assert shown(client, reference=NOWHERE) == []
    assert shown(client, channel="page", via="audience") == ["Holder rel", "Holder req_colleague"]
    assert shown(client, channel="export") == []
    assert shown(client, via="emergency") == []
    assert len(shown(client, first_day=f"{today}", last_day=f"{today}")) == 2
    assert shown(client, first_day=f"{today + timedelta(days=1)}") == []
    assert shown(client, last_day=f"{today - timedelta(days=1)}") == []


@pytest.mark.parametrize("query", ["first_day=never", "channel=x", "after=x", "person=%00", "nothing=1"])
def test_broken_filters_break_nothing(read: AidRequest, signed: Signed, query: str) -> None:
    assert signed("aud").get(f"/audit/?{query}").status_code == 200


def test_the_log_has_pages(staff: Staff, record: AidRequest, signed: Signed) -> None:
    reader = signed("req_colleague")
    for _ in range(52):
        reader.get(record.get_absolute_url())
    client = signed("aud")
    page = client.get("/audit/?person=colleague").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    assert "person=colleague" in older[1]
    second = client.get(older[1].replace("&amp;", "&")).content.decode()
    found = [page.count("Holder req_colleague"), second.count("Holder req_colleague")]
    assert found == [50, 2]


def test_the_export_carries_its_marking_in_every_row(staff: Staff, read: AidRequest, signed: Signed) -> None:
    answer = signed("aud").get("/audit/export/?person=colleague")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Label-Classification"] == "CONFIDENTIAL"
    titles, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    given = dict(zip(titles, row, strict=True))
    assert given["Person"] == "Holder req_colleague"
    assert given["Reference"] == read.reference
    assert "CONFIDENTIAL" in given["Label"]
    assert "Holder aud" in given["Drawn out by"]
    assert given["Drawn out"]


def test_emergencies_stand_with_their_verdicts(staff: Staff, record: AidRequest, signed: Signed) -> None:
    break_open(staff, record.reference)
    client = signed("aud")
    page = client.get("/audit/emergencies/").content.decode()
    assert "Holder joc" in page
    assert "The convoy is under fire" in page
    with clock.at(clock.now() + timedelta(days=8)):
        page = client.get("/audit/emergencies/").content.decode()
    assert re.search(r'<span class="bad strong">.*?</svg> 1</span>', page)


def test_requests_stand_with_their_outcomes(
    staff: Staff, record: AidRequest, asked: AccessRequest, signed: Signed
) -> None:
    """What a request met is not told: a refusal and a reference of nothing are both open, then both ended."""
    ask(staff, NOWHERE)
    ask(staff, record.reference, by="cmc")
    with staff.acting("rel") as actor:
        first, second = access_requests_to_decide(actor)
        access_decide(actor, target=first, given="full")
        access_decide(actor, target=second, given="")
    page = signed("aud").get("/audit/requests/").content.decode()
    figures = dict(re.findall(r"<span>([^<]+)</span><span class=\"number\">(\d+)</span>", page))
    assert figures["Requests for access"] == "3"
    assert figures["Given: the record"] == "1"
    assert figures["Open"] == "2"
    assert "Refused" not in page


def test_a_chain_is_computed_anew(staff: Staff, read: AidRequest, signed: Signed) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    client = signed("aud")
    page = client.get("/audit/chains/", {"reference": read.reference.lower()}).content.decode()
    assert "entries 1–2 are whole." in page
    assert re.search(r'<code class="codes">[0-9a-f]{64}</code>', page)
    assert (
        f"No read of {NOWHERE} is logged."
        in client.get("/audit/chains/", {"reference": NOWHERE}).content.decode()
    )


def test_a_broken_chain_names_its_entries(
    staff: Staff, read: AidRequest, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staff.acting("rel"):
        pk = ReadLog.objects.filter(reference=read.reference).values_list("record_id", flat=True)[0]
    monkeypatch.setattr("apps.access.selectors.chain_problems", lambda: [(pk, 2), (pk + 1, 1)])
    page = signed("aud").get("/audit/chains/", {"reference": read.reference}).content.decode()
    assert "the chain is broken." in page
    assert re.search(r"Wrong entries: 2\s*<", page)


def test_each_look_is_written_down(staff: Staff, signed: Signed, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "apps.access"):
        signed("aud").get("/audit/?person=colleague")
    said = [record.getMessage() for record in caplog.records if record.name.startswith("apps.access")]
    assert said == [f"audit opened: person {staff.people['aud'].pk}, mission {staff.mission.pk}, audit"]
