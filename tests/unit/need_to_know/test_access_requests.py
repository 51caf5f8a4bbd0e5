"""Asking by reference: the same answer for what exists and what does not, at every moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.need_to_know.access_requests import (
    access_ask,
    access_decide,
    access_requests_of,
    access_requests_to_decide,
    access_withdraw,
    state_of,
)
from apps.need_to_know.models import AccessRequest, AccessRequestTarget
from apps.records.errors import NotPermitted, StaleRecord
from tests.unit.need_to_know.conftest import Stage

NOWHERE = "RFA-2026-00000"


def ask(stage: Stage, reference: str, by: str = "outsider", **more: Any) -> AccessRequest:
    said = {
        "wanted": "full",
        "purpose": "A convoy passes there.",
        "until": timezone.now() + timedelta(days=2),
    }
    with stage.acting(by) as actor:
        return access_ask(actor, reference=reference, **{**said, **more})


def decide(stage: Stage, given: str, by: str = "colleague", **more: Any) -> None:
    with stage.acting(by) as actor:
        access_decide(actor, target=access_requests_to_decide(actor).get(), given=given, **more)


def seen(stage: Stage, request: AccessRequest) -> dict[str, Any]:
    """All that the asker's own queries tell of a request, without its own identity."""
    with stage.acting("outsider"):
        row = AccessRequest.objects.filter(pk=request.pk).values().get()
        targets = AccessRequestTarget.objects.count()
    hidden = {"id", "uuid", "asked_at", "lapses_at", "reference", "until"}
    return {key: value for key, value in row.items() if key not in hidden} | {"targets": targets}


def test_met_unknown_and_refused_look_alike(stage: Stage) -> None:
    with CaptureQueriesContext(connection) as first:
        met = ask(stage, stage.reference.lower())
    with CaptureQueriesContext(connection) as second:
        unknown = ask(stage, NOWHERE)
    assert len(first) == len(second)
    assert seen(stage, met) == seen(stage, unknown)
    decide(stage, "", remark="Not theirs to know.")
    assert seen(stage, met) == seen(stage, unknown)
    with stage.acting("outsider"):
        assert [state_of(r) for r in AccessRequest.objects.all()] == ["open", "open"]


def test_full_access_opens_it_for_the_time_asked_and_no_longer(stage: Stage) -> None:
    request = ask(stage, stage.reference)
    decide(stage, "full", until=timezone.now() + timedelta(days=30), answer="Mind the detour.")
    assert stage.reads("outsider")
    with stage.acting("outsider") as actor:
        mine = access_requests_of(actor).get()
        assert state_of(mine) == "given"
        assert mine.answer.endswith("Mind the detour.")
    with stage.acting("colleague"):
        grant = stage.record().group_grants.get()
        assert grant.expires_at == request.until
        assert grant.reason == "A convoy passes there."
    with stage.acting("colleague") as actor:
        assert not access_requests_to_decide(actor).exists()


def test_existence_tells_whom_to_speak_to_and_opens_nothing(stage: Stage) -> None:
    ask(stage, stage.reference, wanted="existence")
    with pytest.raises(ValidationError):
        decide(stage, "existence")
    decide(stage, "existence", answer="Speak to the focal point.")
    assert not stage.reads("outsider")


def test_a_summary_is_given_as_a_record_of_its_own(stage: Stage) -> None:
    source, reference = stage.pk, stage.reference
    ask(stage, reference, wanted="summary")
    with pytest.raises(ValidationError):
        decide(stage, "summary")
    summary = stage.file(scope="organisation")
    decide(stage, "summary", release=summary)
    assert stage.reads("outsider")
    stage.pk = source
    assert not stage.reads("outsider")


def test_only_who_may_give_decides_and_once(stage: Stage) -> None:
    ask(stage, stage.reference)
    for name in (
        "owner",
        "addressee",
        "auditor",
        "outsider",
    ):  # the filing position is no release authority here
        with stage.acting(name) as actor:
            assert not access_requests_to_decide(actor).exists(), name
    with stage.acting("colleague") as actor:
        target = access_requests_to_decide(actor).get()
    with stage.acting("owner") as actor, pytest.raises(ObjectDoesNotExist):
        access_decide(actor, target=target, given="existence", answer="x")
    decide(stage, "existence", answer="x")
    with stage.acting("colleague") as actor, pytest.raises(StaleRecord):
        access_decide(actor, target=target, given="full")


def test_the_author_asks_to_let_somebody_else_in(stage: Stage) -> None:
    ask(stage, stage.reference, by="owner", reader=stage.cast.positions["outsider"])
    decide(stage, "full")
    assert stage.reads("outsider")


def test_the_author_of_a_private_record_shows_it_to_the_release_authority_by_asking(stage: Stage) -> None:
    stage.file(scope="private")
    assert not stage.reads("colleague")
    ask(stage, stage.reference, by="owner", reader=stage.cast.positions["outsider"])
    assert stage.reads("colleague")
    assert not stage.reads("outsider")
    decide(stage, "full")
    assert stage.reads("outsider")


def test_a_private_record_is_decided_on_by_its_release_authority_too(stage: Stage) -> None:
    stage.file(scope="private")
    ask(stage, stage.reference)
    decide(stage, "full")
    assert stage.reads("outsider")


def test_a_request_is_withdrawn_by_the_asker_alone(stage: Stage) -> None:
    request = ask(stage, stage.reference)
    with stage.acting("owner") as actor, pytest.raises(NotPermitted):
        access_withdraw(actor, request=request)
    with stage.acting("outsider") as actor:
        access_withdraw(actor, request=request)
        request.refresh_from_db()
        assert state_of(request) == "withdrawn"
    with stage.acting("colleague") as actor:
        assert not access_requests_to_decide(actor).exists()


def test_trying_references_one_after_another_is_stopped(stage: Stage) -> None:
    for number in range(20):
        ask(stage, f"RFA-2026-{number:05}")
    for reference in (stage.reference, NOWHERE):
        with pytest.raises(ValidationError) as refused:
            ask(stage, reference)
        assert "reference" in refused.value.message_dict


@pytest.mark.parametrize(
    ("field", "bad"),
    [("reference", " "), ("reference", "R" * 31), ("purpose", " "), ("wanted", "all"),
     ("until", timezone.now() - timedelta(days=1))],
)  # fmt: skip
def test_bad_input_has_its_message(stage: Stage, field: str, bad: Any) -> None:
    said = {"reference": stage.reference, field: bad}
    with pytest.raises(ValidationError) as refused:
        ask(stage, said.pop("reference"), **said)
    assert field in refused.value.message_dict


def test_nothing_of_it_is_written_by_hand(stage: Stage) -> None:
    request = ask(stage, stage.reference)
    for sql in (
        f"UPDATE need_to_know_accessrequest SET given = 'full' WHERE id = {request.pk}",
        f"INSERT INTO need_to_know_accessrequesttarget (request_id, record_id) VALUES ({request.pk}, {stage.pk})",
        "DELETE FROM need_to_know_accessrequest",
    ):
        for name in ("outsider", "colleague"):
            with (
                stage.acting(name),
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)
