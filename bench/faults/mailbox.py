"""The outside world: a real SMTP server that takes every mail, and notes when, for whom, and under which Message-ID.

It runs in this process, which nobody kills.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

_ID = re.compile(r"<(?:[^@>]*?)([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})[^@>]*@[^>]+>")


@dataclass(frozen=True)
class Mail:
    """A mail that was accepted: the seconds since the epoch, its recipient, and its Message-ID.

    `of` is the UUID within the Message-ID, as 32 hexadecimal digits; empty when there is none.
    """

    at: float
    recipient: str
    message_id: str
    of: str


class Mailbox:
    """The server, and all that it took."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mailbox", daemon=True)

    def start(self) -> None:
        """Listen on a free port of this machine alone."""
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the mailbox did not open")

    def stop(self) -> None:
        """Close the port."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        made = self._loop.create_server(self._session, "127.0.0.1", 0)
        server = self._loop.run_until_complete(made)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()

    def _session(self) -> SMTP:
        return SMTP(self, hostname="faults.invalid", enable_SMTPUTF8=True, loop=self._loop, timeout=60)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep it, then say so; what is between the two is the window in which a mail may be offered again."""
        content: Any = envelope.content
        headers = email.message_from_bytes(bytes(content), policy=email.policy.default)
        message_id = str(headers["Message-ID"] or "").strip()
        found = _ID.fullmatch(message_id)
        for recipient in envelope.rcpt_tos:
            of = found[1].replace("-", "") if found else ""
            self.mails.append(Mail(time.time(), recipient, message_id, of))
        return "250 OK"

    def by_id(self) -> dict[str, list[Mail]]:
        """Mails by Message-ID, as a mailbox keeps them; more than one: offered again."""
        found: dict[str, list[Mail]] = defaultdict(list)
        for mail in list(self.mails):
            found[mail.message_id].append(mail)
        return dict(found)
