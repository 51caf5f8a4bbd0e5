"""Push messages: the encryption by the standard's own example, who is sent what, and what a message says by then."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.cache import cache
from django.utils import timezone

from apps.mission.models import Holding
from apps.notifications import push, sending
from apps.notifications.devices import device_add
from apps.notifications.models import Notification, PushDevice
from apps.notifications.push import encrypt, push_drain, push_next, push_send, vapid_headers
from apps.notifications.relay import relay_drain
from apps.notifications.sending import Failed
from cimic_portal.settings.environment import Environment
from cimic_portal.settings.outward import outward_settings
from tests.factories.aid_requests import request_file, take
from tests.factories.browsers import EXAMPLE, Browser, key_of, raw, text_of
from tests.factories.receivers import LOOPBACK, Receiver, certificate, receiver
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import messages, told


def test_the_standards_own_example() -> None:
    made = encrypt(
        EXAMPLE["text"],
        EXAMPLE["browser_public"],
        EXAMPLE["auth"],
        key=key_of(EXAMPLE["sender"]),
        salt=raw(EXAMPLE["salt"]),
    )
    assert text_of(made) == EXAMPLE["body"]
    assert Browser(key_of(EXAMPLE["browser"]), raw(EXAMPLE["auth"])).read(made) == EXAMPLE["text"]


def test_every_message_is_sealed_anew_and_by_one_browser_alone_read() -> None:
    browser, other = Browser(), Browser()
    bodies = [encrypt(b'{"id": 1}', text_of(browser.point), text_of(browser.auth)) for _ in range(5)]
    assert [browser.read(body) for body in bodies] == [b'{"id": 1}'] * 5
    assert len({body[:16] for body in bodies}) == len({body[21:86] for body in bodies}) == 5
    with pytest.raises(InvalidTag):
        other.read(bodies[0])


@pytest.mark.parametrize(
    "key", ["", "AAAA", "é", "not base64!", "B" + "A" * 86, EXAMPLE["browser_public"][:-4]]
)
def test_keys_that_are_none(key: str) -> None:
    with pytest.raises(ValueError, match="no key of a browser"):
        encrypt(b"x", key, EXAMPLE["auth"])


def verified(headers: dict[str, str]) -> dict[str, Any]:
    """The claims of a signature, after it was checked by its own key."""
    scheme, _, rest = headers["Authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signed = parts["t"].split(".")
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    numbers = raw(signed)
    assert len(numbers) == 64
    made = encode_dss_signature(int.from_bytes(numbers[:32], "big"), int.from_bytes(numbers[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
    public.verify(made, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert parts["k"] == push.public_key()
    said: dict[str, Any] = json.loads(raw(claims))
    return said


def test_the_sender_says_who_it_is(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "CIMIC Portal <portal@example.org>"
    claims = verified(vapid_headers("https://push.example.net:8443/send/abc?x=1"))
    assert claims["aud"] == "https://push.example.net:8443"
    assert claims["sub"] == "mailto:portal@example.org"
    assert 0 < claims["exp"] - timezone.now().timestamp() < 86_400
    settings.VAPID_PRIVATE_KEY = (
        key_of(EXAMPLE["browser"])
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode()
    )
    assert push.public_key() == EXAMPLE["browser_public"]
    verified(vapid_headers("https://push.example.net/x"))


def test_the_key_in_settings() -> None:
    pem = subprocess.run(
        ["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    p384 = (
        ec.generate_private_key(ec.SECP384R1())
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode()
    )
    for key in (EXAMPLE["sender"], pem):
        env = Environment({"VAPID_PRIVATE_KEY": key})
        assert outward_settings(env)[3] == key.strip()
        assert env.problems == []
    for key in (
        "hush",
        "A" * 43,
        "_" * 43,
        p384,
        "-----BEGIN EC PRIVATE KEY-----\nhush\n-----END EC PRIVATE KEY-----",
    ):
        env = Environment({"VAPID_PRIVATE_KEY": key})
        assert outward_settings(env)[3] == ""
        (problem,) = env.problems
        assert "hush" not in problem


# ---------------------------------------------------------------- sending
@pytest.fixture
def service(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A push service on this machine, as far as the tests allow it."""
    context, trusted = certificate(tmp_path, "localhost")
    with receiver(201, tls=context) as made:
        settings.OUTWARD_CA_FILE = str(trusted)
        settings.OUTWARD_PORTS = [443, made.port]
        monkeypatch.setattr(push, "NETWORKS", LOOPBACK)
        yield made


@pytest.fixture
def browser() -> Browser:
    return Browser()


def subscribe(
    staff: Staff, name: str, browser: Browser, service: Receiver, path: str = "/send/1"
) -> PushDevice:
    """A browser of the holder of a post."""
    with staff.acting(name) as actor:
        return device_add(actor, **browser.given(service.url("localhost", path)))


def needed(staff: Staff) -> Any:
    """A request that waits for the cluster coordinator, told."""
    request = take(staff, request_file(staff), "req", "submit")
    relay_drain()
    return request


def pushed(staff: Staff, name: str = "clu") -> list[tuple[str, str]]:
    """What became of somebody's push messages."""
    return [(m.state, m.code) for m in messages(staff, name, channel="push")]


def test_a_message_holds_an_id_and_nothing_else(staff: Staff, browser: Browser, service: Receiver) -> None:
    subscribe(staff, "clu", browser, service)
    request = needed(staff)
    assert push_drain(5) == 1
    (notification,) = told(staff, "clu")
    (sent,) = service.sent
    assert (
        browser.read(sent.body) == json.dumps({"id": str(notification.uuid)}, separators=(",", ":")).encode()
    )
    (message,) = messages(staff, "clu", channel="push")
    assert {name: sent.headers[name] for name in ("content-encoding", "ttl", "urgency", "topic")} == {
        "content-encoding": "aes128gcm", "ttl": "86400", "urgency": "high", "topic": message.uuid.hex,
    }  # fmt: skip
    assert verified({"Authorization": sent.headers["authorization"]})["aud"] == service.url("localhost", "")
    for word in (request.reference, request.title, str(request.uuid), "clu@"):
        assert word.encode() not in str(sent.headers).encode() + sent.body
    assert pushed(staff) == [("sent", "")]
    assert not push_next()


def test_whoever_has_no_device_gets_no_message(staff: Staff) -> None:
    needed(staff)
    assert pushed(staff) == []


@pytest.mark.parametrize(
    ("answer", "state", "left"),
    [(404, ("dropped", "no_device"), 0), (410, ("dropped", "no_device"), 0), (413, ("dead", "refused"), 1),
     (400, ("dead", "refused"), 1), (429, ("queued", "refused"), 1), (503, ("queued", "refused"), 1),
     (302, ("dead", "refused"), 1)],
)  # fmt: skip
def test_what_an_answer_does(
    staff: Staff, browser: Browser, service: Receiver, answer: int, state: tuple[str, str], left: int
) -> None:
    subscribe(staff, "clu", browser, service)
    needed(staff)
    service.answer = answer
    push_drain(5)
    assert pushed(staff) == [state]
    assert PushDevice.objects.count() == left


def test_a_service_inside_is_never_asked(
    staff: Staff, browser: Browser, service: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "NETWORKS", [])
    subscribe(staff, "clu", browser, service)
    needed(staff)
    push_drain(5)
    assert pushed(staff) == [("dead", "forbidden")]
    assert service.connections == 0


def test_a_service_that_is_silent_is_asked_once_in_a_run(
    staff: Staff, browser: Browser, service: Receiver
) -> None:
    service.close()
    for name in ("clu", "cmc"):
        subscribe(staff, name, browser if name == "clu" else Browser(), service, f"/send/{name}")
    request = needed(staff)
    take(staff, request, "clu", "validate")
    relay_drain()
    tried: list[str] = []
    real = push.outbound.post

    def counted(url: str, *args: Any, **more: Any) -> int:
        tried.append(url)
        return real(url, *args, **more)

    push.outbound.post = counted
    try:
        assert push_drain(5) >= 2
    finally:
        push.outbound.post = real
    assert len(tried) == 1
    assert {each for name in ("clu", "cmc") for each in pushed(staff, name)} == {("queued", "unreachable")}


def test_one_device_that_takes_it_is_enough(staff: Staff, browser: Browser, service: Receiver) -> None:
    good = subscribe(staff, "clu", browser, service)
    bad = PushDevice(person=good.person, endpoint="https://localhost:1/", key=good.key, secret=good.secret)
    assert push_send([bad, good], b"{}") == ""
    with pytest.raises(Failed) as caught:
        push_send([bad], b"{}")
    assert not caught.value.again, "a port that is closed stays so"
    assert push_send([], b"{}") == "no_device"


def test_a_crash_after_the_service_took_it_shows_nothing_twice(
    staff: Staff, browser: Browser, service: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Ends the process, as far as the transaction is concerned."""

    def die(*_: Any) -> None:
        raise Killed

    cache.clear()
    subscribe(staff, "clu", browser, service)
    needed(staff)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "settle", die)
        with pytest.raises(Killed):
            push_next()
    assert push_next()
    assert pushed(staff) == [("sent", "")]
    assert len(service.sent) == 1


@pytest.mark.parametrize("how", ["read", "gone", "inactive", "off"])
def test_what_is_not_needed_any_more_is_not_sent(
    staff: Staff, browser: Browser, service: Receiver, settings: Any, how: str
) -> None:
    subscribe(staff, "clu", browser, service)
    needed(staff)
    held = Holding.objects.filter(person=staff.people["clu"])
    before = held.get().position
    if how == "read":
        with staff.acting("clu"):
            Notification.objects.update(read_at=timezone.now())
    elif how == "gone":
        held.update(position=staff.positions["req_elsewhere"])
    elif how == "inactive":
        held.update(until=timezone.now())
    else:
        settings.VAPID_PRIVATE_KEY = ""
    assert push_next()
    assert service.sent == []
    held.update(position=before, until=None)
    assert pushed(staff) == [("dropped", {"off": "no_device"}.get(how, how))]
