"""The guard-route table: careless code as the outsider, on every record type and every table under a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, models, transaction
from rest_framework.exceptions import ValidationError as ApiError

from apps.need_to_know.acting import acting_as, acting_as_clock
from apps.records.actors import NoActor
from apps.records.models import Record, Withheld
from apps.records.registry import all_types
from tests.cast.rows import is_record, models_under_records, path_to_record
from tests.cast.world import Trio, World
from tests.contract.routes import ROUTES

# WHY: every address of every type; the more types there are, the longer it takes.
pytestmark = pytest.mark.timeout(300)

TYPES = [declared.key for declared in all_types()]
UNDER = {model._meta.label: model for model in models_under_records()}
# One's own list of what one was told, and of what one follows: it outlives the right to read, names the record by its
# number alone, and says nothing of it.
OWN = {"notifications.Notification", "notifications.Subscription"}


def attempt(route: Callable[[], Any]) -> Any:
    """What careless code gets: its value, or the error that stopped it."""
    try:
        with transaction.atomic():
            return route()
    except (DatabaseError, ObjectDoesNotExist, ValidationError, ApiError, ValueError) as error:
        return error


def betrays(world: World, trio: Trio, value: Any) -> bool:
    """Whether `value` tells of a hidden record: by a text of it, its key, or by being anything but nothing."""
    if isinstance(value, Exception):
        return bool(world.canaries.found_in(f"{value!r} {value} {value.__cause__}"))
    if isinstance(value, bool | int):
        return bool(value)
    return bool(world.canaries.found_in(repr(value))) or "Hidden" in repr(value) or "Secret" in repr(value)


@pytest.mark.parametrize("key", TYPES)
@pytest.mark.parametrize("name", ROUTES)
def test_route_ends_in_nothing(rolled_back: World, name: str, key: str) -> None:
    trio = rolled_back.trios[key]
    with rolled_back.acting("outsider"):
        value = attempt(lambda: ROUTES[name](trio))
        assert not betrays(rolled_back, trio, value), value
        # The readable row has not vanished on the way.
        assert Record.objects.filter(pk=trio.open.pk).exists()


@pytest.mark.parametrize("key", TYPES)
@pytest.mark.parametrize(
    "name",
    [n for n in ROUTES if n.split(":")[0] in {"reads", "pickers", "relations"} and "accepts" not in n],
)
def test_route_shows_a_reader_what_is_theirs(rolled_back: World, name: str, key: str) -> None:
    """The same careless code as somebody entitled finds the record: the table above is not green by emptiness."""
    trio = rolled_back.trios[key]
    with rolled_back.acting("owner"):
        assert betrays(rolled_back, trio, attempt(lambda: ROUTES[name](trio)))


@pytest.mark.parametrize("label", UNDER)
def test_table_under_a_record_shows_no_hidden_row(rolled_back: World, label: str) -> None:
    model = UNDER[label]
    hidden = {record.pk for trio in rolled_back.trios.values() for record in trio.unseen}
    with rolled_back.acting("owner"):
        owned = rows_of(model, hidden)
        # What is withheld is hidden from the outsider even under the record that everybody reads.
        everybodys = {trio.open.pk for trio in rolled_back.trios.values()}
        narrower = rows_of(model, everybodys) if model is Withheld else []
        total = model._base_manager.count()
    with rolled_back.acting("outsider") as actor:
        if label in OWN:
            mine = list(model._base_manager.all())
            assert {row.person_id for row in mine} <= {actor.user_id}
            for row in mine:
                assert isinstance(attempt(lambda row=row: row.record.title), ObjectDoesNotExist)
        else:
            assert rows_of(model, hidden) == []
            assert model._base_manager.count() == total - len(owned) - len(narrower)
        assert not rolled_back.canaries.found_in(repr(list(model._base_manager.values())))
    assert owned, f"the world has no row of {label} under a hidden record"


@pytest.mark.parametrize("label", UNDER)
def test_table_under_a_record_takes_no_write_to_a_hidden_row(rolled_back: World, label: str) -> None:
    model = UNDER[label]
    hidden = [record.pk for trio in rolled_back.trios.values() for record in trio.unseen]
    column = "id" if is_record(model) and model is Record else column_of(model)
    with rolled_back.acting("outsider"), connection.cursor() as cursor:
        for statement in (
            f"UPDATE {model._meta.db_table} SET {column} = {column} WHERE {column} = ANY (%s)",
            f"DELETE FROM {model._meta.db_table} WHERE {column} = ANY (%s)",
        ):

            def run(sql: str = statement) -> int:
                cursor.execute(sql, [hidden])
                return int(cursor.rowcount)

            touched = attempt(run)
            assert isinstance(touched, DatabaseError) or touched == 0


def column_of(model: type[models.Model]) -> str:
    """The column that names the record."""
    return str(path_to_record(model)[-1].column) if path_to_record(model) else "id"


def rows_of(model: type[models.Model], records: set[int]) -> list[Any]:
    """Primary keys of the model's rows that belong to these records, as far as the actor reads them."""
    names = [field.name for field in path_to_record(model)] or ["pk"]
    found: set[Any] = set()
    for name in names:
        found |= set(model._base_manager.filter(**{f"{name}__in": records}).values_list("pk", flat=True))
    return sorted(found)


# ---------------------------------------------------------------- actors and connections
def loud(route: Callable[[], Any]) -> None:
    """Without an actor every look at records is an error, not an empty list."""
    with pytest.raises(DatabaseError), transaction.atomic():
        route()


@pytest.mark.parametrize("label", UNDER)
def test_no_actor_is_an_error(rolled_back: World, label: str) -> None:
    loud(lambda: list(UNDER[label]._base_manager.all()))
    loud(lambda: UNDER[label]._base_manager.count())


def test_a_reused_connection_remembers_nobody(rolled_back: World) -> None:
    with rolled_back.acting("owner"):
        assert Record.objects.count() > 1
    loud(lambda: list(Record.objects.all()))
    with rolled_back.acting("outsider"):
        assert not Record.objects.filter(title__startswith="Hidden").exists()


def test_a_connection_whose_transaction_ended_remembers_nobody(world: World) -> None:
    """The same with real transactions, and with an exception half-way."""
    with pytest.raises(ZeroDivisionError), world.acting("owner"):  # noqa: PT012 - half-way, on purpose
        assert Record.objects.count() > 1
        raise ZeroDivisionError
    loud(lambda: list(Record.objects.all()))
    with world.acting("outsider"):
        assert not Record.objects.filter(title__startswith="Hidden").exists()
    loud(lambda: list(Record.objects.all()))


def test_an_aborted_transaction_remembers_nobody(world: World) -> None:
    with pytest.raises(DatabaseError), world.acting("owner"), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    loud(lambda: list(Record.objects.all()))


def test_nobody_becomes_somebody_else_half_way(rolled_back: World) -> None:
    owner, mission = rolled_back.cast.people["owner"], rolled_back.cast.mission
    with rolled_back.acting("outsider"):
        with pytest.raises(NoActor), acting_as(owner, mission):
            pass
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM need_to_know_begin(%s, %s)", [owner.pk, mission.pk])
        with pytest.raises(NoActor), acting_as_clock(rolled_back.trios[TYPES[0]].hidden.pk):
            pass
        assert not Record.objects.filter(title__startswith="Hidden").exists()


def test_the_clock_borrows_only_what_is_due(rolled_back: World) -> None:
    trio = rolled_back.trios[TYPES[0]]
    with pytest.raises(DatabaseError), acting_as_clock(trio.hidden.pk):
        pass


@pytest.mark.parametrize("name", ["nobody"])
def test_a_person_without_a_position_cannot_act(rolled_back: World, name: str) -> None:
    with pytest.raises(NoActor), rolled_back.acting(name):
        pass


def test_a_person_cannot_act_in_another_mission(rolled_back: World) -> None:
    with pytest.raises(NoActor), acting_as(rolled_back.cast.people["owner"], rolled_back.cast.other_mission):
        pass
