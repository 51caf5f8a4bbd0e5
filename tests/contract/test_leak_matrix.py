"""The leak matrix: every address by every person, hidden against missing; and the entitled see what is theirs."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast.people import OTHERS, READERS
from tests.cast.world import World
from tests.contract.addresses import Address, Missing, addresses, callings, foreign, parameters
from tests.contract.calling import ANONYMOUS, ODD, UNSAFE, body, call, client_of, differences, text_of

# WHY: every address of every type; the more types there are, the longer it takes.
pytestmark = pytest.mark.timeout(400)

ALL = addresses()
OF_RECORD = [address for address in ALL if address.of_record]
OURS = [a for a in ALL if not a.of_record and not foreign(a)]
# What a reader who may change nothing is refused: writing is no reading.
FOR_SOME = {"edit", "transition", "share", "grants", "reads"}
# Pages that there are from some step on, of one kind alone, or of a row that the record does not have: a follow-up, a
# series, an indicator, a project, an exercise.
NOT_YET = {
    "api:joint_plan:parts-readings",
    "engagements:action-point",
    "joint_plans:play",
    "joint_plans:project-criteria",
    "joint_plans:project-duplication",
    "joint_plans:project-instalment",
    "joint_plans:project-report",
    "joint_plans:project-visit",
    "working_groups:call",
    "working_groups:call-preview",
    "working_groups:series",
    "working_groups:series-change",
    "working_groups:series-stop",
}


def last(address: Address) -> str:
    """The name without its namespaces."""
    return address.name.split(":")[-1]


@pytest.mark.parametrize("person", sorted({*OTHERS, ANONYMOUS}))
def test_i01_hidden_is_missing(rolled_back: World, person: str, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        assert differences(rolled_back, person, OF_RECORD, ("GET",)) == []
    assert not [r for r in mail.outbox if rolled_back.canaries.found_in(str(r.message()))]
    said = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    assert not [
        place for place in rolled_back.canaries.found_in(said) if not place.endswith(("uuid", "reference"))
    ]


@pytest.mark.parametrize(
    ("person", "methods"),
    [
        ("outsider", (*UNSAFE, "HEAD", "OPTIONS", ODD)),
        ("expired", ("POST",)),
        (ANONYMOUS, ("POST", "OPTIONS")),
    ],
)
def test_hidden_is_missing_to_every_verb(rolled_back: World, person: str, methods: tuple[str, ...]) -> None:
    assert differences(rolled_back, person, OF_RECORD, methods) == []


def test_hidden_costs_what_missing_costs(rolled_back: World) -> None:
    """The same queries, so that no clock tells the difference."""
    client = client_of(rolled_back, "outsider")
    wrong = []
    for address in OF_RECORD:
        for trio in rolled_back.trios.values():
            if address.record_type not in (None, trio.declared):
                continue
            asked = []
            for record in (trio.hidden, Missing.like(trio.hidden)):
                values = parameters(address, trio, record, rolled_back.attachments)
                with CaptureQueriesContext(connection) as captured:
                    call(client, address, "GET", values)
                sent = [query["sql"] for query in captured.captured_queries]
                asked.append([sql.split("WHERE")[0] for sql in sent if "SAVEPOINT" not in sql])
            if asked[0] != asked[1]:
                wrong.append(address.name)
    assert wrong == []


# Lists, exports and pickers with what narrows and orders them; other addresses as they are.
QUERIES = {
    "list": ("?q=Hidden", "?state=draft&sort=title", "?sort=-title&classification=1"),
    "export": ("?format=csv", "?format=xlsx"),
    "search": ("?q=Hidden", "?q=secret", "?q=kx"),
}


@pytest.mark.parametrize("person", ["outsider", "uncleared", "expired", "administrator", "stranger"])
def test_no_page_says_anything_hidden(rolled_back: World, person: str) -> None:
    """Lists, desk, exports, pickers, API indexes, and the pages of the record that is linked to the hidden ones."""
    client = client_of(rolled_back, person)
    of_open = OF_RECORD if person in ("outsider", "uncleared") else []
    wrong = []
    for address, _trio, path in callings(rolled_back, [*OURS, *of_open]):
        for query in ("", *QUERIES.get(last(address), ())):
            if places := rolled_back.canaries.found_in(text_of(client.get(path + query))):
                wrong.append(f"{address.name}{query} says {sorted(places)[:3]}")
    assert wrong == []


@pytest.mark.parametrize("person", ["outsider", "uncleared"])
def test_a_hidden_attachment_does_not_open_through_a_readable_record(rolled_back: World, person: str) -> None:
    client = client_of(rolled_back, person)
    for address in OF_RECORD:
        if "attachment" in address.parameters:
            for trio in rolled_back.trios.values():
                values = parameters(address, trio, trio.open, rolled_back.attachments)
                values["attachment"] = rolled_back.attachments[trio.hidden.pk]
                assert call(client, address, "GET", values).status_code == 404


@pytest.mark.parametrize("person", sorted(READERS))
def test_i16_permitted_is_visible(rolled_back: World, person: str) -> None:
    client = client_of(rolled_back, person)
    wrong, opened = [], 0
    for address in OF_RECORD:
        for trio in rolled_back.trios.values():
            if address.record_type not in (None, trio.declared):
                continue
            if person != "owner" and last(address) in FOR_SOME:
                continue
            answer = call(
                client, address, "GET", parameters(address, trio, trio.hidden, rolled_back.attachments)
            )
            opened += answer.status_code == 200
            fine = (200, 204, 302, 403, 405, 409, *([404] if address.name in NOT_YET else []))
            if answer.status_code not in fine:
                wrong.append(f"{address.name}: {answer.status_code} {body(answer)[:200]!r}")
    assert wrong == []
    assert opened >= 8


@pytest.mark.parametrize("person", sorted(READERS))
def test_the_entitled_find_it_in_lists(rolled_back: World, person: str) -> None:
    client = client_of(rolled_back, person)
    for address in OURS:
        if last(address) == "list" and not address.parameters:
            for trio in rolled_back.trios.values():
                if address.record_type is trio.declared:
                    assert trio.hidden.reference in text_of(call(client, address, "GET", {})), address.name


@pytest.mark.parametrize(
    ("person", "methods"), [("owner", ("GET", "OPTIONS", *UNSAFE, ODD)), (ANONYMOUS, ("GET", "POST"))]
)
def test_no_address_breaks(rolled_back: World, person: str, methods: tuple[str, ...]) -> None:
    """The URL walk: every address answers every verb with something other than an error of the portal's own."""
    client = client_of(rolled_back, person)
    wrong = []
    for address in ALL:
        if foreign(address):
            continue
        trio = next(t for t in rolled_back.trios.values() if address.record_type in (None, t.declared))
        for method in methods:
            answer = call(
                client, address, method, parameters(address, trio, trio.open, rolled_back.attachments)
            )
            if answer.status_code >= 500 and answer.status_code != 503:
                wrong.append(f"{method} {address.name}: {answer.status_code}")
            if method == ODD and answer.status_code not in (302, 401, 403, 404, 405):
                wrong.append(f"{method} {address.name}: {answer.status_code} to a verb that nobody knows")
    assert wrong == []


def test_every_address_has_a_recipe(rolled_back: World) -> None:
    """A new address fails here until somebody says how it is called, or that it knows no record."""
    trio = next(iter(rolled_back.trios.values()))
    unknown = []
    for address in ALL:
        if foreign(address):
            continue
        try:
            parameters(address, trio, trio.open, rolled_back.attachments)
        except KeyError as missing:
            unknown.append(f"{address.route} wants {missing}")
    assert unknown == []
    assert len(OF_RECORD) >= 20
