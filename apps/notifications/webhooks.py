"""Calls to systems of the mission: ids alone, signed, tried again. Who is called is worked out by the relay.

A call is signed as Standard Webhooks has it: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`,
which is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the bytes behind `whsec_`. A call
whose answer is lost is made again with the same `webhook-id`: receivers keep the ids they have seen, and refuse
timestamps that are minutes old. Logs hold ids and codes, never addresses.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import User
from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as
from apps.notifications import outbound
from apps.notifications.models import Call, Webhook
from apps.notifications.vocabulary import MessageState
from apps.records import clock
from apps.records.actors import NoActor

log = logging.getLogger(__name__)

#: Seconds until the next try after each failure; after the last one the call lies with the operator.
BACK_OFF = (30, 120, 600, 3_600, 21_600, 86_400)
#: Seconds for which the other calls to a system wait when it does not answer.
HELD_SECONDS = 60
_GONE = 410


@dataclass(frozen=True)
class Due:
    """A call whose time has come, with the account it is made for; locked until its transaction ends."""

    id: int
    uuid: UUID
    attempts: int
    account: User
    mission: Mission


def calls_drain(seconds: float = 30.0) -> int:
    """Make the calls that are due, for at most so long and one more call; how many were looked at."""
    ends, done = time.monotonic() + seconds, 0
    while time.monotonic() < ends and call_next():
        done += 1
    return done


def call_next() -> bool:
    """Make the call that has been due for longest; False when none is due.

    One transaction: a crash undoes it, and the call is made again with the same id.
    """
    with transaction.atomic():
        due = _next()
        if due is None:
            return False
        try:
            state, code = _called(due)
        except NoActor:
            _settle(due, MessageState.DROPPED, "inactive")
        except outbound.Failed as failed:
            _settle_failure(due, failed)
        except DatabaseError:
            raise
        except Exception:
            log.exception("not called: call %s", due.id)
            _settle_failure(due, outbound.Failed())
        else:
            _settle(due, state, code)
    return True


def _next() -> Due | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, uuid, attempts, account_id, mission_id FROM notifications_next_call()")
        row = cursor.fetchone()
    if row is None:
        return None
    pk, uuid, attempts, account, mission = row
    return Due(pk, uuid, attempts, User.objects.get(pk=account), Mission.objects.get(pk=mission))


def _called(due: Due) -> tuple[MessageState, str]:
    """Make one call, as its account reads at this moment."""
    if not due.account.is_active:
        return MessageState.DROPPED, "inactive"
    with acting_as(due.account, due.mission):
        # SECURITY: a call that the account may not read any more is not found, and nothing is sent.
        call = Call.objects.select_related("webhook", "record", "event").filter(pk=due.id).first()
        if call is None:
            return MessageState.DROPPED, "gone"
        if not call.webhook.is_active:
            return MessageState.DROPPED, "inactive"
        said = {
            "id": str(call.uuid), "event": str(call.event.uuid), "mission": due.mission.code,
            "type": call.record.type, "record": str(call.record.uuid), "at": call.event.at.isoformat(),
        }  # fmt: skip
        _post(call.webhook, call.uuid, said)
    return MessageState.SENT, ""


def webhook_ping(*, webhook: Webhook) -> outbound.Failed | None:
    """Call the webhook once, about nothing; what went wrong, or None."""
    uuid = uuid4()
    said = {"id": str(uuid), "mission": webhook.mission.code, "type": "ping", "at": clock.now().isoformat()}
    try:
        _post(webhook, uuid, said)
    except outbound.Failed as failed:
        return failed
    return None


def webhook_new_secret(*, webhook: Webhook) -> str:
    """Sign with a new secret from now on; the old one is good for nothing any more."""
    webhook.secret = Webhook._meta.get_field("secret").get_default()
    webhook.save(update_fields=["secret"])
    return webhook.secret


def _post(webhook: Webhook, uuid: UUID, said: dict[str, Any]) -> None:
    body = json.dumps(said, separators=(",", ":")).encode()
    stamp = int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json", "User-Agent": "CIMIC-Portal", "webhook-id": str(uuid),
        "webhook-timestamp": str(stamp), "webhook-signature": signature(webhook.secret, str(uuid), stamp, body),
    }  # fmt: skip
    outbound.post(webhook.url, body, headers, allowed=settings.OUTWARD_NETWORKS)


def signature(secret: str, message_id: str, stamp: int, body: bytes) -> str:
    """The signature of one call, by the Standard Webhooks specification."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode("ascii")


def _settle_failure(due: Due, failed: outbound.Failed) -> None:
    """Try it again later, longer each time; or give it up. What is gone or forbidden stays so."""
    for_good = isinstance(failed, outbound.Forbidden) or failed.status == _GONE
    if for_good or due.attempts >= len(BACK_OFF):
        log.error("given up: call %s, %s", due.id, failed.code)
        _settle(due, MessageState.DEAD, failed.code)
    else:
        _settle(due, MessageState.QUEUED, failed.code, BACK_OFF[due.attempts])
    if isinstance(failed, outbound.Unreachable):
        with connection.cursor() as cursor:
            until = clock.now() + timedelta(seconds=HELD_SECONDS)
            cursor.execute("SELECT notifications_hold_calls(%s, %s)", [due.id, until])


def _settle(due: Due, state: MessageState, code: str = "", again_in: int | None = None) -> None:
    again_at = None if again_in is None else clock.now() + timedelta(seconds=again_in)
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_settle_call(%s, %s, %s, %s)", [due.id, state, code, again_at])
