"""What leaves the portal reaches only what it may, in a bounded time, whatever the other side does."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.notifications import outbound
from apps.notifications.outbound import (
    Failed,
    Forbidden,
    Refused,
    Unreachable,
    Untrusted,
    check,
    is_public,
    post,
)
from apps.notifications.vocabulary import CODES
from cimic_portal.settings.environment import Environment
from cimic_portal.settings.outward import outward_settings
from tests.factories.receivers import (
    LOOPBACK,
    Answering,
    Receiver,
    certificate,
    dripping,
    flooding,
    receiver,
    saying,
)

ANY = "0.0.0.0"  # noqa: S104 - an address that is refused
PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
CLOSED = [
    ANY, "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "100::1", "2001:db8::1",
    "2001::1", "2001:10::1", "3fff::1", "5f00::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808", "2002:7f00:1::1", "2002:a00:1::1", "2002:808:808::1", "::ffff:0:127.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_that_are_nobodys_business(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


Names = dict[str, list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """A resolver of the test's own: name -> addresses. A second question gets the answer under `name#2`, if any."""
    known: Names = {}
    asked: dict[str, int] = {}

    def answer(host: str, port: int, **_: Any) -> list[Any]:
        asked[host] = asked.get(host, 0) + 1
        found = known.get(f"{host}#{asked[host]}", known.get(host))
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        six = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (six[ipaddress.ip_address(each).version], socket.SOCK_STREAM, 6, "", (each, port))
            for each in found
        ]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", answer)
    return known


@pytest.fixture
def ports(settings: Any) -> Callable[..., None]:
    """Open the ports of test servers."""

    def open_ports(*servers: Receiver) -> None:
        settings.OUTWARD_PORTS = [443, *(server.port for server in servers)]

    return open_ports


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be connected to."""

    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(outbound, "_connected", refuse)


@pytest.mark.parametrize("address", CLOSED)
@pytest.mark.usefixtures("no_connection")
def test_a_name_with_a_closed_address_is_refused_though_another_is_public(names: Names, address: str) -> None:
    names["inside.test"] = ["8.8.8.8", address]
    with pytest.raises(Forbidden):
        post("https://inside.test/", b"", {})
    with pytest.raises(Forbidden):
        check("https://inside.test/")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "//example.org/", "example.org", "",
        "https://", "https:///x", "https://user@example.org/", "https://user:word@example.org/", "https://@example.org/",
        "https://example.org:8443/", "https://example.org:0/", "https://example.org:x/", "https://example.org:99999/",
        "https://exa mple.org/", "https://example.org/\r\nX: y", "https://example.org\\@inside.test/",
        "https://exämple.org/", "https://example.org%2f@inside.test/", "https://[fe80::1%25eth0]/", "https://ex%61mple.org/",
        "https://example.org/" + "x" * 2000, "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_connection")
def test_addresses_that_are_wrong_by_form(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(
        outbound.socket, "getaddrinfo",
        lambda host, port, **more: real(host if host[0] in "1:" else "8.8.8.8", port, **more),
    )  # fmt: skip
    for go in (lambda: post(url, b"", {}), lambda: check(url)):
        with pytest.raises(Forbidden):
            go()


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "localhost", "localhost."])
@pytest.mark.usefixtures("no_connection")
def test_other_ways_to_write_this_machine(host: str) -> None:
    with pytest.raises(Forbidden):
        post(f"https://{host}/", b"", {})


@pytest.mark.usefixtures("no_connection")
def test_what_is_never_reached_stays_so_whatever_is_allowed(names: Names) -> None:
    every = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
    for address in ("169.254.169.254", ANY, "224.0.0.1", "fe80::1", "::", "::ffff:169.254.169.254"):
        names["meta.test"] = [address]
        with pytest.raises(Forbidden):
            post("https://meta.test/", b"", {}, allowed=every)


def test_an_allowed_network_is_reached_and_without_it_the_same_server_is_not(
    names: Names, ports: Callable[..., None]
) -> None:
    names["system.test"] = ["127.0.0.1"]
    with receiver(202) as server:
        ports(server)
        url = server.url("system.test")
        with pytest.raises(Forbidden):
            post(url, b"{}", {})
        with pytest.raises(Forbidden):
            post(url, b"{}", {}, allowed=[ipaddress.ip_network("127.0.1.0/24")])
        assert server.connections == 0
        assert (
            post(url, b'{"a": 1}', {"Content-Type": "application/json", "X-One": "two"}, allowed=LOOPBACK)
            == 202
        )
        (sent,) = server.sent
    assert sent.line == "POST /in?x=1 HTTP/1.1"
    assert sent.body == b'{"a": 1}'
    assert sent.headers == {
        "host": f"system.test:{server.port}", "content-length": "8", "connection": "close",
        "content-type": "application/json", "x-one": "two",
    }  # fmt: skip


def test_http_is_for_allowed_networks_alone(names: Names, settings: Any) -> None:
    settings.OUTWARD_PORTS = [80, 443]
    names["public.test"] = ["8.8.8.8"]
    with pytest.raises(Forbidden):
        check("http://public.test/", allowed=LOOPBACK)
    check("https://public.test/", allowed=LOOPBACK)
    names["both.test"] = ["127.0.0.1", "8.8.8.8"]
    check("https://both.test/", allowed=LOOPBACK)
    with pytest.raises(Forbidden):
        check("http://both.test/", allowed=LOOPBACK)


def test_the_name_is_asked_once_and_the_checked_address_is_used(
    names: Names, ports: Callable[..., None]
) -> None:
    """A resolver that says something else the second time changes nothing: it is not asked again."""
    with receiver() as good, receiver() as other:
        ports(good, other)
        names |= {"moves.test": ["127.0.0.2"], "moves.test#1": ["127.0.0.1"]}
        assert post(good.url("moves.test"), b"", {}, allowed=[ipaddress.ip_network("127.0.0.1/32")]) == 204
        names |= {"again.test": ["127.0.0.1"], "again.test#1": ["127.0.0.2"]}
        with pytest.raises(Forbidden):
            post(other.url("again.test"), b"", {}, allowed=[ipaddress.ip_network("127.0.0.1/32")])
        assert (good.connections, other.connections) == (1, 0)


def test_the_next_address_is_tried_when_one_is_silent(names: Names, ports: Callable[..., None]) -> None:
    with receiver() as server:
        ports(server)
        names["two.test"] = ["127.0.0.9", "127.0.0.1"]
        assert post(server.url("two.test"), b"", {}, allowed=LOOPBACK) == 204


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int, ports: Callable[..., None]) -> None:
    with receiver() as inside:
        head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {inside.url()}\r\nContent-Length: 0"
        with receiver(saying(head)) as server:
            ports(server, inside)
            with pytest.raises(Refused) as caught:
                post(server.url(), b"", {}, allowed=LOOPBACK)
    assert caught.value.status == status
    assert inside.connections == 0


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused), (401, Refused), (404, Refused), (410, Refused), (413, Refused), (408, Unreachable),
        (425, Unreachable), (429, Unreachable), (500, Unreachable), (503, Unreachable), (200, None), (299, None),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int, kind: type[Failed] | None, ports: Callable[..., None]) -> None:
    with receiver(status) as server:
        ports(server)
        if kind is None:
            assert post(server.url(), b"", {}, allowed=LOOPBACK) == status
            return
        with pytest.raises(kind) as caught:
            post(server.url(), b"", {}, allowed=LOOPBACK)
    assert (caught.value.status, caught.value.code) == (status, "refused")


def _silent(sock: socket.socket) -> None:
    time.sleep(5)


@pytest.mark.parametrize(
    "answer",
    [
        _silent, dripping(b"HTTP/1.1 200 OK\r\nX-Long: "), dripping(b"HT"),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + b"HTTP/1.1 100 Continue\r\nX: "),
    ],
)  # fmt: skip
def test_a_slow_server_costs_a_bounded_time(
    answer: Answering, ports: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.6)
    with receiver(answer) as server:
        ports(server)
        began = time.monotonic()
        with pytest.raises(Unreachable) as caught:
            post(server.url(), b"", {}, allowed=LOOPBACK)
        assert 0.4 < time.monotonic() - began < 1.5
    assert caught.value.code == "unreachable"


def test_a_resolver_that_hangs_and_a_handshake_that_hangs_cost_a_bounded_time(
    ports: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    began = time.monotonic()
    silent = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(outbound.settings, "OUTWARD_PORTS", [443, silent.getsockname()[1]])
    with silent, pytest.raises(Unreachable):
        post(f"https://127.0.0.1:{silent.getsockname()[1]}/", b"", {}, allowed=LOOPBACK)
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: time.sleep(3) or [])
    with pytest.raises(Unreachable):
        post("https://slow.test/", b"", {})
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "answer",
    [
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"),
        flooding,
        saying("HTTP/1.1 200 OK", b"x" * 99),
    ],
)
def test_the_body_is_thrown_away_and_never_waited_for(
    answer: Answering, ports: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 1.0)
    read: list[int] = []
    real = outbound._Timed.readinto

    def counted(self: Any, buffer: Any) -> int:
        read.append(real(self, buffer))
        return read[-1]

    monkeypatch.setattr(outbound._Timed, "readinto", counted)
    with receiver(answer) as server:
        ports(server)
        began = time.monotonic()
        assert post(server.url(), b"", {}, allowed=LOOPBACK) == 200
        assert time.monotonic() - began < 2
    assert sum(read) < outbound.BODY_LIMIT + 20_000


@pytest.mark.parametrize(
    "head", ["", "SSH-2.0-Open", "HTTP/1.1 banana", "HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 200]
)
def test_an_answer_that_is_none_is_tried_again(head: str, ports: Callable[..., None]) -> None:
    with receiver(saying(head)) as server:
        ports(server)
        with pytest.raises(Unreachable):
            post(server.url(), b"", {}, allowed=LOOPBACK)


def test_nobody_listens_or_the_name_is_unknown(names: Names, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.OUTWARD_PORTS = [443, port]
    names["here.test"] = ["127.0.0.1"]
    for url in (f"http://here.test:{port}/", f"https://unknown.test:{port}/"):
        with pytest.raises(Unreachable):
            post(url, b"", {}, allowed=LOOPBACK)
    check("https://unknown.test/")


def test_certificates(names: Names, ports: Callable[..., None], settings: Any, tmp_path: Path) -> None:
    """TLS is checked for the name that was asked for, by the machine's authorities and the operator's own."""
    names |= {host: ["127.0.0.1"] for host in ("good.test", "wrong.test", "old.test", "127.0.0.1")}
    good, trusted = certificate(tmp_path, "good.test")
    old, trusted_old = certificate(tmp_path, "old.test", days=-1)
    with receiver(tls=good) as server, receiver(tls=old) as expired:
        ports(server, expired)
        with pytest.raises(Untrusted):
            post(server.url("good.test"), b"secret", {}, allowed=LOOPBACK)
        settings.OUTWARD_CA_FILE = str(trusted)
        assert post(server.url("good.test"), b"x", {}, allowed=LOOPBACK) == 204
        for host in ("wrong.test", "127.0.0.1"):
            with pytest.raises(Untrusted):
                post(server.url(host), b"secret", {}, allowed=LOOPBACK)
        settings.OUTWARD_CA_FILE = str(trusted_old)
        with pytest.raises(Untrusted):
            post(expired.url("old.test"), b"secret", {}, allowed=LOOPBACK)
        assert [sent.body for sent in server.sent + expired.sent] == [b"x"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-One", "a\r\nX-Two: b"), ("X-One", "a\n b"), ("X-One", "a\0"), ("X-One\r\nX-Two", "b"), ("X One", "a"),
        ("Host", "inside.test"), ("Content-Length", "0"), ("transfer-encoding", "chunked"), ("X-One", "é"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_connection")
def test_headers_break_nothing(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="not a header"):
        post("https://8.8.8.8/", b"", {name: value})


def test_no_proxy_is_asked(ports: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as server, receiver() as proxy:
        ports(server, proxy)
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(path=""))
        assert post(server.url(), b"", {}, allowed=LOOPBACK) == 204
    assert proxy.connections == 0


def test_every_failure_has_words() -> None:
    made = [Forbidden(), Refused(404), Unreachable(), Unreachable(503), Untrusted()]
    assert {each.code for each in made} <= set(CODES)


def test_settings_name_what_is_wrong(tmp_path: Path) -> None:
    env = Environment({
        "OUTWARD_NETWORKS": "10.20.0.0/16, fd00::/8, 0.0.0.0/0, 10.0.0.1/8, home", "OUTWARD_PORTS": "443,8443,0,x",
        "OUTWARD_CA_FILE": str(tmp_path / "nowhere"), "VAPID_PRIVATE_KEY": "hush",
    })  # fmt: skip
    networks, ports, authority, key = outward_settings(env)
    assert [str(each) for each in networks] == ["10.20.0.0/16", "fd00::/8"]
    assert ports == [443, 8443]
    assert (authority, key) == ("", "")
    assert len(env.problems) == 7
    assert "hush" not in " ".join(env.problems)
    assert outward_settings(Environment({})) == ([], [443], "", "")
