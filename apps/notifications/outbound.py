"""Requests that leave the portal. Each goes to an address that was checked, over the very connection that was checked.

Here: what may be reached, and one POST. What is sent, and to whom, is `webhooks`' and `push`'s matter.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: (family, address for connect) as the resolver gives them.
Place = tuple[socket.AddressFamily, Any]

#: Seconds from the name to the end of the answer, whatever the other side does.
SECONDS = 10.0
#: Bytes of an answer that are read; it is thrown away.
BODY_LIMIT = 65_536
#: Addresses of one name that are tried.
_TRIED = 4

_URL = re.compile(r"[!-\[\]-~]{1,2000}")  # printable ASCII without blanks and backslashes
_HOST = re.compile(r"[A-Za-z0-9_.:-]{1,253}")
_TOKEN = re.compile(r"[A-Za-z0-9-]{1,64}")
#: 408, 425 and 429 say "not now".
_LATER = frozenset({408, 425, 429})

# SECURITY: these stay closed whatever is allowed: this host, the link (cloud metadata among it), many at once.
_NEVER = [
    ipaddress.ip_network(name)
    for name in ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/128", "fe80::/10", "ff00::/8")
]
# SECURITY: spelled out beside `is_global`, which differs between versions of Python.
_NOT_PUBLIC = [
    ipaddress.ip_network(name)
    for name in (
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        # Protocols and tunnels (Teredo), documentation, 6to4.
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
]  # fmt: skip
_PUBLIC_6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Failed(Exception):
    """A request without success. `code` is one of `vocabulary.CODES`; `status` what the server answered, else 0."""

    code = "broken"

    def __init__(self, status: int = 0) -> None:
        super().__init__(f"{type(self).__name__} {status or ''}".strip())
        self.status = status


class Forbidden(Failed):
    """The address may not be reached from the portal. Trying again changes nothing."""

    code = "forbidden"


class Refused(Failed):
    """The server answered no, or somewhere else: no redirect is followed."""

    code = "refused"


class Unreachable(Failed):
    """No answer in time, or one that says "not now": worth another try."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(status)
        self.code = "refused" if status else "unreachable"


class Untrusted(Unreachable):
    """The server's certificate is not good for its name. It may be renewed."""


@dataclass(frozen=True)
class _Target:
    host: str
    port: int
    path: str
    secure: bool

    @property
    def named(self) -> str:
        """The Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"


def post(url: str, body: bytes, headers: Mapping[str, str], *, allowed: Iterable[Network] = ()) -> int:
    """Send `body`; the status of the answer, from 200 to 299.

    Only https, to public addresses; in the networks that are `allowed`, http too. Ports are OUTWARD_PORTS. All
    addresses of the name must pass, and the connection goes to one of them without asking for the name again. It takes
    SECONDS at most. Raises Forbidden, Refused or Unreachable; ValueError for headers that would break the request.
    """
    end = time.monotonic() + SECONDS
    lines = _header_lines(headers)
    target = _target(url)
    places = _resolved(target, end)
    _judge(target, places, list(allowed))
    try:
        with _connected(places, end) as plain, _secured(plain, target, end) as sock:
            status = _exchange(_Timed(sock, end), target, lines, body)
    except ssl.SSLCertVerificationError as error:
        raise Untrusted from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable from error
    if 200 <= status < 300:
        return status
    raise Unreachable(status) if status in _LATER or status >= 500 else Refused(status)


def check(url: str, *, allowed: Iterable[Network] = ()) -> None:
    """Raise Forbidden for an address to which `post` would send nothing. A name that nobody knows yet passes."""
    target = _target(url)
    try:
        places = _resolved(target, time.monotonic() + SECONDS)
    except Unreachable:
        return
    _judge(target, places, list(allowed))


def is_well_formed(url: str) -> bool:
    """Whether an address is https and of a form that `post` takes; nothing is looked up."""
    try:
        return _target(url).secure
    except Forbidden:
        return False


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet; one that carries another inside is judged by that."""
    plain = _plain(address)
    if any(plain in network for network in (*_NEVER, *_NOT_PUBLIC)):
        return False
    return plain.is_global and (plain.version == 4 or plain in _PUBLIC_6)


# ---------------------------------------------------------------- where to
def _target(url: str) -> _Target:
    """The parts of an address, or Forbidden by its form alone."""
    if not _URL.fullmatch(url):
        raise Forbidden
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Forbidden from error
    secure = parts.scheme == "https"
    host = host.rstrip(".")
    # SECURITY: two readings of one address are a way around; whatever is unusual is refused.
    if not (secure or parts.scheme == "http") or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise Forbidden
    port = port if port is not None else 443 if secure else 80
    if port not in settings.OUTWARD_PORTS:
        raise Forbidden
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(host, port, path, secure)


def _resolved(target: _Target, end: float) -> list[Place]:
    """All addresses of the name, asked once. WHY: the resolver knows no time limit, so a thread waits for it."""
    answers: queue.SimpleQueue[list[Place] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            answers.put([(row[0], row[4]) for row in rows])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=_left(end))
    except (queue.Empty, TimeoutError) as error:
        raise Unreachable from error
    if isinstance(found, Exception):
        raise Unreachable from found
    return found


def _judge(target: _Target, places: list[Place], allowed: list[Network]) -> None:
    """Forbidden unless every address may be reached; without TLS, unless every one is in a network that is allowed."""
    for _family, place in places:
        address = ipaddress.ip_address(place[0])
        inside = _is_within(address, allowed)
        if not (inside or (target.secure and is_public(address))):
            raise Forbidden
    if not places:
        raise Unreachable


def _is_within(address: Address, allowed: list[Network]) -> bool:
    plain = _plain(address)
    return not any(plain in network for network in _NEVER) and any(plain in network for network in allowed)


def _plain(address: Address) -> Address:
    """The IPv4 address inside an IPv4-mapped or NAT64 address; any other as it is."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


# ---------------------------------------------------------------- there and back
def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _connected(places: list[Place], end: float) -> socket.socket:
    """A connection to the first address that answers; each gets its share of the time that is left."""
    tried = places[:_TRIED]
    failure: OSError = TimeoutError()
    for number, (family, place) in enumerate(tried):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(_left(end) / (len(tried) - number))
            sock.connect(place)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def _secured(sock: socket.socket, target: _Target, end: float) -> socket.socket:
    """TLS for the name that was asked for; the bare connection where http is allowed."""
    sock.settimeout(_left(end))
    if not target.secure:
        return sock
    return _context(settings.OUTWARD_CA_FILE).wrap_socket(sock, server_hostname=target.host)


@lru_cache(maxsize=4)
def _context(authority: str) -> ssl.SSLContext:
    """The machine's certificate authorities, and the operator's own."""
    context = ssl.create_default_context()
    if authority:
        context.load_verify_locations(authority)
    return context


def _header_lines(headers: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """SECURITY: nothing that ends a line, or says how long the request is, comes from outside this module."""
    own = {"host", "content-length", "transfer-encoding", "connection", "expect"}
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or name.lower() in own or not (value.isascii() and value.isprintable()):
            raise ValueError(f"not a header: {name!r}")
    return [(name, value.encode("ascii")) for name, value in headers.items()]


class _Timed(io.RawIOBase):
    """A connection of which every read and write ends by one moment, however slowly the other side drips."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self._sock = sock
        self._end = end

    def readable(self) -> bool:
        """It is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """What has come, in the time that is left."""
        self._sock.settimeout(_left(self._end))
        return self._sock.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        """Send everything in the time that is left."""
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(_left(self._end))
            rest = rest[self._sock.send(rest) :]

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """What http.client reads an answer from."""
        return io.BufferedReader(self)


def _exchange(sock: _Timed, target: _Target, lines: list[tuple[str, bytes]], body: bytes) -> int:
    """Send the request and read the answer; its status. What follows the status is read for courtesy."""
    request = http.client.HTTPConnection(target.host, target.port)
    request.sock = sock
    request.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    own = [
        ("Host", target.named.encode("ascii")),
        ("Content-Length", b"%d" % len(body)),
        ("Connection", b"close"),
    ]
    for name, value in [*own, *lines]:
        request.putheader(name, value)
    request.endheaders(body)
    answer = http.client.HTTPResponse(sock, method="POST")  # type: ignore[arg-type]
    answer.begin()
    _read_away(answer.read)
    return answer.status


def _read_away(read: Callable[[int], bytes]) -> None:
    left = BODY_LIMIT
    try:
        while left > 0 and (part := read(min(left, 8192))):
            left -= len(part)
    except (OSError, ValueError, http.client.HTTPException):
        # WHY: the status has come, so the request has arrived; how the rest ends does not matter.
        return
