"""The invariants of sharing (I1–I24): each has a test of its name, or says which surface will bring it.

Those that one test can state over every surface stand here; the others stand beside what they are about.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.mission.vocabulary import Classification
from apps.need_to_know.selectors import newest_ids
from apps.records.errors import NotPermitted
from apps.records.models import Record
from apps.records.registry import all_types
from apps.records.services import may_edit, record_file, record_update
from apps.records.transitions import open_to
from tests.cast.rows import models_under_records, path_to_record
from tests.cast.world import World
from tests.contract.addresses import addresses, foreign, parameters, url
from tests.contract.calling import call, client_of, text_of
from tests.contract.test_guard_routes import rows_of

TESTS = Path(__file__).resolve().parents[1]
TABLE = TESTS.parent / "docs" / "invariants.md"
TYPES = [declared.key for declared in all_types()]
# What has no surface yet, and with what it comes.
LATER = {
    14: "working groups",
    21: "humanitarian notifications",
    22: "humanitarian notifications and the map",
}


def _named() -> dict[int, set[str]]:
    """Invariant -> tests that carry its number."""
    found: dict[int, set[str]] = {}
    for file in TESTS.rglob("test_*.py"):
        for name in re.findall(r"^def (test_i\d\d\w*)", file.read_text(encoding="utf-8"), re.M):
            for number in re.findall(r"(?<=_)i(\d\d)(?=_)", name):
                found.setdefault(int(number), set()).add(name)
    return found


@pytest.mark.parametrize("number", range(1, 25))
def test_each_invariant_has_its_test_or_its_time(number: int) -> None:
    assert (number in _named()) != (number in LATER), f"I{number}"
    line = re.search(rf"^\| I{number} \|.*$", TABLE.read_text(encoding="utf-8"), re.M)
    assert line, f"docs/invariants.md does not say how I{number} is kept"
    if number in LATER:
        assert LATER[number] in line.group()


@pytest.mark.parametrize("key", TYPES)
def test_i03_the_label_is_in_force_from_the_first_moment(rolled_back: World, key: str) -> None:
    """One insert carries the whole label; nothing narrows it afterwards, and no feed ever had it wider."""
    declared = rolled_back.trios[key].declared
    with rolled_back.acting("owner") as actor, CaptureQueriesContext(connection) as asked:
        made = record_file(
            actor,
            record=declared.model(
                title="Closed at once", scope="private", classification=Classification.CONFIDENTIAL,
                compartments=[rolled_back.cast.compartment.pk],
                **({"kind": declared.kinds.values[0]} if declared.kinds is not None else {}),
            ),
        )  # fmt: skip
    statements = [query["sql"] for query in asked.captured_queries]
    assert [sql for sql in statements if sql.startswith('INSERT INTO "records_record"')]
    label = r'"(?:scope|classification|compartments|sensitivity|data_types)" ='
    assert not [
        sql for sql in statements if sql.startswith('UPDATE "records_record"') and re.search(label, sql)
    ]
    for person in ("colleague", "outsider", "addressee"):
        with rolled_back.acting(person):
            assert not Record.objects.filter(pk=made.pk).exists()
            assert made.pk not in newest_ids(key)


@pytest.mark.parametrize("key", TYPES)
def test_i04_what_hangs_on_a_record_is_never_wider_than_it(rolled_back: World, key: str) -> None:
    """Whoever stops reading a record stops reading every row under it, in the same moment."""
    hidden = rolled_back.trios[key].hidden
    under = [model for model in models_under_records() if path_to_record(model)]
    with rolled_back.acting("colleague"):
        before = {model: rows_of(model, {hidden.pk}) for model in under}
    assert sum(bool(rows) for rows in before.values()) >= 5
    with rolled_back.acting("colleague"):
        hidden_again = Record.objects.get(pk=hidden.pk)
        hidden_again.group_grants.all().delete()
    with rolled_back.acting("owner"):
        Record.objects.filter(pk=hidden.pk).update(scope="private")
    with rolled_back.acting("colleague"):
        assert not Record.objects.filter(pk=hidden.pk).exists()
        assert {model: rows for model in under if (rows := rows_of(model, {hidden.pk}))} == {}


@pytest.mark.parametrize("key", TYPES)
def test_i13_whoever_is_shown_a_restricted_record_stands_in_its_log(rolled_back: World, key: str) -> None:
    """Over every address: an answer that says something of the hidden record has left an entry in its log."""
    trio = rolled_back.trios[key]
    client = client_of(rolled_back, "addressee")
    reader = rolled_back.cast.people["addressee"].pk
    wrong, logged = [], 0
    for address in addresses():
        if foreign(address) or address.record_type not in (None, trio.declared):
            continue
        path = url(address, parameters(address, trio, trio.hidden, rolled_back.attachments))
        before = _entries(rolled_back, trio.hidden.pk, reader)
        answer = client.get(path)
        said = rolled_back.canaries.found_in(text_of(answer)) if answer.status_code == 200 else set()
        told = [
            place
            for place in said
            if place.startswith("Hidden") and not place.endswith(("uuid", "reference"))
        ]
        after = _entries(rolled_back, trio.hidden.pk, reader)
        logged += after > before
        # Lists that are looked through again within ten minutes are one look.
        if told and not after:
            wrong.append(f"{address.name} says {told[:2]} and no entry was written")
        if told and address.of_record and after == before:
            wrong.append(f"{address.name} says {told[:2]} and no entry was written")
    assert wrong == []
    assert logged >= 5


def _entries(world: World, record: int, person: int) -> int:
    with world.acting("owner"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM need_to_know_readlog WHERE record_id = %s AND person_id = %s",
            [record, person],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("key", TYPES)
def test_i18_to_submit_to_validate_and_to_decide_are_not_to_edit(rolled_back: World, key: str) -> None:
    """Whoever a workflow draws in may take its steps and change no field, in Python and in the database."""
    trio = rolled_back.trios[key]
    with rolled_back.acting("addressee") as actor:
        record = trio.declared.concrete(Record.objects.get(pk=trio.hidden.pk))
        assert not may_edit(actor, record)
        with pytest.raises(NotPermitted):
            record_update(actor, record=record, changes={"title": "mine"})
        assert Record.objects.filter(pk=record.pk).update(title="mine") == 0
        offered = {offer.step.name for offer in open_to(actor, record)}
    with rolled_back.acting("owner") as actor:
        own = trio.declared.concrete(Record.objects.get(pk=trio.open.pk))
        mine = {offer.step.name for offer in open_to(actor, own)}
    assert not offered & mine


@pytest.mark.parametrize("key", TYPES)
def test_i23_an_exercise_never_meets_the_real_mission(rolled_back: World, key: str) -> None:
    """Another mission's people, exercise or not, find nothing, link nothing, are given nothing and count nothing."""
    trio, cast = rolled_back.trios[key], rolled_back.cast
    with rolled_back.acting("stranger"):
        assert Record.objects.count() == 0
        assert newest_ids(key) == []
    with rolled_back.acting("owner"), pytest.raises(DatabaseError), transaction.atomic():
        Record.objects.filter(pk=trio.open.pk).update(mission=cast.other_mission)
    client = client_of(rolled_back, "stranger")
    for address in addresses():
        if address.of_record and not foreign(address) and address.record_type in (None, trio.declared):
            answer = call(
                client, address, "GET", parameters(address, trio, trio.open, rolled_back.attachments)
            )
            assert answer.status_code in (404, 405), address.name
