"""Two worlds, one with a hidden record more: whoever may not know of it cannot tell in which world they are."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cast.world import World, filed
from tests.contract.addresses import addresses, callings, foreign
from tests.contract.calling import body, client_of, packed_text, told

# WHY: every list of every type, five ways, twice for each person.
pytestmark = pytest.mark.timeout(300)

LISTS = [
    address
    for address in addresses()
    if not address.of_record and not foreign(address) and "digest" not in address.parameters
]
QUERIES = ("", "?q=Hidden", "?sort=title", "?format=csv", "?format=xlsx")
# Told of the moment and not of the records; and opening a notification, which reads it (see `test_told`).
UNSTEADY = {"metrics", "readyz", "healthz", "api:schema", "notifications:open"}
_MOMENTS = re.compile(
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?|\d\d:\d\d(:\d\d)?|\d{8}-?T?\d{4,6}|\d{4}-\d\d-\d\d-\d{4}"
    # A day and time in a workbook; how long ago, in words.
    rb"|<v>\d{5}\.\d+</v>|just now|\d+ minutes? ago"
)


def everything(world: World, person: str) -> dict[str, Any]:
    """All that the person can see without naming a record: lists, counts, exports, desk, pickers, API."""
    client = client_of(world, person)
    seen: dict[str, Any] = {}
    for address, trio, path in callings(world, [each for each in LISTS if each.name not in UNSTEADY]):
        listing = address.name.split(":")[-1] in ("list", "export")
        for query in QUERIES if listing else QUERIES[:1]:
            answer = client.get(path + query)
            packed = body(answer)[:2] == b"PK"
            status, headers, content = told(answer, trio.open)
            headers = tuple(
                (name, _MOMENTS.sub(b"", value.encode()).decode())
                for name, value in headers
                if name not in ("Content-Length", "ETag")
            )
            if packed:
                content = packed_text(answer).encode()
            seen[f"{trio.declared.key} {address.name}{query}"] = (status, headers, _MOMENTS.sub(b"", content))
    return seen


@pytest.mark.parametrize("person", ["outsider", "uncleared"])
def test_one_hidden_record_more_changes_nothing(rolled_back: World, person: str) -> None:
    before = everything(rolled_back, person)
    for trio in rolled_back.trios.values():
        with rolled_back.acting("owner") as actor:
            filed(
                rolled_back, actor, trio.declared, "Third", scope="organisation", classification=1,
                compartments=[rolled_back.cast.compartment.pk],
            )  # fmt: skip
    after = everything(rolled_back, person)
    assert {name for name in before if before[name] != after[name]} == set()
    assert len(before) >= 15


def test_the_entitled_can_tell(rolled_back: World) -> None:
    """The comparison above would see a record that shows."""
    before = everything(rolled_back, "colleague")
    for trio in rolled_back.trios.values():
        with rolled_back.acting("owner") as actor:
            filed(rolled_back, actor, trio.declared, "Third", scope="organisation")
    after = everything(rolled_back, "colleague")
    changed = {name for name in before if before[name] != after[name]}
    assert any(name.endswith(":list") for name in changed), changed
    assert any("api:" in name for name in changed), changed


def test_choices_of_pages_hold_no_hidden_record(rolled_back: World) -> None:
    """Every form on every list and record page offers only what the person may know of."""
    client = client_of(rolled_back, "outsider")
    for trio in rolled_back.trios.values():
        for name in ("detail", "share", "edit"):
            extra = {"step": trio.declared.sections[0].key} if name == "edit" else {}
            page = body(client.get(trio.declared.url(trio.open, name, **extra)))
            assert not rolled_back.canaries.found_in(page.decode())
