"""Calls to systems of the mission: ids alone, signed, tried again, and nothing that the account does not read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.mission.models import Holding
from apps.mission.vocabulary import Role
from apps.notifications import outbound, webhooks
from apps.notifications.models import Call, Webhook, new_secret
from apps.notifications.relay import relay_drain
from apps.notifications.webhooks import BACK_OFF, call_next, calls_drain, webhook_new_secret, webhook_ping
from tests.factories.aid_requests import request_file, take
from tests.factories.receivers import LOOPBACK, Receiver, receiver
from tests.factories.staff import Staff


@pytest.fixture
def system(settings: Any) -> Iterator[Receiver]:
    """A system of the mission in a network that the operator allows."""
    with receiver() as made:
        settings.OUTWARD_NETWORKS = LOOPBACK
        settings.OUTWARD_PORTS = [443, made.port]
        yield made


@pytest.fixture
def hook(staff: Staff, system: Receiver) -> Iterator[Webhook]:
    """A webhook whose account coordinates the cluster: it reads requests once they are submitted."""
    relay_drain()
    staff.post("machine", "agency", Role.CLUSTER, sector=staff.sector)
    yield hook_make(staff, system)
    # WHY: the mission is shared by the package, its people are kept by name.
    del staff.people["machine"], staff.positions["machine"]


def hook_make(staff: Staff, system: Receiver, **fields: Any) -> Webhook:
    values = {
        "name": "Logistics",
        "url": system.url(),
        "account": staff.people["machine"],
        "mission": staff.mission,
    }
    return Webhook.objects.create(**values | fields)


def calls(staff: Staff) -> list[Call]:
    """All calls, as the account reads them."""
    with staff.acting("machine"):
        return list(Call.objects.select_related("event").order_by("id"))


def submitted(staff: Staff) -> Any:
    """A request that was submitted, and told."""
    request = take(staff, request_file(staff), "req", "submit")
    relay_drain()
    return request


def test_a_call_says_ids_and_is_signed(staff: Staff, hook: Webhook, system: Receiver) -> None:
    request = submitted(staff)
    (call,) = calls(staff)
    assert calls_drain(5) == 1
    (sent,) = system.sent
    assert json.loads(sent.body) == {
        "id": str(call.uuid), "event": str(call.event.uuid), "mission": staff.mission.code, "type": "aid_request",
        "record": str(request.uuid), "at": call.event.at.isoformat(),
    }  # fmt: skip
    assert sent.line.startswith("POST /in?x=1")
    said = sent.line + str(sent.headers) + sent.body.decode()
    for word in (request.title, request.reference, "submit", request.need_statement, "Relief House"):
        assert word not in said
    assert sent.headers["webhook-id"] == str(call.uuid)
    stamp = sent.headers["webhook-timestamp"]
    assert abs(int(stamp) - timezone.now().timestamp()) < 60
    key = base64.b64decode(hook.secret.removeprefix("whsec_"), validate=True)
    mac = hmac.new(key, f"{call.uuid}.{stamp}.".encode() + sent.body, hashlib.sha256).digest()
    assert sent.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    (call,) = calls(staff)
    assert (call.state, call.code, call.attempts) == ("sent", "", 1)
    assert not call_next()


def test_the_specifications_own_example() -> None:
    """The example of the Standard Webhooks libraries."""
    made = webhooks.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_what_receivers_libraries_take() -> None:
    secrets = {new_secret() for _ in range(200)}
    assert len(secrets) == 200
    assert all(len(base64.b64decode(s.removeprefix("whsec_"), validate=True)) == 32 for s in secrets)
    assert all(len(s) <= 80 and s.startswith("whsec_") for s in secrets)


@pytest.mark.parametrize("types", [["information_request"], ["aid_request"], []])
def test_only_the_types_that_are_wanted(staff: Staff, hook: Webhook, types: list[str]) -> None:
    Webhook.objects.filter(pk=hook.pk).update(record_types=types)
    submitted(staff)
    assert len(calls(staff)) == (types != ["information_request"])


def test_failures_are_tried_again_later_and_in_the_end_given_up(
    staff: Staff, hook: Webhook, system: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BACK_OFF == (30, 120, 600, 3_600, 21_600, 86_400)
    # WHY: what was put off into the past is due at once.
    monkeypatch.setattr(webhooks, "BACK_OFF", tuple(-seconds for seconds in BACK_OFF))
    submitted(staff)
    system.answer = 500
    for number, seconds in enumerate(BACK_OFF, 1):
        assert call_next()
        (call,) = calls(staff)
        assert (call.state, call.code, call.attempts) == ("queued", "refused", number)
        assert abs((timezone.now() - call.next_at).total_seconds() - seconds) < 5
    assert call_next()
    (call,) = calls(staff)
    assert (call.state, call.code, call.attempts) == ("dead", "refused", 7)
    assert not call_next()
    assert len({sent.headers["webhook-id"] for sent in system.sent}) == 1, "one id for all tries"
    assert len(system.sent) == 7


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [(410, "dead", "refused"), (404, "queued", "refused"), (302, "queued", "refused"), (200, "sent", ""),
     (503, "queued", "refused")],
)  # fmt: skip
def test_what_an_answer_does(
    staff: Staff, hook: Webhook, system: Receiver, answer: int, state: str, code: str
) -> None:
    submitted(staff)
    system.answer = answer
    calls_drain(5)
    (call,) = calls(staff)
    assert (call.state, call.code) == (state, code)


def test_an_address_that_may_not_be_reached_is_given_up_at_once(
    staff: Staff, hook: Webhook, system: Receiver, settings: Any
) -> None:
    settings.OUTWARD_NETWORKS = []
    submitted(staff)
    calls_drain(5)
    (call,) = calls(staff)
    assert (call.state, call.code) == ("dead", "forbidden")
    assert system.connections == 0


def test_a_system_that_does_not_answer_holds_up_no_other(
    staff: Staff, hook: Webhook, system: Receiver
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = taken.getsockname()[1]
    outbound.settings.OUTWARD_PORTS.append(dead)
    Webhook.objects.filter(pk=hook.pk).update(url=f"http://127.0.0.1:{dead}/")
    for _ in range(3):
        submitted(staff)
    hook_make(staff, system, name="Other")
    submitted(staff)
    assert calls_drain(5) == 2, "one try for the silent system, and the other's call"
    assert len(system.sent) == 1
    states = [(call.state, call.code, call.attempts) for call in calls(staff) if call.webhook_id == hook.pk]
    assert states == [("queued", "unreachable", 1), *[("queued", "", 0)] * 3]
    assert all(call.next_at > timezone.now() for call in calls(staff) if call.webhook_id == hook.pk)


def test_what_the_account_may_not_read_any_more_is_not_told(
    staff: Staff, hook: Webhook, system: Receiver
) -> None:
    submitted(staff)
    # The account is in another position now, which reads nothing of it.
    Holding.objects.filter(person=hook.account).update(position=staff.positions["req_elsewhere"])
    assert call_next()
    assert system.sent == []
    Holding.objects.filter(person=hook.account).update(position=staff.positions["machine"])
    (call,) = calls(staff)
    assert (call.state, call.code) == ("dropped", "gone")


@pytest.mark.parametrize("how", ["closed", "no position", "not in use"])
def test_an_account_or_a_webhook_that_is_closed_is_told_nothing(
    staff: Staff, hook: Webhook, system: Receiver, how: str
) -> None:
    submitted(staff)
    held = Holding.objects.filter(person=hook.account)
    if how == "closed":
        User.objects.filter(pk=hook.account_id).update(is_active=False)
    elif how == "no position":
        held.update(starts=timezone.now() - timedelta(days=9), until=timezone.now() - timedelta(days=1))
    else:
        Webhook.objects.filter(pk=hook.pk).update(is_active=False)
    assert call_next()
    assert system.sent == []
    User.objects.filter(pk=hook.account_id).update(is_active=True)
    held.update(until=None)
    (call,) = calls(staff)
    assert (call.state, call.code) == ("dropped", "inactive")


def test_a_fault_of_ours_is_put_off_and_stops_no_other(
    staff: Staff, hook: Webhook, system: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "signature", lambda *_: 1 / 0)
    submitted(staff)
    assert calls_drain(5) == 1
    (call,) = calls(staff)
    assert (call.state, call.code) == ("queued", "broken")


def test_a_crash_before_the_commit_makes_the_same_call_again(
    staff: Staff, hook: Webhook, system: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Ends the process, as far as the transaction is concerned."""

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    submitted(staff)
    with monkeypatch.context() as patch:
        patch.setattr(webhooks, "_settle", die)
        with pytest.raises(Killed):
            call_next()
    assert calls_drain(5) == 1
    first, second = system.sent
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)


def test_a_ping_and_a_new_secret(staff: Staff, hook: Webhook, system: Receiver) -> None:
    assert webhook_ping(webhook=hook) is None
    old, made = hook.secret, webhook_new_secret(webhook=hook)
    assert old != made == Webhook.objects.get(pk=hook.pk).secret
    assert webhook_ping(webhook=hook) is None
    for secret, sent in zip((old, made), system.sent, strict=True):
        assert set(json.loads(sent.body)) == {"id", "mission", "type", "at"}
        assert json.loads(sent.body)["type"] == "ping"
        stamp, signed = sent.headers["webhook-timestamp"], sent.headers["webhook-signature"]
        assert signed == webhooks.signature(secret, sent.headers["webhook-id"], int(stamp), sent.body)
    system.answer = 403
    assert isinstance(webhook_ping(webhook=hook), outbound.Refused)
    outbound.settings.OUTWARD_NETWORKS = []
    assert isinstance(webhook_ping(webhook=hook), outbound.Forbidden)


def test_whoever_acts_gets_no_calls(staff: Staff, hook: Webhook) -> None:
    """The sender acts for nobody, and calls are read by the webhook's account alone."""
    submitted(staff)
    for name in ("req", "clu", "dec"):
        with staff.acting(name):
            assert not Call.objects.exists()
    with staff.acting("machine"), pytest.raises(DatabaseError), transaction.atomic():
        call_next()
