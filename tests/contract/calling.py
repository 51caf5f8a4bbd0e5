"""Calling an address as somebody, and comparing answers: what differs between two answers is what they tell."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast.world import World
from tests.contract.addresses import Address, Missing, parameters, url
from tests.factories.paper import pdf_text

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ODD = "PROPFIND"
ANONYMOUS = "anonymous"

_NOISE = [
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'),
    re.compile(rb'"X-CSRFToken": ?"[^"]+"|&quot;X-CSRFToken&quot;: ?&quot;[^&]+&quot;'),
    re.compile(rb'"request_id": ?"[^"]+"'),
    re.compile(rb'name="once" value="[^"]+"'),
    re.compile(rb'name="idempotency_key" value="[^"]+"'),
]
# What differs between two answers by their moment alone.
_UNTOLD = {"X-Request-ID", "Date", "Expires", "Last-Modified", "Set-Cookie", "X-Label-Date"}


def client_of(world: World, name: str) -> Client:
    """A browser in which that member of the cast is signed in, or nobody."""
    client = Client(raise_request_exception=False)
    if name != ANONYMOUS:
        client.force_login(world.cast.people[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        # WHY: the first answer of a session notes when it began.
        assert client.get(reverse("api:me")).status_code == 200
    return client


def call(client: Client, address: Address, method: str, values: dict[str, Any]) -> HttpResponse:
    """Call an address with an empty body, as a browser or a program would."""
    kind = "application/json" if address.name.startswith("api:") else "application/x-www-form-urlencoded"
    content = "{}" if kind.endswith("json") else ""
    return client.generic(method, url(address, values), content, kind)  # type: ignore[return-value]


def body(response: Any) -> bytes:
    """The whole body, streamed or not."""
    if response.streaming:
        # WHY: a stream can be read once; later readers of the same answer find it here.
        response.read_once = getattr(response, "read_once", None) or b"".join(response.streaming_content)
        return response.read_once  # type: ignore[no-any-return]
    return response.content  # type: ignore[no-any-return]


def text_of(response: Any) -> str:
    """Everything an answer says, headers and packed files included."""
    content = body(response)
    said = "\n".join(f"{name}: {value}" for name, value in response.items())
    said += "\n".join(str(morsel) for morsel in response.cookies.values())
    if content[:2] == b"PK":
        return said + "\n" + packed_text(response)
    if content[:5] == b"%PDF-":
        return said + "\n" + pdf_text(content)
    text = content.decode("utf-8", "replace")
    if response.headers.get("Content-Type", "").startswith("text/calendar"):
        text = unfolded(text)
    return said + "\n" + text


def unfolded(text: str) -> str:
    """A calendar with its long lines put together again: where they were folded, no token would be found."""
    return text.replace("\r\n ", "").replace("\r\n\t", "")


def packed_text(response: Any) -> str:
    """The texts inside an answer that is a packed file, such as a workbook."""
    with zipfile.ZipFile(io.BytesIO(body(response))) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def told(response: Any, record: Any) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and body without what differs by chance, and with the record's own names blotted out."""
    names = [str(record.uuid), record.uuid.hex, record.reference]
    content = body(response)
    for noise in _NOISE:
        content = noise.sub(b"", content)
    headers = {name: value for name, value in response.items() if name not in _UNTOLD}
    # WHY: the policy's parts come in any order.
    policy = headers.get("Content-Security-Policy", "")
    headers["Content-Security-Policy"] = ";".join(sorted(part.strip() for part in policy.split(";")))
    headers["Set-Cookie"] = " ".join(sorted(response.cookies))
    for name in names:
        content = content.replace(name.encode(), b"*")
        headers = {key: value.replace(name, "*") for key, value in headers.items()}
    return response.status_code, tuple(sorted(headers.items())), content


def differences(world: World, person: str, found: list[Address], methods: tuple[str, ...]) -> list[str]:
    """Addresses at which this person can tell a hidden record from a missing one."""
    client = client_of(world, person)
    wrong = []
    for address in found:
        for trio in world.trios.values():
            if address.record_type not in (None, trio.declared):
                continue
            absent = Missing.like(trio.hidden)
            for method in methods:
                answers = [
                    call(client, address, method, parameters(address, trio, record, world.attachments))
                    for record in (trio.hidden, absent)
                ]
                said = (
                    text_of(answers[0])
                    .replace(str(trio.hidden.uuid), "*")
                    .replace(trio.hidden.reference, "*")
                )
                hidden, missing = told(answers[0], trio.hidden), told(answers[1], absent)
                if hidden != missing:
                    wrong.append(f"{method} {address.name}: {_first_difference(hidden, missing)}")
                elif answers[0].status_code < 300 and method not in ("OPTIONS",):
                    wrong.append(f"{method} {address.name}: {answers[0].status_code} for a missing record")
                elif places := world.canaries.found_in(said):
                    wrong.append(f"{method} {address.name} says {sorted(places)}")
    return wrong


def _first_difference(one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    if one[1] != other[1]:
        return f"{set(one[1]) ^ set(other[1])}"
    if one[0] != other[0]:
        return f"{one[0]} ≠ {other[0]}"
    start = next((i for i, (a, b) in enumerate(zip(one[2], other[2], strict=False)) if a != b), 0)
    return f"{one[2][max(0, start - 60) : start + 120]!r} ≠ {other[2][max(0, start - 60) : start + 120]!r}"
