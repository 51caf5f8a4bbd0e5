"""I23 inside one mission: an exercise among real records meets none of them, over all record types and tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from psycopg2 import Error as DatabaseRefusal

from apps.joint_plans.models import Assumption, JointPlan
from apps.mission.models import Mission
from apps.pages.onward import ways_from
from apps.records.connections import connections
from apps.records.models import Record, RecordLink
from apps.records.registry import all_types
from apps.records.services import link_add, record_file
from tests.cast.rows import door, is_record, models_under_records, path_to_record, row_make
from tests.cast.world import World
from tests.contract.addresses import addresses, parameters
from tests.contract.calling import call, client_of
from tests.contract.conftest import copied
from tests.contract.test_sabotage import as_owner

TYPES = [declared.key for declared in all_types()]
RELATIONS = list(RecordLink.Relation.values)
#: Tables with two keys to records of which one may be a plan.
CONNECTING = [
    model
    for model in models_under_records()
    if not is_record(model)
    and len(path_to_record(model)) > 1
    and any(issubclass(JointPlan, key.remote_field.model) for key in path_to_record(model))
    and {key.remote_field.model for key in path_to_record(model)} != {JointPlan}
]
FROM_OTHER = [
    model for model in CONNECTING if any(k.remote_field.model is Record for k in path_to_record(model))
]


def plan_of(world: World, kind: str) -> JointPlan:
    """A plan of the owner's, filed now."""
    with world.acting("owner") as actor:
        made: JointPlan = record_file(
            actor, record=JointPlan(title="Brave Heron", kind=kind, scope="mission")
        )
        return made


def is_refused(world: World, one: Record, other: Record, relation: str) -> bool:
    """Whether the database itself refuses the link, whoever writes it."""
    try:
        with world.acting("owner") as actor, transaction.atomic():
            RecordLink.objects.create(source=one, target=other, relation=relation, author=actor.user)
    except DatabaseError as refusal:
        return getattr(refusal.__cause__, "pgcode", "") == "CP006"
    return False


@pytest.mark.parametrize("key", TYPES)
def test_i23_nothing_real_is_linked_with_an_exercise(rolled_back: World, key: str) -> None:
    """By no relation and in no direction; two real records are, so that the refusal is the exercise's alone."""
    other = rolled_back.trios[key].open
    exercise, real = plan_of(rolled_back, "exercise"), plan_of(rolled_back, "return")
    for ends in ((exercise, other), (other, exercise)):
        for relation in RELATIONS:
            assert is_refused(rolled_back, *ends, relation), (key, relation)
            with rolled_back.acting("owner") as actor, pytest.raises(ValidationError):
                link_add(actor, source=ends[0], target=ends[1], relation=relation)
    with rolled_back.acting("owner") as actor:
        link_add(actor, source=real, target=other, relation="related")


@pytest.mark.parametrize("key", TYPES)
def test_i23_no_exercise_rests_on_a_real_record_and_no_real_plan_on_an_exercise(
    rolled_back: World, key: str
) -> None:
    other = rolled_back.trios[key].open
    exercise, real = plan_of(rolled_back, "exercise"), plan_of(rolled_back, "return")

    def rests(plan: JointPlan, record: Record) -> bool:
        try:
            with rolled_back.acting("owner"), transaction.atomic():
                Assumption.objects.create(
                    plan=plan, of_plan=plan, kind="assumption", title="It holds", watched=record.uuid,
                    watch="ends", breaks_in=["nowhere"],
                )  # fmt: skip
        except DatabaseError:
            return False
        return True

    assert not rests(exercise, other)
    assert rests(real, other)
    assert not rests(real, exercise)


@pytest.mark.parametrize("model", CONNECTING, ids=lambda m: m._meta.db_table)
def test_i23_every_table_that_connects_two_records_keeps_them_apart(rolled_back: World, model: type) -> None:
    """Found among all models: a new table that may name a plan has the trigger, or this is red."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE '%%apart%%'",
            [model._meta.db_table],
        )
        assert cursor.fetchone()[0], model._meta.db_table


def test_i23_the_tables_are_found() -> None:
    """Nothing above is vacuous: the links and every connection of any two records are among the tables."""
    of_any = {
        each.model
        for each in connections()
        if Record in {each.model._meta.get_field(end).related_model for end in (each.source, each.target)}
    }
    assert {RecordLink, *of_any} <= set(CONNECTING)
    assert len(CONNECTING) >= 3


def test_i23_the_door_itself_connects_no_exercise(world: World, django_db_blocker: Any) -> None:
    """Written as the door, which passes every row rule: an exercise at the end that may be any record."""
    assert FROM_OTHER
    with copied(django_db_blocker) as url:
        with world.acting("owner") as actor:
            exercise = record_file(
                actor, record=JointPlan(title="Brave Heron", kind="exercise", scope="private")
            )
        for model in FROM_OTHER:
            keys = path_to_record(model)
            free = next(k for k in reversed(keys) if k.remote_field.model is Record)
            ends = {
                k.name: next(t.open for t in world.trios.values() if isinstance(t.open, k.remote_field.model))
                for k in keys
            } | {free.name: exercise}
            with (
                pytest.raises(DatabaseRefusal) as refusal,
                door(url, actor.user_id, actor.mission.pk) as cursor,
            ):
                row_make(cursor, model, exercise, world.canaries, ends)
            assert refusal.value.pgcode == "CP006", model


def test_i23_without_the_rule_the_same_test_is_red(world: World, django_db_blocker: Any) -> None:
    """Sabotage: on a copy without the trigger, what the first test takes for refused goes through."""
    with copied(django_db_blocker):
        other = world.trios["aid_request"].open
        exercise = plan_of(world, "exercise")
        assert is_refused(world, exercise, other, "related")
        as_owner("DROP TRIGGER joint_plans_apart ON records_recordlink")
        assert not is_refused(world, exercise, other, "related")


def test_i23_pages_offer_to_start_nothing_from_an_exercise(rolled_back: World) -> None:
    exercise, real = plan_of(rolled_back, "exercise"), plan_of(rolled_back, "return")
    with rolled_back.acting("owner") as actor:
        assert not [way for way in ways_from(actor, exercise) if way.starts]
        assert [way for way in ways_from(actor, real) if way.starts]


def test_i23_every_page_of_an_exercise_says_so_and_none_of_a_real_plan(rolled_back: World) -> None:
    """Over all addresses of the type: where the page of an exercise is a page at all, the band stands on it."""
    plans = {kind: plan_of(rolled_back, kind) for kind in ("exercise", "return")}
    client, trio, seen = client_of(rolled_back, "owner"), rolled_back.trios["joint_plan"], 0
    for address in addresses():
        if not address.of_record or address.record_type is not trio.declared:
            continue
        for kind, plan in plans.items():
            attachments = {**rolled_back.attachments, plan.pk: plan.uuid}
            answer = call(client, address, "GET", parameters(address, trio, plan, attachments))
            page = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code != 200 or b"<html" not in page:
                continue
            seen += kind == "exercise"
            assert (b'class="exercise"' in page) == (kind == "exercise"), (address.name, kind)
    assert seen >= 5


def test_i23_in_a_mission_that_is_an_exercise_nothing_stands_apart(
    rolled_back: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mission.objects.filter(pk=rolled_back.cast.mission.pk).update(is_exercise=True)
    monkeypatch.setattr(rolled_back.cast.mission, "is_exercise", True)
    exercise, other = plan_of(rolled_back, "exercise"), rolled_back.trios["aid_request"].open
    with rolled_back.acting("owner") as actor:
        link_add(actor, source=exercise, target=other, relation="related")
        assert [way for way in ways_from(actor, exercise) if way.starts]
