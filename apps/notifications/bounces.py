"""Mail that came back later: what a mail server reports of a message that it could not deliver (RFC 3464)."""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any
from uuid import UUID

from django.db import connection

from apps.accounts.models import User
from apps.notifications.mail import bounce_note
from apps.notifications.models import BouncedAddress

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def bounce_read(report: bytes) -> str:
    """Take a report in; the address that is closed for mail from now on, or empty when it closes none.

    Only a final failure counts (status 5.x.x), of a message that this portal has sent to the address it names.
    Anything else changes nothing.
    """
    message = BytesParser(policy=policy.default).parsebytes(report)
    address = _failed_address(message)
    # SECURITY: anybody can write to the bounce address; only whoever got a message of ours knows its id.
    if not address or not any(_was_sent(UUID(found), address) for found in _named(report)):
        return ""
    person = User.objects.filter(email__iexact=address).first()
    if person is None or BouncedAddress.objects.filter(person=person, email=person.email).exists():
        return ""
    bounce_note(person)
    return person.email


def _failed_address(message: EmailMessage) -> str:
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        reported: Any = part.get_payload()
        for fields in reported:
            status, action = str(fields.get("Status", "")), str(fields.get("Action", "failed")).lower()
            recipient = str(fields.get("Final-Recipient", ""))
            if status.startswith("5") and action == "failed" and ";" in recipient:
                return recipient.partition(";")[2].strip().strip("<>")
    return ""


def _named(report: bytes) -> set[str]:
    """UUIDs anywhere in the report: it is addressed to one, and quotes the head of what came back."""
    return set(_UUID.findall(report.decode("utf-8", "replace").lower()))


def _was_sent(uuid: UUID, address: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_sent(%s, %s)", [uuid, address])
        return bool(cursor.fetchone()[0])
