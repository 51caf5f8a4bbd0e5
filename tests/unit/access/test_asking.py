"""Asking by reference through the pages: one answer for a record that exists and for one that does not."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.aid_requests.models import AidRequest
from apps.need_to_know.access_requests import (
    access_decide,
    access_requests_of,
    access_requests_to_decide,
    access_withdraw,
)
from apps.need_to_know.models import AccessRequest
from apps.records import clock
from tests.factories.staff import Staff
from tests.unit.access.conftest import NOWHERE, Signed, ask

ASK = "/access/ask/"
GOOD = {"wanted": "full", "purpose": "A convoy of ours passes there.", "period": "2"}
_NOISE = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": ?"[^"]+"'), b""),
    (re.compile(rb'name="once" value="[^"]+"'), b""),
    (re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), b"uuid"),
    (re.compile(rb"RFA-\d{4}-\d{5}"), b"reference"),
    (re.compile(rb"\d\d:\d\d(:\d\d)?"), b"time"),
]


def told(content: bytes) -> bytes:
    """A page without what differs by chance."""
    for pattern, instead in _NOISE:
        content = pattern.sub(instead, content)
    return content


def seen(client: Client, method: str, path: str, data: Any = None) -> tuple[Any, ...]:
    """Status, place, content and cost of an answer; the place itself comes last."""
    with CaptureQueriesContext(connection) as asked:
        answer = getattr(client, method)(path, data)
    where = answer.get("Location", "")
    return answer.status_code, told(where.encode()), told(answer.content), len(asked), where


def journey(client: Client, reference: str) -> list[tuple[Any, ...]]:
    """Ask, and look at everything that an asker can look at."""
    steps = [seen(client, "get", ASK, {"reference": reference})]
    steps.append(seen(client, "post", ASK, GOOD | {"reference": reference}))
    steps.append(seen(client, "get", steps[-1][-1]))
    steps.append(seen(client, "get", "/access/"))
    steps.append(seen(client, "get", f"/r/{reference}/"))
    return [step[:-1] for step in steps]


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_record(
    record: AidRequest, signed: Signed
) -> None:
    client, answers = signed("clu"), []
    for reference in (record.reference, NOWHERE):
        with transaction.atomic():
            client.get("/")
            answers.append(journey(client, reference))
            transaction.set_rollback(True)
    assert answers[0] == answers[1]
    assert [status for status, *_rest in answers[0]] == [200, 302, 200, 200, 404]
    assert b"Your request was passed on." in answers[0][2][2]
    assert b"?reference=reference" in answers[0][4][2]


def test_refused_and_unknown_stay_alike_to_the_end(
    staff: Staff, record: AidRequest, asked: AccessRequest, signed: Signed
) -> None:
    """I4 over time: open until the lapse, then ended, whatever was decided and whether or not it exists."""
    unknown = ask(staff, NOWHERE)
    with staff.acting("rel") as actor:
        access_decide(actor, target=access_requests_to_decide(actor).get(), given="", remark="Not theirs.")
    client = signed("clu")
    client.get("/access/")
    pages = [seen(client, "get", f"/access/asked/{each.uuid}/")[:-1] for each in (asked, unknown)]
    assert pages[0] == pages[1]
    assert b"Passed on" in pages[0][2]
    # WHY: the portal's own clock alone; the database listens to another time from nobody.
    with clock.at(clock.now() + timedelta(days=15)):
        pages = [seen(client, "get", f"/access/asked/{each.uuid}/")[:-1] for each in (asked, unknown)]
    assert pages[0] == pages[1]
    assert b"Ended without an answer" in pages[0][2]
    assert b"Not theirs" not in client.get("/access/").content


def test_a_reader_is_led_straight_to_the_record(staff: Staff, record: AidRequest, signed: Signed) -> None:
    client = signed("req_colleague")
    for answer in (
        client.get(ASK, {"reference": record.reference.lower()}),
        client.post(ASK, GOOD | {"reference": f" {record.reference} "}),
    ):
        assert answer["Location"] == record.get_absolute_url()
    with staff.acting("req_colleague") as actor:
        assert not access_requests_of(actor).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "id_reference"),
        ({"reference": "R" * 31}, "id_reference"),
        ({"wanted": "everything"}, "id_wanted"),
        ({"purpose": "   "}, "id_purpose"),
        ({"purpose": "x" * 301}, "id_purpose"),
        ({"period": "date"}, "id_until"),
        ({"period": "date", "until": "2020-01-01T10:00"}, "id_until"),
        ({"period": "99999"}, "id_period"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    staff: Staff, signed: Signed, changes: dict[str, str], field: str
) -> None:
    answer = signed("clu").post(ASK, {"reference": NOWHERE, **GOOD, **changes})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}' in page
    if "purpose" not in changes:
        assert GOOD["purpose"] in page
    with staff.acting("clu") as actor:
        assert not access_requests_of(actor).exists()


def test_sending_the_form_twice_asks_once(staff: Staff, signed: Signed) -> None:
    client = signed("clu")
    page = client.get(ASK).content.decode()
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    data = GOOD | {"reference": NOWHERE, "once": found[1]}
    places = {client.post(ASK, data)["Location"] for _ in range(2)}
    assert len(places) == 1
    with staff.acting("clu") as actor:
        assert access_requests_of(actor).count() == 1


def test_an_own_end_and_the_position_of_ones_choice(staff: Staff, signed: Signed) -> None:
    staff.also_holds("clu", "cmc")
    client = signed("clu")
    assert b"Asking as" in client.get(ASK).content
    data = GOOD | {"reference": NOWHERE, "period": "date", "until": "2099-01-31T10:00"}
    data["position"] = str(staff.positions["cmc"].uuid)
    assert client.post(ASK, data).status_code == 302
    with staff.acting("clu") as actor:
        made = access_requests_of(actor).get()
    assert made.position == made.reader == staff.positions["cmc"]
    assert made.until.year == 2099
    stolen = data | {"position": str(staff.positions["dec"].uuid)}
    assert client.post(ASK, stolen).status_code == 422


def test_twenty_open_requests_are_enough(staff: Staff, signed: Signed) -> None:
    for number in range(20):
        ask(staff, f"RFA-2026-{number:05}")
    answer = signed("clu").post(ASK, GOOD | {"reference": NOWHERE})
    assert answer.status_code == 422
    assert b"You have 20 requests open." in answer.content


def test_whoever_reads_nothing_cannot_ask(signed: Signed) -> None:
    client = signed("aud")
    assert b"reads no records" in client.get(ASK).content
    assert client.post(ASK, GOOD | {"reference": NOWHERE}).status_code == 403


def test_a_request_is_withdrawn_once_and_by_its_asker_alone(asked: AccessRequest, signed: Signed) -> None:
    path = f"/access/asked/{asked.uuid}/withdraw/"
    assert signed("cmc").post(path).status_code == 404
    assert signed("cmc").get(f"/access/asked/{asked.uuid}/").status_code == 404
    client = signed("clu")
    assert b"You have withdrawn the request." in client.post(path, follow=True).content
    assert b"It was answered or withdrawn already." in client.post(path, follow=True).content
    assert b"Withdraw the request" not in client.get(f"/access/asked/{asked.uuid}/").content


def test_what_was_given_is_linked_while_it_is_open(
    staff: Staff, record: AidRequest, asked: AccessRequest, signed: Signed
) -> None:
    with staff.acting("rel") as actor:
        access_decide(
            actor, target=access_requests_to_decide(actor).get(), given="full", answer="Mind the detour.",
            until=clock.now() + timedelta(seconds=4),
        )  # fmt: skip
    client = signed("clu")
    for path in ("/access/", f"/access/asked/{asked.uuid}/"):
        assert f'href="/r/{record.reference}/"' in client.get(path).content.decode()
    assert client.get(f"/r/{record.reference}/", follow=True).status_code == 200
    assert b"Mind the detour." in client.get(f"/access/asked/{asked.uuid}/").content
    time.sleep(4)
    page = client.get(f"/access/asked/{asked.uuid}/").content.decode()
    assert "is no longer open to you." in page
    assert f'href="/r/{record.reference}/"' not in page


def test_long_lists_have_pages(staff: Staff, signed: Signed) -> None:
    for number in range(52):
        made = ask(staff, f"RFA-2026-{number:05}")
        with staff.acting("clu") as actor:
            access_withdraw(actor, request=made)
    client = signed("clu")
    first = client.get("/access/")
    older = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert older
    second = client.get(older[1].replace("&amp;", "&"))
    references = [set(re.findall(r"RFA-2026-\d{5}", page.content.decode())) for page in (first, second)]
    assert [len(found) for found in references] == [50, 2]
    assert not references[0] & references[1]
    assert b'rel="prev"' in second.content
    assert client.get("/access/?after=broken").status_code == 200
