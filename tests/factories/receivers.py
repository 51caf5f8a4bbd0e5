"""Systems outside the portal: local servers that note what they are sent and answer as a test wants, well or badly."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


@dataclass(frozen=True)
class Sent:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes


Answering = Callable[[socket.socket], None]


class Receiver:
    """A server on this machine. `answer` is the status it gives, or what it does with the connection instead."""

    def __init__(self, answer: int | Answering = 204, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.sent: list[Sent] = []
        self.connections = 0
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, host: str = "127.0.0.1", path: str = "/in?x=1") -> str:
        """Its address under a name."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def close(self) -> None:
        """Take no more connections."""
        # WHY: closing alone does not wake a thread that waits in accept().
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._handle, args=[plain], daemon=True).start()

    def _handle(self, plain: socket.socket) -> None:
        with suppress(OSError), plain:
            sock = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with sock:
                self.sent.append(read_request(sock))
                if callable(self.answer):
                    self.answer(sock)
                else:
                    sock.sendall(b"HTTP/1.1 %d Said\r\nContent-Length: 2\r\n\r\nok" % self.answer)


def read_request(sock: socket.socket) -> Sent:
    """One request, with as much body as it announces."""
    with sock.makefile("rb") as incoming:
        line = incoming.readline().decode().strip()
        headers = {}
        while name := incoming.readline().decode().strip():
            key, _, value = name.partition(":")
            headers[key.lower()] = value.strip()
        return Sent(line, headers, incoming.read(int(headers.get("content-length", 0))))


@contextmanager
def receiver(answer: int | Answering = 204, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A server for the length of a block."""
    made = Receiver(answer, tls)
    try:
        yield made
    finally:
        made.close()


def saying(head: str, body: bytes = b"") -> Answering:
    """Answers with these very bytes."""
    return lambda sock: sock.sendall(head.encode() + b"\r\n\r\n" + body)


def dripping(head: bytes, seconds: float = 30) -> Answering:
    """Answers with a few bytes at first, then one more every now and then."""

    def drip(sock: socket.socket) -> None:
        sock.sendall(head)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            sock.sendall(b"x")
            time.sleep(0.05)

    return drip


def flooding(sock: socket.socket) -> None:
    """Answers with a body that does not end."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n")
    while True:
        sock.sendall(b"x" * 65536)


def certificate(folder: Path, host: str, *, days: int = 2) -> tuple[ssl.SSLContext, Path]:
    """A certificate for a name that its own key signed; the server's context, and the file that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=5))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, both = folder / f"{host}.{days}.crt", folder / f"{host}.{days}.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    both.write_bytes(private + trusted.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, trusted
