"""Every address of the portal, from the URL resolver, with the recipe that calls it. No address opts in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.records.registry import RecordType, all_types
from tests.cast.world import Trio, World

_MARK = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")

# Addresses of packages that know no record: the architecture tests show that no record's model reaches them.
WITHOUT_RECORDS = ("admin:", "account_", "mfa_", "allauth", "usersessions_")

# Addresses outside a type's own namespace that show records of that one type alone.
OF_ONE_TYPE = {
    "api:presence": "stakeholder",
    "api:presence-overlaps": "stakeholder",
    "api:presence-points": "stakeholder",
}


@dataclass(frozen=True)
class Address:
    """One URL pattern: its full name, its route and the names of its parameters."""

    name: str
    route: str
    parameters: tuple[str, ...] = field(default=())

    @property
    def of_record(self) -> bool:
        """Whether the address names a record."""
        return "uuid" in self.parameters or "reference" in self.parameters

    @property
    def record_type(self) -> type[RecordType] | None:
        """The record type whose namespace this is, on pages or in the API."""
        spaces = [*self.name.split(":")[:-1], *([OF_ONE_TYPE[self.name]] if self.name in OF_ONE_TYPE else [])]
        for declared in all_types():
            if spaces and spaces[-1] in (declared.url_namespace, declared.key):
                return declared
        return None


def addresses() -> list[Address]:
    """All of them, walked from the root."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], space: str, route: str) -> Iterator[Address]:
    for pattern in patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            deeper = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, deeper, whole)
        elif isinstance(pattern, URLPattern):
            names = tuple(a or b for a, b in _MARK.findall(whole))
            yield Address(f"{space}{pattern.name or '?'}", whole, names)


def _transition(trio: Trio, **_: Any) -> str:
    return trio.declared.workflow.transitions[0].name


def _step(trio: Trio, **_: Any) -> str:
    return next((section.key for section in trio.declared.sections if section.step), "label")


# What fills each parameter; an address with a parameter that is not here fails the suite.
def foreign(address: Address) -> bool:
    """Whether the address is of a package that knows no record (see `WITHOUT_RECORDS`)."""
    return address.name.startswith(WITHOUT_RECORDS)


def parameters(address: Address, trio: Trio, record: Any, attachments: dict[int, Any]) -> dict[str, Any]:
    """Values for the parameters of an address, for `record`; KeyError for one that nobody foresaw."""
    known: dict[str, Any] = {
        "uuid": record.uuid,
        "reference": record.reference,
        "name": _transition(trio),
        "step": _step(trio),
        "attachment": attachments.get(record.pk, attachments[trio.hidden.pk]),
        "code": "north",
        "rest": "no/such/address",
        "plural": trio.declared.plural,
        "digest": "0" * 64,
        "key": "g-1",
        "position": trio.open.author_position.uuid,
        "pk": 1,
        "asked": trio.asked,
        "use": trio.use,
        "told": trio.told,
        "subscription": "0" * 32,
        "token": "no-such-token",
        "device": "7d6c8a52-0000-4000-8000-000000000001",
        "protocol": "7d6c8a52-0000-4000-8000-000000000001",
        "row": trio.row,
        "pair": "7d6c8a52-0000-4000-8000-000000000001",
        "run": "7d6c8a52-0000-4000-8000-000000000001",
        "item": trio.item,
        "promise": trio.promise,
        "resource": trio.resource,
        "number": 1,
    }
    return {name: known[name] for name in address.parameters}


def url(address: Address, values: dict[str, Any]) -> str:
    """The path of an address."""
    return reverse(address.name, kwargs=values)


def callings(world: World, found: Iterable[Address]) -> Iterator[tuple[Address, Trio, str]]:
    """Each address with the open record of each type that it is for; each path once, so that a list comes once."""
    seen: set[str] = set()
    for address in found:
        for trio in world.trios.values():
            if address.record_type not in (None, trio.declared):
                continue
            path = url(address, parameters(address, trio, trio.open, world.attachments))
            if path not in seen:
                seen.add(path)
                yield address, trio, path


@dataclass(frozen=True)
class Missing:
    """A record that never was, for comparing answers; it looks like one where addresses need it."""

    uuid: uuid.UUID
    reference: str
    pk: int = -1

    @classmethod
    def like(cls, record: Any) -> Missing:
        """One whose names are as long as those of `record`."""
        return cls(uuid.uuid4(), f"{record.reference[:-5]}00000")
