"""Emergency access: who, how long, told at once, reviewed, and not a second time before that."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from apps.mission.models import Holding, Position, SharingProtocol
from apps.need_to_know.audience import audience_of
from apps.need_to_know.break_glass import break_glass, break_glass_review, unreviewed_of, uses_to_review
from apps.need_to_know.models import EmergencyAccess
from apps.need_to_know.selectors import newest_ids
from apps.records.errors import DutyConflict, NotPermitted
from apps.records.models import Event, Record
from tests.unit.need_to_know.conftest import Stage


@pytest.fixture
def closed(stage: Stage) -> Stage:
    """A private record above the outsider's clearance; the outsider's post is a named emergency role."""
    Position.objects.filter(pk=stage.cast.positions["outsider"].pk).update(breaks_glass=True, clearance=0)
    stage.file(scope="private", classification=1, compartments=[stage.cast.compartment.pk])
    return stage


def use(stage: Stage, name: str = "outsider", reference: str = "", **more: Any) -> EmergencyAccess | None:
    said = {"reason": "Lives are at risk.", "minutes": 60, "reference": reference or stage.reference}
    with stage.acting(name) as actor:
        position = stage.cast.positions[name]
        position.refresh_from_db()
        return break_glass(actor, position=position, **{**said, **more})


def test_it_opens_one_record_to_read_whatever_the_label(closed: Stage) -> None:
    other = closed.pk
    closed.file(scope="private")
    assert not closed.reads("outsider")
    made = use(closed)
    assert made is not None
    assert closed.reads("outsider")
    with closed.acting("outsider"):
        assert closed.pk in newest_ids("aid_request")
        assert not Record.objects.filter(pk=other).exists()
        assert Record.objects.filter(pk=closed.pk).update(title="mine now") == 0
    with closed.acting("owner"):
        readers = [r for r in audience_of(closed.record()).readers if r.emergency]
        assert [r.user_id for r in readers] == [closed.cast.people["outsider"].pk]


def test_it_works_in_the_same_request_and_is_told_at_once(closed: Stage) -> None:
    with closed.acting("outsider") as actor:
        break_glass(
            actor,
            reference=closed.reference,
            position=actor.positions[0],
            reason="Lives are at risk.",
            minutes=5,
        )
        assert closed.record().pk == closed.pk
    with closed.acting("owner"):
        assert Event.objects.filter(record_id=closed.pk, verb="record.emergency").count() == 1
        assert EmergencyAccess.objects.filter(record_id=closed.pk).count() == 1
    with closed.acting("addressee"):
        assert not EmergencyAccess.objects.exists()


def test_i12_an_administrator_reads_only_so(closed: Stage) -> None:
    assert not closed.reads("administrator")
    Position.objects.filter(pk=closed.cast.positions["administrator"].pk).update(breaks_glass=True)
    use(closed, "administrator")
    assert closed.reads("administrator")


@pytest.mark.parametrize(("field", "bad"), [("reason", "short"), ("minutes", 181), ("minutes", 0)])
def test_bad_input_has_its_message_and_opens_nothing(closed: Stage, field: str, bad: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        use(closed, **{field: bad})
    assert field in refused.value.message_dict
    assert not closed.reads("outsider")


def test_the_database_holds_to_the_limits_by_itself(closed: Stage) -> None:
    position = closed.cast.positions["outsider"].pk
    for arguments in (
        (closed.reference, position, "Lives are at risk.", 181),
        (closed.reference, position, "short", 60),
        (closed.reference, closed.cast.positions["owner"].pk, "Lives are at risk.", 60),
    ):
        with (
            closed.acting("outsider"),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute("SELECT need_to_know_break_glass(%s, %s, %s, %s)", arguments)
    for statement in ("INSERT INTO need_to_know_emergencyaccess SELECT * FROM need_to_know_emergencyaccess",
                      "UPDATE need_to_know_emergencyaccess SET verdict = 'justified'"):  # fmt: skip
        with (
            closed.acting("outsider"),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)


def test_the_protocol_may_only_shorten_it(closed: Stage) -> None:
    SharingProtocol.objects.create(
        mission=closed.cast.mission,
        version="1",
        title="P",
        state="in_force",
        break_glass_minutes=30,
        review_days=3,
    )
    with pytest.raises(ValidationError):
        use(closed, minutes=31)
    made = use(closed, minutes=30)
    assert made is not None
    assert (made.expires_at - made.at).total_seconds() == 1800
    assert (made.review_due_at - made.at).days == 3


def test_nobody_else_and_nothing_unknown(closed: Stage) -> None:
    with pytest.raises(NotPermitted):
        use(closed, "lent")
    assert use(closed, reference="RFA-2026-00000") is None
    with closed.acting("outsider") as actor:
        assert unreviewed_of(actor) is None


def test_no_second_one_before_a_review_and_nobody_reviews_themselves(closed: Stage) -> None:
    made = use(closed)
    assert made is not None
    with pytest.raises(ValidationError):
        use(closed)
    with closed.acting("outsider") as actor, pytest.raises((NotPermitted, DutyConflict)):
        break_glass_review(actor, use=made, justified=True, note="Surely.")
    with closed.acting("auditor") as actor:
        assert EmergencyAccess.objects.count() == 1
        assert not uses_to_review(actor).exists()
        with pytest.raises(NotPermitted):
            break_glass_review(actor, use=made, justified=True, note="Looks right.")
    with closed.acting("owner") as actor:
        assert list(uses_to_review(actor)) == [made]
        with pytest.raises(ValidationError):
            break_glass_review(actor, use=made, justified=False, note=" ")
        break_glass_review(actor, use=made, justified=False, note="There was time to ask.")
    with closed.acting("outsider") as actor:
        mine = EmergencyAccess.objects.get()
        assert (mine.verdict, mine.review_note) == ("unjustified", "There was time to ask.")
    assert use(closed) is not None


def test_i11_it_ends_with_the_position(closed: Stage) -> None:
    use(closed)
    Holding.objects.filter(person=closed.cast.people["outsider"]).update(
        position=closed.cast.positions["granted"]
    )
    assert not closed.reads("outsider")
