"""I20: what a side never reads, whatever is granted; and who may say that a record no longer holds it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.mission.models import DataType, Holding
from apps.mission.vocabulary import ProtectedData
from apps.need_to_know.audience import audience_of
from apps.need_to_know.break_glass import break_glass
from apps.need_to_know.grants import grant_give, permission_of
from apps.need_to_know.models import RecordUserObjectPermission, Right
from apps.need_to_know.selectors import newest_ids
from apps.records.attachments import attachment_add
from apps.records.models import Attachment, Record
from apps.records.registry import by_key
from apps.records.services import record_file, record_update
from tests.unit.need_to_know.conftest import Stage


def kind(stage: Stage, code: str) -> int:
    return DataType.objects.get(mission=stage.cast.mission, code=code).pk


def let_in(stage: Stage, name: str, until: datetime | None = None) -> None:
    with stage.acting("colleague") as actor:
        grant_give(
            actor, record=stage.record(), to=stage.cast.people[name], reason="Asked for it.", until=until
        )


@pytest.mark.parametrize("code", ProtectedData.values)
@pytest.mark.parametrize("time_boxed", [False, True])
def test_i20_no_grant_opens_it_to_the_military(stage: Stage, code: str, time_boxed: bool) -> None:
    let_in(stage, "decider", timezone.now() + timedelta(hours=1) if time_boxed else None)
    assert stage.reads("decider")
    with stage.acting("owner") as actor:
        record_update(actor, record=_whole(stage), changes={"data_types": [kind(stage, code)]})
    assert not stage.reads("decider")
    with stage.acting("decider"):
        assert stage.pk not in newest_ids("aid_request")
    with stage.acting("owner"):
        assert stage.cast.people["decider"].pk not in {r.user_id for r in audience_of(stage.record()).readers}


def test_i20_no_emergency_opens_it(stage: Stage) -> None:
    stage.file(scope="private", data_types=[kind(stage, "source")])
    position = stage.cast.positions["decider"]
    type(position).objects.filter(pk=position.pk).update(breaks_glass=True)
    with stage.acting("decider") as actor:
        used = break_glass(
            actor,
            reference=stage.reference,
            position=actor.positions[0],
            reason="Lives are at risk.",
            minutes=10,
        )
        assert used is None
        assert not Record.objects.filter(pk=stage.pk).exists()


def test_i20_a_second_post_does_not_help(stage: Stage) -> None:
    """Whoever also stands on the military side is a military reader."""
    let_in(stage, "outsider")
    with stage.acting("owner") as actor:
        record_update(actor, record=_whole(stage), changes={"data_types": [kind(stage, "beneficiary")]})
    assert stage.reads("outsider")
    Holding.objects.create(person=stage.cast.people["outsider"], position=stage.cast.positions["decider"])
    assert not stage.reads("outsider")


def test_i20_what_the_mission_sets_only_adds(stage: Stage) -> None:
    DataType.objects.filter(code="staff").update(barred_sides=["host_state"])
    let_in(stage, "decider")
    with stage.acting("owner") as actor:
        record_update(actor, record=_whole(stage), changes={"data_types": [kind(stage, "staff")]})
    assert not stage.reads("decider")
    type(stage.cast.organisations["outside"]).objects.filter(name="Organisation outside").update(
        side="host_state"
    )
    let_in(stage, "outsider")
    assert not stage.reads("outsider")


def test_i20_a_file_may_be_closed_where_its_record_is_open(stage: Stage) -> None:
    let_in(stage, "decider")
    with stage.acting("owner") as actor:
        made = attachment_add(
            actor, record=stage.record(), name="list.txt", description="",
            content=SimpleUploadedFile("list.txt", b"names"),
        )  # fmt: skip
    with stage.acting("decider"):
        assert Attachment.objects.filter(pk=made.pk).count() == 1
    with stage.acting("owner") as actor:
        protected = Attachment(
            record_id=stage.pk, author=actor.user, name="secret.txt", size=5, media_type="text/plain",
            sha256="", data_types=[kind(stage, "beneficiary")],
        )  # fmt: skip
        protected.save()
    with stage.acting("decider"):
        assert [a.name for a in Attachment.objects.filter(record_id=stage.pk)] == ["list.txt"]
    with stage.acting("owner"):
        assert Attachment.objects.filter(record_id=stage.pk).count() == 2


def test_taking_protected_data_off_the_label_is_widening(stage: Stage) -> None:
    with stage.acting("owner") as actor:
        record_update(actor, record=_whole(stage), changes={"data_types": [kind(stage, "beneficiary")]})
    with stage.acting("colleague"):
        _grant_change(stage, "granted")
    with stage.acting("granted"), pytest.raises(DatabaseError) as refused, transaction.atomic():
        Record.objects.filter(pk=stage.pk).update(data_types=[])
    assert refused.value.__cause__.pgcode == "CP006"


def test_nobody_files_what_their_own_side_is_barred_from(stage: Stage) -> None:
    declared = by_key("aid_request")
    with stage.acting("decider") as actor, pytest.raises(ValidationError) as refused:
        record_file(
            actor, position=actor.positions[0],
            record=declared.model(title="x", data_types=[kind(stage, "beneficiary")]),
        )  # fmt: skip
    assert "data_types" in refused.value.message_dict


def _whole(stage: Stage) -> Any:
    return by_key("aid_request").concrete(stage.record())


def _grant_change(stage: Stage, name: str) -> None:
    RecordUserObjectPermission.objects.create(
        user=stage.cast.people[name], permission=permission_of(Right.CHANGE), content_object_id=stage.pk
    )
