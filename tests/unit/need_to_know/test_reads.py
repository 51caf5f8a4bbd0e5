"""I13: reads of restricted records are logged, in a chain that shows every change, to the originator and auditors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from apps.mission.models import PositionRole
from apps.need_to_know.checking import chain_digest, chain_problems
from apps.need_to_know.models import ReadLog
from apps.need_to_know.reads import reads_of
from apps.pages.listing import PAGE
from apps.records.models import Record
from tests.cast.people import cast_make
from tests.unit.need_to_know.conftest import Stage


def client_of(stage: Stage, name: str) -> Client:
    client = Client()
    client.force_login(stage.cast.people[name])
    return client


def chained() -> None:
    """Let the triggers that wait for a commit run now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def logged(stage: Stage) -> list[tuple[str, str, str]]:
    with stage.acting("colleague"):
        rows = reads_of(stage.record()).order_by("id")
        return [(row.person.email.split("@")[0], row.channel, row.via) for row in rows]


@pytest.fixture
def restricted(stage: Stage) -> Stage:
    stage.file(scope="organisation", classification=1)
    return stage


def test_i13_each_way_of_reading_is_logged(restricted: Stage) -> None:
    with restricted.acting("owner"):
        url = restricted.record().get_absolute_url()
        uuid = restricted.record().uuid
    client = client_of(restricted, "owner")
    ways = {
        url: "page", f"{url}print/": "print", f"{url}history/": "history", f"{url}pdf/": "print",
        "/aid-requests/": "list",
        "/aid-requests/export/?format=csv": "export", f"/api/v1/aid-requests/{uuid}/": "api",
    }  # fmt: skip
    for address, channel in ways.items():
        assert client.get(address).status_code == 200, address
        assert logged(restricted)[-1] == ("owner", channel, "audience"), address


def test_what_is_not_restricted_is_not_logged(stage: Stage) -> None:
    with stage.acting("owner"):
        url = stage.record().get_absolute_url()
    assert client_of(stage, "owner").get(url).status_code == 200
    assert logged(stage) == []


def test_high_sensitivity_counts_as_well(stage: Stage) -> None:
    stage.file(scope="organisation", sensitivity=2)
    with stage.acting("owner"):
        url = stage.record().get_absolute_url()
    client_of(stage, "owner").get(url)
    assert logged(stage) == [("owner", "page", "audience")]


def test_a_list_looked_through_again_is_one_look(restricted: Stage) -> None:
    client = client_of(restricted, "owner")
    for _time in range(3):
        client.get("/aid-requests/")
    assert [channel for _who, channel, _via in logged(restricted)] == ["list"]


def test_who_could_not_read_leaves_no_trace_in_the_log(restricted: Stage) -> None:
    with restricted.acting("owner"):
        url = restricted.record().get_absolute_url()
    assert client_of(restricted, "outsider").get(url).status_code == 404
    with restricted.acting("outsider"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT need_to_know_log(ARRAY[%s]::bigint[], ARRAY[2]::smallint[], 'page', 'x', '')",
            [restricted.pk],
        )
        assert cursor.fetchone()[0] == 0
    assert logged(restricted) == []


def test_the_originator_and_auditors_see_it_and_nobody_else(restricted: Stage) -> None:
    with restricted.acting("owner"):
        url = restricted.record().get_absolute_url()
    client_of(restricted, "owner").get(url)
    seen = {}
    for name in ("owner", "colleague", "auditor", "outsider", "administrator", "addressee"):
        with restricted.acting(name):
            seen[name] = ReadLog.objects.count()
    assert seen == {
        "owner": 1, "colleague": 1, "auditor": 1, "outsider": 0, "administrator": 0, "addressee": 0,
    }  # fmt: skip
    with restricted.acting("auditor"):
        assert not Record.objects.filter(pk=restricted.pk).exists()


def test_nobody_writes_it_by_hand(restricted: Stage) -> None:
    for statement in ("UPDATE need_to_know_readlog SET purpose = 'x'", "DELETE FROM need_to_know_readlog",
                      "INSERT INTO need_to_know_readlog SELECT * FROM need_to_know_readlog",
                      "UPDATE need_to_know_readhead SET number = 0"):  # fmt: skip
        with (
            restricted.acting("owner"),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)


@pytest.mark.parametrize(
    ("harm", "statement"),
    [
        ("changed", "UPDATE need_to_know_readlog SET purpose = 'other' WHERE number = 2"),
        ("relabelled", "UPDATE need_to_know_readlog SET classification = 0 WHERE number = 2"),
        ("cut in the middle", "DELETE FROM need_to_know_readlog WHERE number = 2"),
        ("cut at the end", "DELETE FROM need_to_know_readlog WHERE number = 3"),
        ("emptied", "DELETE FROM need_to_know_readlog"),
        ("headless", "DELETE FROM need_to_know_readhead"),
        ("moved in time", "UPDATE need_to_know_readlog SET at = at - interval '1 day' WHERE number = 1"),
    ],
)
def test_a_broken_chain_is_found(
    committed_db: str, database_url: Callable[..., str], harm: str, statement: str
) -> None:
    """Harm done past every rule, by the database's own administrator."""
    stage = Stage(cast_make())
    PositionRole.objects.create(position=stage.cast.positions["colleague"], role="REL")
    stage.file(scope="organisation", classification=1)
    with stage.acting("owner"):
        url = stage.record().get_absolute_url()
    client = client_of(stage, "owner")
    for address in (url, f"{url}print/", f"{url}history/"):
        assert client.get(address).status_code == 200
    with stage.acting("owner"):
        assert [row.number for row in reads_of(stage.record())] == [3, 2, 1]
    assert chain_problems() == []
    before = chain_digest()
    harmer = psycopg2.connect(database_url(committed_db, ""))
    try:
        with harmer, harmer.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement)
    finally:
        harmer.close()
    assert {record for record, _number in chain_problems()} == {stage.pk}, harm
    if harm == "headless":
        assert chain_digest() != before


def test_two_readers_at_once_make_one_chain(committed_db: str, database_url: Any) -> None:
    """The end of the chain is taken at the commit: both entries are there, in one order, and nobody waits long."""
    from threading import Thread

    from django.db import connections

    stage = Stage(cast_make())
    stage.file(scope="organisation", classification=1)
    with stage.acting("owner"):
        url = stage.record().get_absolute_url()

    def read(name: str) -> None:
        try:
            client = client_of(stage, name)
            for _time in range(5):
                assert client.get(url).status_code == 200
        finally:
            connections.close_all()

    threads = [Thread(target=read, args=(name,)) for name in ("owner", "colleague")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stage.acting("owner"):
        assert sorted(row.number for row in reads_of(stage.record())) == list(range(1, 11))
    assert chain_problems() == []


def test_what_only_tells_that_there_is_more_was_read_by_nobody(restricted: Stage) -> None:
    """A list loads one row beyond its page; that row is shown to nobody, and its log says nothing."""
    for _number in range(PAGE):
        restricted.file(scope="organisation", classification=1)
    client_of(restricted, "owner").get("/aid-requests/")
    with restricted.acting("colleague"):
        assert ReadLog.objects.count() == PAGE
