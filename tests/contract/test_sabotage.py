"""Would the other tests notice? Each policy is replaced by "everyone" in a scratch copy, and they must go red."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.need_to_know.checking import structure_problems, the_wall_stands
from apps.records.models import Record
from cimic_portal.embedded import provision
from tests.cast.rows import is_record, models_under_records, path_to_record
from tests.cast.world import World
from tests.contract.addresses import addresses
from tests.contract.calling import body, client_of, differences, text_of
from tests.contract.conftest import copied
from tests.contract.routes import ROUTES
from tests.contract.test_calendar_feeds import feed_text
from tests.contract.test_guard_routes import attempt, betrays, rows_of

TABLES = [model for model in models_under_records() if model is not Record]


@pytest.fixture(scope="module")
def scratch(world: World, django_db_blocker: Any) -> Iterator[World]:
    """The world in a copy of its own, whose policies may be spoilt."""
    with copied(django_db_blocker):
        yield world


def as_owner(*statements: str) -> None:
    """Change the structure of the copy."""
    from tests.conftest import SERVERS

    with provision.connected(SERVERS.url(connection.settings_dict["NAME"], provision.OWNER)) as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def everyone(scratch: World) -> Iterator[World]:
    """The row rule says yes to everybody."""
    with provision.connected(_url()) as cursor:
        cursor.execute(
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy"
            " WHERE polrelid = 'records_record'::regclass AND polname = 'readable'"
        )
        (rule,) = cursor.fetchone()
    as_owner("ALTER POLICY readable ON records_record USING (true)")
    yield scratch
    as_owner(f"ALTER POLICY readable ON records_record USING ({rule})")


def _url() -> str:
    from tests.conftest import SERVERS

    return SERVERS.url(connection.settings_dict["NAME"], provision.OWNER)


def test_the_copy_is_sound_to_begin_with(scratch: World) -> None:
    of_record = [address for address in addresses() if address.of_record][:3]
    assert differences(scratch, "outsider", of_record, ("GET",)) == []


def test_the_matrix_goes_red(everyone: World) -> None:
    of_record = [address for address in addresses() if address.of_record and "name" not in address.parameters]
    found = differences(everyone, "outsider", of_record, ("GET",))
    assert len({line.split(": ")[0] for line in found}) >= len(of_record) / 2, found


def test_the_canary_scan_goes_red(everyone: World) -> None:
    client = client_of(everyone, "outsider")
    # The unsorted list stays clean even so: the feed behind it applies the rule by itself.
    said = [text_of(client.get(trio.declared.url(trio.open))) for trio in everyone.trios.values()]
    assert all(everyone.canaries.found_in(text) for text in said)


def test_the_scan_of_calendars_goes_red(everyone: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the row rule its id gives a hidden meeting away; without the rule on what leaves, its words as well."""
    meeting = everyone.trios["meeting"].hidden
    found = everyone.canaries.found_in(feed_text(everyone, "outsider"))
    assert found == {f"{record.title}: uuid" for record in everyone.trios["meeting"].unseen}
    monkeypatch.setattr("apps.notifications.calendar_writing.is_unnamed_outside", lambda record: False)
    found = everyone.canaries.found_in(feed_text(everyone, "outsider"))
    assert {"Hidden: title", "Hidden: place", f"{meeting.title}: reference"} <= found


def test_the_canary_scan_reads_what_a_pdf_says(everyone: World) -> None:
    """With the wall down the outsider gets the hidden record's PDF; in its bytes alone nobody would find it."""
    client = client_of(everyone, "outsider")
    for trio in everyone.trios.values():
        answer = client.get(trio.declared.url(trio.hidden, "pdf"))
        assert body(answer).startswith(b"%PDF-"), trio.declared.key
        known = ("uuid", "reference")
        said, packed = (
            {place for place in everyone.canaries.found_in(text) if not place.endswith(known)}
            for text in (text_of(answer), body(answer).decode("latin-1"))
        )
        assert len(said - packed) >= 2, trio.declared.key


def test_the_guard_routes_go_red(everyone: World) -> None:
    red = set()
    for trio in everyone.trios.values():
        with everyone.acting("outsider"):
            red |= {name for name in ROUTES if betrays(everyone, trio, attempt(partial(ROUTES[name], trio)))}
    # Those that stay shut are shut by more than the policy: privileges, roles, and the rules for writing.
    assert len(red) >= len(ROUTES) * 2 / 3, set(ROUTES) - red


@pytest.mark.parametrize("model", TABLES, ids=[model._meta.label for model in TABLES])
def test_each_table_goes_red(scratch: World, model: Any) -> None:
    """With that table's own policy spoilt, the outsider sees rows of hidden records, and the check says so."""
    table = model._meta.db_table
    policy = "both_ends" if len(path_to_record(model)) > 1 else "readable"
    hidden = {record.pk for trio in scratch.trios.values() for record in trio.unseen}
    with provision.connected(_url()) as cursor:
        cursor.execute(
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = %s::regclass AND polname = %s",
            [table, policy],
        )
        (rule,) = cursor.fetchone()
    as_owner(f"ALTER POLICY {policy} ON {table} USING (true)")
    try:
        with scratch.acting("outsider"), connection.cursor() as cursor:
            if model._meta.parents:  # joined to a table whose own rule still holds: ask this one alone
                key = "record_ptr_id" if is_record(model) else path_to_record(model)[0].column
                cursor.execute(f"SELECT {key} FROM {table} WHERE {key} = ANY (%s)", [list(hidden)])
                assert cursor.fetchall()
            else:
                assert rows_of(model, hidden)
        assert any(problem.startswith(table) for problem in structure_problems())
    finally:
        as_owner(f"ALTER POLICY {policy} ON {table} USING ({rule})")
    assert structure_problems() == []


SPOILT = {
    "a table without row-level security": "CREATE TABLE spoilt (record_id bigint REFERENCES records_record)",
    "a table two steps away": "CREATE TABLE spoilt (comment_id bigint REFERENCES records_comment)",
    "row-level security that its owner escapes": "ALTER TABLE records_comment NO FORCE ROW LEVEL SECURITY",
    "a policy that asks nobody": "CREATE POLICY spoilt ON records_comment FOR SELECT USING (record_id > 0)",
    "a function that looks past the rule": "CREATE FUNCTION spoilt() RETURNS int"
    " LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "a stored result": "CREATE MATERIALIZED VIEW spoilt AS SELECT id FROM accounts_user",
    "a privilege too many": "GRANT DELETE ON records_record TO portal_app",
    "a feed that anybody reads": "SET ROLE portal_door; GRANT SELECT ON need_to_know_feed TO portal_app; RESET ROLE",
}
MENDED = (
    "DROP TABLE IF EXISTS spoilt",
    "ALTER TABLE records_comment FORCE ROW LEVEL SECURITY",
    "DROP POLICY IF EXISTS spoilt ON records_comment",
    "DROP FUNCTION IF EXISTS spoilt",
    "DROP MATERIALIZED VIEW IF EXISTS spoilt",
    "REVOKE DELETE ON records_record FROM portal_app",
    "SET ROLE portal_door; REVOKE SELECT ON need_to_know_feed FROM portal_app; RESET ROLE",
)


@pytest.mark.parametrize("what", SPOILT)
def test_the_check_of_the_wall_notices(scratch: World, what: str) -> None:
    as_owner(SPOILT[what])
    try:
        assert structure_problems() != []
        with pytest.raises(CommandError):
            call_command("check_need_to_know", stderr=StringIO())
        assert the_wall_stands(databases=["default"]) != []
    finally:
        for statement in MENDED:
            try:
                as_owner(statement)
            except psycopg2.errors.WrongObjectType:
                continue
    call_command("check_need_to_know", stdout=StringIO())
