"""The doors past the row rule: who may call them, whom they take the caller for, and what they tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from apps.need_to_know.checking import content_differences, edge_problems, structure_problems
from apps.need_to_know.grants import permission_of
from apps.need_to_know.models import RecordGroupObjectPermission, RecordUserObjectPermission, Right
from apps.need_to_know.selectors import newest_count, newest_ids
from apps.records.models import Addressee, Attachment, Comment, Event, Record, RecordLink, Step
from tests.cast.world import Trio, World
from tests.contract.doors import DOORS

_CALLABLE = """
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = 'public' AND p.prosecdef AND has_function_privilege('portal_app', p.oid, 'EXECUTE')
   AND p.prorettype <> 'trigger'::regtype ORDER BY 1
"""


def test_every_door_has_its_test(rolled_back: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CALLABLE)
        assert {name for (name,) in cursor.fetchall()} == set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_trusts_the_session_and_not_its_arguments(rolled_back: World, door: str) -> None:
    with rolled_back.acting("outsider"):
        for trio in rolled_back.trios.values():
            for record in trio.unseen:
                assert DOORS[door](record.pk, rolled_back) == DOORS[door](10**9, rolled_back)


@pytest.mark.parametrize(
    "person", ["owner", "addressee", "outsider", "expired", "lent", "stranger", "auditor"]
)
def test_the_feed_and_the_rule_agree(rolled_back: World, person: str) -> None:
    with rolled_back.acting(person):
        for key in rolled_back.trios:
            plain = list(
                Record.objects.filter(type=key).order_by("-created_at", "-id").values_list("pk", "created_at")
            )
            assert newest_ids(key, most=100) == [pk for pk, _at in plain]
            assert newest_count(key) == len(plain)
            assert newest_count(key, 0) == min(len(plain), 1)
            for index, (pk, at) in enumerate(plain):
                assert newest_ids(key, before=(at, pk), most=1) == [
                    pk for pk, _at in plain[index + 1 : index + 2]
                ]


def test_the_wall_stands(rolled_back: World) -> None:
    assert structure_problems() == []
    assert edge_problems() == []
    assert content_differences() == []


def test_a_difference_is_found(rolled_back: World) -> None:
    """A hand on the computed columns shows; done as the door, since nobody else can."""
    from tests.cast.rows import door

    trio = next(iter(rolled_back.trios.values()))
    changes = {
        "audience": "UPDATE records_record SET audience = audience || 999999 WHERE id = %s",
        "editors": "UPDATE records_record SET editors = '{}' WHERE id = %s",
        "feed": "DELETE FROM need_to_know_feed WHERE record_id = %s",
    }
    for kind, statement in changes.items():
        with pytest.raises(Found), door(rolled_back.url) as cursor:  # noqa: PT012 - rolled back by the error
            cursor.execute(statement, [trio.open.pk])
            cursor.execute("SELECT kind, record_id FROM need_to_know_differences()")
            assert (kind, trio.open.pk) in cursor.fetchall()
            raise Found


class Found(Exception):
    """Rolls the change back."""


# ---------------------------------------------------------------- writes that the database itself refuses
def refused(write: Callable[[], Any]) -> str:
    """The error with which a write ends; it must end with one, or change nothing."""
    try:
        with transaction.atomic():
            done = write()
    except DatabaseError as error:
        return f"{type(error).__name__} {getattr(error.__cause__, 'pgcode', None)}"
    assert done in (0, (0, {})), done
    return "nothing"


def trio_of(world: World) -> Trio:
    """Any type will do: these tables are every type's."""
    return next(iter(world.trios.values()))


@pytest.mark.parametrize("field", ["id", "uuid", "reference"])
def test_i02_a_taken_name_is_no_oracle(rolled_back: World, field: str) -> None:
    """Filing under the id, uuid or reference of a hidden record ends as it does under a free one."""
    trio, cast = trio_of(rolled_back), rolled_back.cast
    free = {"id": 10**9, "uuid": "7d6c8a52-0000-4000-8000-000000000001", "reference": "RFA-2026-00000"}
    with rolled_back.acting("outsider"):

        def make(value: Any) -> str:
            try:
                with transaction.atomic():
                    Record(
                        **{field: value}, mission=cast.mission, type=trio.declared.key, title="mine",
                        state=trio.declared.workflow.initial, originator=cast.organisations["outside"],
                        author=cast.people["outsider"], author_position=cast.positions["outsider"],
                        **({} if field == "reference" else {"reference": "RFA"}),
                    ).save(force_insert=True)  # fmt: skip
            except DatabaseError as error:
                return f"{type(error).__name__} {getattr(error.__cause__, 'pgcode', None)}"
            return "made"

        assert make(getattr(trio.hidden, field)) == make(free[field])


@pytest.mark.parametrize("state", ["draft", "submitted", "closed", "no-such-state"])
def test_a_step_on_a_hidden_record_tells_nothing_of_its_state(rolled_back: World, state: str) -> None:
    trio, cast = trio_of(rolled_back), rolled_back.cast
    with rolled_back.acting("outsider"):

        def step(pk: int) -> str:
            position = cast.positions["outsider"].pk
            return refused(
                lambda: Step.objects.create(
                    record_id=pk, name="submit", from_state=state, to_state="x", position_id=position
                )
            )

        assert step(trio.hidden.pk) == step(10**9)


def test_a_reader_cannot_give_what_is_not_theirs(rolled_back: World) -> None:
    """Reading gives no right to share; sharing gives reading alone; a right given is no right to widen."""
    trio, cast = trio_of(rolled_back), rolled_back.cast

    def give(right: Right) -> Callable[[], Any]:
        return lambda: RecordUserObjectPermission.objects.create(
            user=cast.people["outsider"], permission=permission_of(right), content_object_id=trio.hidden.pk
        )

    with rolled_back.acting("addressee"):
        assert refused(give(Right.VIEW)).startswith("ProgrammingError")
        assert refused(lambda: RecordUserObjectPermission.objects.all().delete()) == "nothing"
        assert refused(lambda: RecordGroupObjectPermission.objects.update(expires_at=None)) == "nothing"
    with rolled_back.acting("colleague"):
        assert refused(give(Right.MANAGE)) != "nothing"
        give(Right.VIEW)()
        assert (
            RecordUserObjectPermission.objects.get(user=cast.people["outsider"]).granted_by
            == cast.people["colleague"]
        )
    with rolled_back.acting("outsider"):
        assert Record.objects.filter(pk=trio.hidden.pk).exists()


def test_i09_an_editor_elsewhere_cannot_widen(rolled_back: World) -> None:
    """Originator control: a right to change does not open the record to others, not even by plain update()."""
    trio, cast = trio_of(rolled_back), rolled_back.cast
    with rolled_back.acting("owner"):
        RecordUserObjectPermission.objects.create(
            user=cast.people["granted"],
            permission=permission_of(Right.CHANGE),
            content_object_id=trio.hidden.pk,
        )
    mine = Record.objects.filter(pk=trio.hidden.pk)
    with rolled_back.acting("granted"):
        assert mine.update(title="changed") == 1
        for change in ({"scope": "mission"}, {"classification": 0}, {"compartments": []}, {"sensitivity": 0},
                       {"author_position": cast.positions["granted"]}, {"originator": cast.organisations["outside"]},
                       {"state": "closed"}, {"author": cast.people["granted"]}):  # fmt: skip
            assert refused(lambda c=change: mine.update(**c)) != "nothing", change
        assert mine.update(audience=[1], editors=[1], version=99) == 1
        assert mine.get().audience != [1]
    with rolled_back.acting("owner"):
        assert mine.update(scope="private") == 1


def test_nobody_speaks_in_another_name(rolled_back: World) -> None:
    trio, cast = trio_of(rolled_back), rolled_back.cast
    other = cast.people["owner"].pk
    with rolled_back.acting("outsider"):
        comment = Comment.objects.create(
            record_id=trio.open.pk, author_id=other, text="x", position=cast.positions["owner"]
        )
        event = Event.objects.create(record_id=trio.open.pk, verb="x", actor_id=other)
        attachment = Attachment.objects.create(record_id=trio.open.pk, author_id=other, name="x", size=1)
        for made in (comment, event, attachment):
            made.refresh_from_db()
        assert (comment.author_id, comment.position_id) == (cast.people["outsider"].pk, None)
        assert (event.actor_id, attachment.author_id) == (cast.people["outsider"].pk,) * 2
        assert refused(
            lambda: Step.objects.create(
                record_id=trio.open.pk,
                name="submit",
                from_state="draft",
                to_state="submitted",
                position=cast.positions["owner"],
            )
        ).endswith("CP006")
        assert refused(lambda: Comment.objects.filter(record_id=trio.open.pk).update(text="y")) != "nothing"


def test_only_who_has_the_role_is_drawn_in(rolled_back: World) -> None:
    trio, cast = trio_of(rolled_back), rolled_back.cast
    with rolled_back.acting("addressee"):
        for position in (cast.positions["outsider"], cast.positions["stranger"]):
            assert (
                refused(
                    lambda p=position: Addressee.objects.create(
                        record_id=trio.hidden.pk, position=p, role="CMC"
                    )
                )
                != "nothing"
            )


def test_a_link_is_taken_away_only_by_who_sees_both_ends(rolled_back: World) -> None:
    trio = trio_of(rolled_back)
    with rolled_back.acting("addressee"):
        assert RecordLink.objects.filter(target=trio.hidden).count() == 1
        assert refused(lambda: RecordLink.objects.all().delete()) == "nothing"
    with rolled_back.acting("owner"):
        assert RecordLink.objects.filter(target=trio.hidden).delete()[0] == 1


def test_scope_and_label_changed_at_once_leave_the_feed_right(rolled_back: World) -> None:
    """One statement that narrows the audience and moves the label: the feed follows both."""
    trio = trio_of(rolled_back)
    with rolled_back.acting("owner"):
        Record.objects.filter(pk=trio.open.pk).update(scope="private", classification=1)
    assert content_differences() == []
    with rolled_back.acting("outsider"):
        assert trio.open.pk not in newest_ids(trio.declared.key)
