"""Who gives, who takes back, who shortens, and what stays with the originator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.mission.models import Handover, Holding, Position, PositionRole
from apps.need_to_know.grants import (
    grant_give,
    grant_give_many,
    grant_narrow,
    grant_revoke,
    grants_of,
    may_share,
)
from apps.need_to_know.models import Right
from apps.need_to_know.selectors import newest_ids
from apps.records.errors import NotPermitted
from apps.records.models import Record
from tests.unit.need_to_know.conftest import Stage


def give(stage: Stage, by: str = "colleague", to: str = "outsider", **more: Any) -> str:
    """Give, and the key of what was given."""
    with stage.acting(by) as actor:
        grant_give(actor, record=stage.record(), to=stage.cast.people[to], reason="Needs it.", **more)
        return next(g.key for g in grants_of(stage.record()) if g.to == stage.cast.people[to].name)


def soon(hours: int) -> Any:
    return timezone.now() + timedelta(hours=hours)


def test_i09_only_the_release_authority_widens(stage: Stage) -> None:
    """The author files and narrows; opening to somebody else is the release authority's."""
    with pytest.raises(NotPermitted):
        give(stage, by="owner")
    assert not stage.reads("outsider")
    give(stage)
    assert stage.reads("outsider")


def test_i09_without_a_release_authority_the_filing_position_is_it(stage: Stage) -> None:
    PositionRole.objects.filter(role="REL").delete()
    give(stage, by="owner")
    assert stage.reads("outsider")


def test_i09_whoever_was_let_in_cannot_let_others_in(stage: Stage) -> None:
    give(stage, right=Right.CHANGE)
    with stage.acting("outsider") as actor:
        assert not may_share(actor, stage.record())
        with pytest.raises(NotPermitted):
            grant_give(actor, record=stage.record(), to=stage.cast.people["lent"], reason="x")


@pytest.mark.parametrize("right", [Right.SHARE, Right.MANAGE])
def test_i09_sharing_on_stays_with_the_originator(stage: Stage, right: Right) -> None:
    with pytest.raises(ValidationError) as refused:
        give(stage, right=right)
    assert "to" in refused.value.message_dict
    give(stage, to="owner", right=right)
    with stage.acting("owner") as actor:
        assert may_share(actor, stage.record())
        assert may_share(actor, stage.record(), Right.MANAGE) == (right is Right.MANAGE)


def test_a_right_to_manage_ends_with_the_position_at_the_originator(stage: Stage) -> None:
    give(stage, to="owner", right=Right.MANAGE)
    Holding.objects.filter(person=stage.cast.people["owner"]).update(
        position=stage.cast.positions["outsider"], starts=soon(-5)
    )
    with stage.acting("owner") as actor:
        assert stage.record() is not None  # read in person, but no longer one of the originator's people
        assert not may_share(actor, stage.record())


def test_the_author_shortens_and_takes_back_but_never_lengthens(stage: Stage) -> None:
    key = give(stage, until=soon(48))
    with stage.acting("owner") as actor:
        grant_narrow(actor, record=stage.record(), key=key, until=soon(1))
        with pytest.raises(ValidationError):
            grant_narrow(actor, record=stage.record(), key=key, until=soon(72))
        with pytest.raises(DatabaseError), transaction.atomic():
            stage.record().user_grants.update(expires_at=None)
        grant_revoke(actor, record=stage.record(), key=key)
    assert not stage.reads("outsider")


def test_a_reader_gives_up_their_own_grant_alone(stage: Stage) -> None:
    mine, other = give(stage), give(stage, to="lent")
    with stage.acting("outsider") as actor:
        with pytest.raises(NotPermitted):
            grant_revoke(actor, record=stage.record(), key=other)
        grant_revoke(actor, record=stage.record(), key=mine)
    assert not stage.reads("outsider")
    assert stage.reads("lent")


def test_i11_a_grant_ends_by_the_clock_and_with_the_position(stage: Stage) -> None:
    give(stage, until=soon(1))
    assert stage.reads("outsider")
    position = stage.cast.positions["lent"]
    with stage.acting("colleague") as actor:
        grant_give(actor, record=stage.record(), to=position, reason="For the post.")
    assert stage.reads("lent")
    Holding.objects.filter(person=stage.cast.people["lent"]).update(position=stage.cast.positions["expired"])
    assert not stage.reads("lent")


def test_i11_a_handover_ends_what_the_leaver_was_given_in_person(stage: Stage) -> None:
    give(stage)
    give(stage, to="lent")
    post = stage.cast.positions["outsider"]
    with stage.acting("colleague") as actor:
        grant_give(actor, record=stage.record(), to=post, reason="For the post.")
    now = timezone.now()
    Holding.objects.create(
        person=stage.cast.people["outsider"], position=stage.cast.positions["granted"], starts=soon(-2)
    )
    Handover.objects.create(
        position=post, leaver=stage.cast.people["outsider"], successor=stage.cast.people["expired"], at=now,
        made_by=stage.cast.people["administrator"],
    )  # fmt: skip
    Holding.objects.filter(person=stage.cast.people["outsider"], position=post).update(
        starts=now - timedelta(days=9), until=now
    )
    Holding.objects.create(
        person=stage.cast.people["expired"], position=post, starts=now - timedelta(seconds=1)
    )
    assert not stage.reads("outsider")  # who still holds another post
    assert stage.reads("expired")  # by the post that was taken over
    assert stage.reads("lent")


def test_many_at_once_are_all_or_none(stage: Stage) -> None:
    first = stage.pk
    stage.file(scope="organisation")
    with stage.acting("colleague") as actor:
        given = grant_give_many(
            actor, records=Record.objects.all(), to=stage.cast.organisations["outside"], reason="All of it."
        )
        assert given == 2
    with stage.acting("outsider"):
        assert set(newest_ids("aid_request")) == {first, stage.pk}
    with stage.acting("outsider") as actor, pytest.raises(NotPermitted):
        grant_give_many(
            actor, records=Record.objects.all(), to=stage.cast.organisations["force"], reason="And on."
        )


# ---------------------------------------------------------------- I15: nobody is locked out, somebody manages
def test_i15_a_higher_label_never_locks_the_author_out(stage: Stage) -> None:
    Position.objects.filter(pk=stage.cast.positions["owner"].pk).update(clearance=1)
    Position.objects.filter(pk=stage.cast.positions["colleague"].pk).update(clearance=2)
    give(stage, to="colleague", right=Right.CHANGE)
    with stage.acting("colleague"), pytest.raises(DatabaseError) as refused, transaction.atomic():
        Record.objects.filter(pk=stage.pk).update(classification=2)
    assert refused.value.__cause__.pgcode == "CP008"
    assert stage.reads("owner")


def test_i15_a_position_that_alone_manages_records_cannot_be_closed(stage: Stage) -> None:
    def close(name: str) -> None:
        Position.objects.filter(pk=stage.cast.positions[name].pk).update(is_active=False)

    close("owner")  # the release authority still manages
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        close("colleague")
    assert refused.value.__cause__.pgcode == "CP011"
    with pytest.raises(DatabaseError), transaction.atomic():
        PositionRole.objects.filter(role="REL").delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        PositionRole.objects.filter(role="REL").update(role="REQ")
    with pytest.raises(DatabaseError), transaction.atomic():
        Position.objects.filter(pk=stage.cast.positions["colleague"].pk).update(
            organisation=stage.cast.organisations["outside"]
        )
