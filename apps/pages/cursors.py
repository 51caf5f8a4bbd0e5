"""Places in a list: opaque, signed, holding no sequential id. A broken one is no place, never an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing

_SALT = "pages.place"
_CHAIN_MOST = 20


@dataclass(frozen=True)
class Place:
    """After which row a page begins: the row's sort value and its UUID;
    `before` lists the pages passed on the way.
    """

    value: Any
    uuid: str
    before: tuple[tuple[Any, str], ...] = ()

    def text(self, order: str) -> str:
        """The place as it stands in an address, good for that order alone."""
        return signing.dumps(
            [order, [[_out(v), u] for v, u in (*self.before, (self.value, self.uuid))]], salt=_SALT
        )

    def then(self, value: Any, uuid: str) -> Place:
        """The place of the next page, which remembers this one."""
        return Place(value, uuid, (*self.before, (self.value, self.uuid))[-_CHAIN_MOST:])

    def back(self) -> Place | None:
        """The place of the page before; None for the first page."""
        if not self.before:
            return None
        value, uuid = self.before[-1]
        return Place(value, uuid, self.before[:-1])


def read(text: str, order: str) -> Place | None:
    """The place in an address; None when there is none, or it is broken or belongs to another order."""
    if not text:
        return None
    try:
        of_order, chain = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if of_order != order or not chain:
        return None
    pairs = tuple((_in(value), str(uuid)) for value, uuid in chain)
    return Place(*pairs[-1], pairs[:-1])


def _out(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    return value


def _in(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
