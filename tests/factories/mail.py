"""A real mail server for tests: it takes what is sent to it, or refuses, and gives back what arrived."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings


@dataclass
class MailServer:
    """What it took, in order: (envelope sender, recipient, mail). `refuses`: recipient -> answer; `says`: to DATA."""

    port: int = 0
    taken: list[tuple[str, str, EmailMessage]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    says: str = "250 Taken"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Accept a recipient, unless it is to be refused."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail, parsed as a mail program would."""
        if self.says.startswith("250"):
            mail = BytesParser(policy=policy.default).parsebytes(envelope.content)
            self.taken += [(envelope.mail_from, to, mail) for to in envelope.rcpt_tos]
        return self.says

    def to(self, address: str) -> list[EmailMessage]:
        """What arrived for an address."""
        return [mail for _sender, to, mail in self.taken if to == address]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server on the loopback, and the portal set to send through it."""
    made = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        made.port = probe.getsockname()[1]
    controller = Controller(made, hostname="127.0.0.1", port=made.port)
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=made.port,
            EMAIL_HOST_USER="", EMAIL_HOST_PASSWORD="", EMAIL_USE_TLS=False, EMAIL_USE_SSL=False,
            EMAIL_BOUNCES="bounces@portal.invalid",
        ):  # fmt: skip
            yield made
    finally:
        controller.stop()


def everything_in(mail: EmailMessage) -> str:
    """All of a mail as text: headers, and every part decoded."""
    heads = "\n".join(f"{name}: {value}" for name, value in mail.items())
    parts = [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]
    return "\n".join([heads, *parts])
