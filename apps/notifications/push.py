"""Web Push: a browser is told the id of a notification and nothing else; what it says, the browser asks of the portal.

Here: the encryption (RFC 8291 over RFC 8188), the sender's signature (RFC 8292), and sending what is due. Without
VAPID_PRIVATE_KEY there is no push, and nobody is offered any.
"""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Iterable
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from apps.need_to_know.acting import acting_as
from apps.notifications import outbound
from apps.notifications.models import Message, PushDevice
from apps.notifications.rendering import said
from apps.notifications.sending import Due, Failed, note_taken, send_next, was_taken
from apps.records import clock

#: Networks with push services. WHY: those of browsers are public; a test runs one of its own.
NETWORKS: list[outbound.Network] = []
#: Seconds for which a push service keeps a message for a browser that is off.
KEPT_SECONDS = 86_400
_RECORD_SIZE = 4096
_CURVE = ec.SECP256R1()
_GONE = frozenset({404, 410})


# ---------------------------------------------------------------- the sender's key
def enabled() -> bool:
    """Whether the portal sends push messages at all."""
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """The key by which browsers know this sender, in base64url; empty when there is no push."""
    return _text(_point(_sender_key(settings.VAPID_PRIVATE_KEY).public_key())) if enabled() else ""


@lru_cache(maxsize=4)
def _sender_key(text: str) -> ec.EllipticCurvePrivateKey:
    if text.startswith("-----BEGIN "):
        loaded = serialization.load_pem_private_key(text.encode(), password=None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        return loaded
    return ec.derive_private_key(int.from_bytes(bytes_of(text), "big"), _CURVE)


def vapid_headers(endpoint: str) -> dict[str, str]:
    """Who sends this: a token for the push service of `endpoint`, good for twelve hours."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(clock.now().timestamp()) + 43_200,
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    signed = ".".join(
        _text(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    made = _sender_key(settings.VAPID_PRIVATE_KEY).sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(made)
    token = f"{signed}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return {"Authorization": f"vapid t={token}, k={public_key()}"}


# ---------------------------------------------------------------- the message
def encrypt(
    payload: bytes,
    p256dh: str,
    auth: str,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message that one browser alone can read: `p256dh` is its key, `auth` its secret.

    `key` and `salt` are made for each message; only the example of RFC 8291 gives them. ValueError for wrong keys.
    """
    key = key or ec.generate_private_key(_CURVE)
    salt = salt or os.urandom(16)
    theirs = browser_key(p256dh)
    mine = _point(key.public_key())
    shared = key.exchange(ec.ECDH(), theirs)
    ikm = _derived(shared, bytes_of(auth), b"WebPush: info\0" + _point(theirs) + mine, 32)
    content_key = _derived(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(ikm, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(content_key).encrypt(nonce, payload + b"\x02", None)
    if len(sealed) > _RECORD_SIZE:
        raise ValueError("a push message is one record")
    return salt + _RECORD_SIZE.to_bytes(4, "big") + bytes([len(mine)]) + mine + sealed


def browser_key(text: str) -> ec.EllipticCurvePublicKey:
    """The key of a browser's subscription; ValueError unless it is a point of the curve."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, bytes_of(text))
    except ValueError as error:
        raise ValueError("no key of a browser") from error


def bytes_of(text: str) -> bytes:
    """Bytes from base64url with or without padding; ValueError for anything else."""
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise ValueError("not base64url") from error


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_bytes(serialization.Encoding.X962, form)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


# ---------------------------------------------------------------- sending
def push_drain(seconds: float = 30.0) -> int:
    """Send what is due, for at most so long and one more message; how many were looked at."""
    ends, done = time.monotonic() + seconds, 0
    silent: set[str] = set()
    while time.monotonic() < ends and push_next(silent):
        done += 1
    return done


def push_next(silent: set[str] | None = None) -> bool:
    """Send the most urgent push message; False when none is due.

    `silent` are hosts that did not answer: they are not asked again, and one more is added.
    """
    return send_next("push", lambda due: _sent(due, set() if silent is None else silent))


def _sent(due: Due, silent: set[str]) -> str:
    """Send one message, unless it is not needed any more; then the code that says why."""
    with acting_as(due.person, due.mission) as actor:
        # SECURITY: asked as its reader, in the transaction in which it leaves.
        message = Message.objects.select_related("notification").get(pk=due.id)
        told = message.notification
        if told is None or told.read_at is not None:
            return "read"
        if not said(actor, [told])[told.pk].available:
            return "gone"
    if not enabled():
        return "no_device"
    devices = PushDevice.objects.filter(person=due.person)
    payload = json.dumps({"id": str(told.uuid)}, separators=(",", ":")).encode()
    return push_send(devices, payload, urgency=message.urgency, topic=due.uuid.hex, silent=silent)


def push_send(
    devices: Iterable[PushDevice],
    payload: bytes,
    *,
    urgency: int = 0,
    topic: str = "",
    silent: set[str] | None = None,
) -> str:
    """Send to every device; empty if one took it, `no_device` if none is left.

    A device that is gone is forgotten. Raises Failed when none took it: worth another try unless all refused for good.
    `topic` (32 characters at most) lets the push service replace what the browser has not fetched yet.
    """
    silent = set() if silent is None else silent
    taken, failures = 0, []
    for device in devices:
        try:
            _push(device, payload, urgency, topic, silent)
            taken += 1
        except outbound.Failed as failed:
            if failed.status in _GONE:
                device.delete()
                continue
            failures.append(failed)
    if taken:
        return ""
    if not failures:
        return "no_device"
    worth = [failed for failed in failures if isinstance(failed, outbound.Unreachable)]
    raise Failed((worth or failures)[0].code, again=bool(worth))


def _push(device: PushDevice, payload: bytes, urgency: int, topic: str, silent: set[str]) -> None:
    host, noted = urlsplit(device.endpoint).netloc, f"{topic}:{device.pk}"
    if topic and was_taken(noted):
        return
    if host in silent:
        raise outbound.Unreachable
    headers = {
        "Content-Type": "application/octet-stream", "Content-Encoding": "aes128gcm", "TTL": str(KEPT_SECONDS),
        "Urgency": "high" if urgency >= 1 else "normal", **({"Topic": topic} if topic else {}),
        **vapid_headers(device.endpoint),
    }  # fmt: skip
    try:
        outbound.post(device.endpoint, encrypt(payload, device.key, device.secret), headers, allowed=NETWORKS)
    except outbound.Unreachable as failed:
        if not failed.status:
            silent.add(host)
        raise
    if topic:
        note_taken(noted)
