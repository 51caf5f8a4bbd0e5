"""The operator's page: for whom it is, what it says and does, and the same numbers for machines."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.notifications import herald, operations
from apps.notifications.herald import Told
from apps.notifications.models import BouncedAddress
from apps.notifications.services import bounce_clear, failed_replay
from apps.notifications.vocabulary import Reason
from apps.records.errors import NotPermitted
from apps.records.events import publish
from cimic_portal import heartbeat
from cimic_portal.tasks import heartbeat as heartbeat_task
from tests.factories.aid_requests import request_file
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import Signed, messages
from tests.unit.notifications.telling import operator, tell

PAGE = "/operations/"


def settle(state: str, code: str) -> None:
    """Let every mail that is on its way end so."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM notifications_next('email')")
            row = cursor.fetchone()
            if row is None:
                return
            cursor.execute("SELECT notifications_settle(%s, %s, %s, NULL)", [row[0], state, code])


@pytest.fixture
def failed(staff: Staff) -> str:
    """A mail that was given up, and an administrator."""
    record = request_file(staff, scope="organisation")
    with staff.acting("req"):
        publish(record, "aid_request.comment")
    with herald.taking() as found:
        assert found
        herald.tell([Told(staff.people["req_colleague"].pk, Reason.PART, mail_at=timezone.now())])
    settle("dead", "refused")
    return operator(staff)


@pytest.mark.parametrize("name", ["req", "joc", "aud", "dec"])
def test_nobody_but_administrators_finds_it(staff: Staff, signed: Signed, failed: str, name: str) -> None:
    client = signed(name)
    assert client.get(PAGE).status_code == 404
    for path in ("retry/", "bounced/"):
        assert client.post(f"{PAGE}{path}").status_code == 404
    assert f'href="{PAGE}"' not in client.get("/").content.decode()
    with staff.acting(name) as actor:
        assert operations.failures(actor) == []
        for refused in (lambda: failed_replay(actor), lambda: bounce_clear(actor, email="x")):
            with pytest.raises(NotPermitted):
                refused()
    assert messages(staff, "req_colleague")[0].state == "dead"


def test_it_says_who_could_not_be_reached_why_and_never_of_what(
    staff: Staff, signed: Signed, failed: str
) -> None:
    text = signed(failed).get(PAGE).content.decode()
    assert "Holder req_colleague" in text
    assert "The other server refused it." in text
    assert not re.search(r"RFA-\d{4}|cnry", text)


def test_one_or_all_are_tried_again(staff: Staff, signed: Signed, failed: str) -> None:
    client = signed(failed)
    (uuid,) = re.findall(r'name="uuid" value="([^"]+)"', client.get(PAGE).content.decode())
    answer = client.post(f"{PAGE}retry/", {"uuid": uuid}, follow=True)
    assert "1 is tried again." in answer.content.decode()
    (message,) = messages(staff, "req_colleague")
    assert (message.state, message.attempts, message.code) == ("queued", 0, "")
    settle("dead", "unreachable")
    assert "1 is tried again." in client.post(f"{PAGE}retry/", follow=True).content.decode()
    assert "0 are tried again." in client.post(f"{PAGE}retry/", follow=True).content.decode()
    assert client.post(f"{PAGE}retry/", {"uuid": "x"}).status_code == 404


def test_an_address_that_bounced_is_cleared(staff: Staff, signed: Signed) -> None:
    client = signed(operator(staff))
    person = staff.people["req"]
    BouncedAddress.objects.create(person=person, email=person.email, code="bounced")
    assert person.email in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}bounced/", {"email": "x@example.org"}).status_code == 404
    assert client.post(f"{PAGE}bounced/", {"email": person.email}).status_code == 302
    assert not BouncedAddress.objects.exists()


def test_it_says_whether_a_worker_lives(staff: Staff, signed: Signed, settings: Any) -> None:
    client = signed(operator(staff))
    heartbeat.forget(settings.REDIS_URL)
    assert "Start the worker and beat again" in client.get(PAGE).content.decode()
    heartbeat_task()
    assert "Running" in client.get(PAGE).content.decode()


def test_an_old_event_is_told_to_operators_and_to_machines(
    staff: Staff, signed: Signed, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed(operator(staff))
    heartbeat_task()
    record = request_file(staff, scope="organisation")
    tell(staff, record)
    assert Client().get("/readyz").json()["outbox"] == "ok"
    assert "Too long" not in client.get(PAGE).content.decode()
    with staff.acting("req"):
        publish(record, "aid_request.comment")
    monkeypatch.setattr(operations, "OLDEST_SECONDS", 0)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["outbox"]) == (503, "late")
    assert "Too long" in client.get(PAGE).content.decode()
    settings.METRICS_TOKEN = "right"
    text = Client().get("/metrics", headers={"Authorization": "Bearer right"}).content.decode()
    assert "portal_outbox_events 1" in text
    assert 'portal_messages_queued{channel="email"} 0' in text
    assert "portal_clocks_late 0" in text


def test_readiness_stays_cheap(db: None, settings: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert not operations.is_late()
    assert len(asked) == 1


def test_the_page_asks_little(staff: Staff, signed: Signed, failed: str) -> None:
    client = signed(failed)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    assert len([q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]) <= 15
