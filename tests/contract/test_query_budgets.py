"""Query budgets: a list in at most 9 queries, a record’s page in at most 16, however much there is.

The counts of today are kept in `query_baselines.json`; they may fall, and rise only on purpose
(`QUERY_BASELINES=write` writes them anew). What begins and ends transactions is not counted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from apps.records.models import Comment, Record
from tests.cast.canaries import Canaries
from tests.cast.rows import WRITTEN_OTHERWISE, door, is_record, models_under_records, path_to_record, row_make
from tests.cast.world import Trio, World
from tests.contract.addresses import addresses, foreign, parameters, url
from tests.contract.calling import client_of
from tests.contract.conftest import copied

# WHY: every page of every type, three times, PDFs among them.
pytestmark = pytest.mark.timeout(300)

BASELINES = Path(__file__).with_name("query_baselines.json")
LIST, RECORD = 9, 16
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
# Addresses that list rows, by the last part of their name; a desk is several lists in one page,
# and what is exported names compartments, kinds of data, recipient and protocol on top, and is logged.
BUDGETS = {"list": LIST, "export": 11, "home": 17}
# Pages that gather what other rooms know of the record, a query for each part.
GATHERED = {
    "stakeholders:detail": 20, "liaison_offices:detail": 18, "working_groups:detail": 20, "meetings:detail": 18,
    "joint_plans:detail": 25, "joint_plans:list": 10, "joint_plans:timeline": 20, "joint_plans:timeline-print": 21,
    "desk:home": 19,
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(world: World, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the world that may grow."""
    with copied(django_db_blocker) as address:
        yield address


def counts(world: World, *, warm: bool) -> dict[str, int]:
    """Queries of each page of the owner's: lists, and all that hangs on the open record."""
    client = client_of(world, "owner")
    found: dict[str, int] = {}
    for trio in world.trios.values():
        for address in addresses():
            last = address.name.split(":")[-1]
            if foreign(address) or (address.record_type is not trio.declared and last != "home"):
                continue
            path = url(address, parameters(address, trio, trio.open, world.attachments))
            for query in ("", "?sort=title", "?state=draft") if last == "list" else ("",):
                if warm:
                    client.get(path + query)  # what a process keeps is there in real life, too
                with CaptureQueriesContext(connection) as captured:
                    answer = client.get(path + query)
                if answer.status_code == 200:
                    asked = [q for q in captured.captured_queries if not q["sql"].startswith(TRANSACTION)]
                    found[f"{address.name}{query}"] = len(asked)
    return found


def grow(address: str, world: World, trio: Trio, rows: int) -> None:
    """`rows` more records like the open one and comments on it, ten more of its own rows, some of all else."""
    record, canaries = trio.open, Canaries()
    own = [child.model for child in trio.declared.children()]
    with door(address, world.cast.people["owner"].pk, world.cast.mission.pk) as cursor:
        for model in models_under_records():
            if is_record(model) or model._meta.app_label == "need_to_know" or len(path_to_record(model)) > 1:
                continue
            if model._meta.db_table in WRITTEN_OTHERWISE:
                continue
            mine = any(isinstance(record, key.remote_field.model) for key in path_to_record(model))
            if mine and not _is_one(model):
                row_make(cursor, model, record, canaries)
                if not model._meta.pk.is_relation:  # a row that is more of another row has its own
                    _more(cursor, model, rows if model is Comment else 10 if model in own else 2)
        made = _like(cursor, record.pk, rows)
        _detail_like(cursor, trio.declared.model, record.pk, made)
        cursor.execute("ANALYZE")


def _is_one(model: Any) -> bool:
    """Whether a constraint lets there be one row only under a record, or under a row of it."""
    fields, under = model._meta.local_fields, {key.name for key in path_to_record(model)}
    if any(f.unique and not f.primary_key and f.remote_field for f in fields):
        return True
    for constraint in model._meta.total_unique_constraints:
        named = [model._meta.get_field(name) for name in constraint.fields]
        beneath = [f for f in named if f.is_relation and path_to_record(f.remote_field.model)]
        if beneath or all(f.is_relation for f in named) or under & set(constraint.fields):
            return True
    return False


def _more(cursor: Any, model: Any, rows: int) -> None:
    """Copies of the newest row of a table."""
    generated = models.GeneratedField
    fields = [
        f for f in model._meta.local_concrete_fields if not f.primary_key and not isinstance(f, generated)
    ]
    fresh = {f.column: "gen_random_uuid()" for f in fields if isinstance(f, models.UUIDField)}
    names = [f'"{f.column}"' for f in fields]
    values = [fresh.get(f.column, f'"{f.column}"') for f in fields]
    table = model._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}, generate_series(1, %s)"
        f" WHERE id = (SELECT max(id) FROM {table})",
        [rows],
    )


def _like(cursor: Any, pk: int, rows: int) -> list[int]:
    table = Record._meta.db_table
    names = [f.column for f in Record._meta.local_concrete_fields]
    fresh = {
        "uuid": "gen_random_uuid()",
        "reference": "'COPY-' || gen_random_uuid()::varchar(20)",
        "title": "'Copy ' || g",
    }
    kept = [name for name in names if name != "id"]
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(kept)}) SELECT {', '.join(fresh.get(name, name) for name in kept)}"
        f" FROM {table}, generate_series(1, %s) g WHERE id = %s RETURNING id",
        [rows, pk],
    )
    return [row[0] for row in cursor.fetchall()]


def _detail_like(cursor: Any, model: Any, pk: int, made: list[int]) -> None:
    key, *rest = [f.column for f in model._meta.local_concrete_fields]
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join([key, *rest])}) SELECT {', '.join(['x', *rest])}"
        f" FROM {model._meta.db_table}, unnest(%s) x WHERE {key} = %s",
        [made, pk],
    )


def test_budgets_hold_however_much_there_is(world: World, copy: str) -> None:
    for trio in world.trios.values():
        grow(copy, world, trio, 60)
    few = counts(world, warm=True)
    for trio in world.trios.values():
        grow(copy, world, trio, 140)
    many = counts(world, warm=False)
    assert len(many) >= 12
    over = {
        name: number
        for name, number in many.items()
        if number > GATHERED.get(name, BUDGETS.get(name.split("?")[0].split(":")[-1], RECORD))
    }
    assert over == {}
    assert {name: (few[name], many[name]) for name in many if many[name] > few.get(name, 0)} == {}
    if os.environ.get("QUERY_BASELINES") == "write":
        BASELINES.write_text(json.dumps(dict(sorted(many.items())), indent=2) + "\n", encoding="utf-8")
    kept = json.loads(BASELINES.read_text(encoding="utf-8"))
    assert {name: number for name, number in many.items() if number > kept.get(name, 0)} == {}
