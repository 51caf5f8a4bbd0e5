"""Invariant I10: a derived record's label is at least that of its sources unless a release authority signed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.db import transaction as database
from django.test import Client
from django.urls import reverse

from apps.aid_requests.models import AidRequest
from apps.mission.models import Compartment, DataType
from apps.need_to_know.grants import grant_give
from apps.records.errors import NotPermitted
from apps.records.models import Record
from apps.records.services import record_update
from apps.records.transitions import refusals
from apps.releases.labels import Label, highest, label_of
from apps.releases.models import Derivation, Release, Signature
from apps.releases.selectors import is_raised
from apps.releases.services import derive
from tests.factories.aid_requests import request_file
from tests.factories.releases import LOWER, now, release_from, signed_release, step
from tests.factories.staff import Staff

LOWERINGS: tuple[dict[str, Any], ...] = (
    {"classification": 0}, {"sensitivity": 1}, {"scope": "mission"}, {"data_types": []}, {"compartments": []},
)  # fmt: skip


def refused(statement: Any) -> str:
    """The code with which the database refuses."""
    with pytest.raises(DatabaseError) as caught, database.atomic():
        statement()
    return str(caught.value.__cause__.pgcode)  # type: ignore[union-attr]


@pytest.fixture
def heavy(staff: Staff) -> AidRequest:
    """A source that carries something in every part of its label."""
    compartment = Compartment.objects.create(mission=staff.mission, code="blue", name="Blue")
    for name in ("req", "rel", "req_colleague"):
        staff.positions[name].compartments.add(compartment)
    kind = DataType.objects.get(mission=staff.mission, code="beneficiary")
    return request_file(
        staff, classification=1, sensitivity=2, compartments=[compartment.pk], data_types=[kind.pk]
    )


def test_labels_are_compared_part_by_part() -> None:
    low = Label(0, 1, frozenset(), frozenset(), "mission")
    high = Label(1, 2, frozenset({3}), frozenset({4}), "private")
    assert low.below(high) == ["classification", "sensitivity", "compartments", "data_types", "scope"]
    assert high.below(low) == []
    one, other = (
        Label(1, 0, frozenset({1}), frozenset(), "mission"),
        Label(0, 3, frozenset({2}), frozenset({9}), "organisation"),
    )
    assert highest([one, other]) == Label(1, 3, frozenset({1, 2}), frozenset({9}), "organisation")
    assert highest([]) is None


def test_i10_a_draft_begins_with_its_sources_label(staff: Staff, heavy: AidRequest) -> None:
    release = release_from(staff, heavy, **LOWER)
    with staff.acting("req"):
        assert label_of(now(release)) == label_of(Record.objects.get(pk=heavy.pk))


@pytest.mark.parametrize("change", LOWERINGS)
def test_i10_an_unsigned_label_is_not_lowered_by_any_way(
    staff: Staff, heavy: AidRequest, change: dict[str, Any]
) -> None:
    release = release_from(staff, heavy)
    with staff.acting("req") as actor:
        with pytest.raises(ValidationError) as caught:
            record_update(actor, record=now(release), changes=change)
        assert set(caught.value.message_dict) == set(change)
        assert refused(lambda: Release.objects.filter(pk=release.pk).update(**change)) == "CP006"
        with connection.cursor() as cursor:
            name, value = next(iter(change.items()))
            statement = f"UPDATE records_record SET {name} = %s WHERE id = %s"
            if isinstance(value, list):
                statement = statement.replace("%s", "%s::integer[]", 1)
            assert refused(lambda: cursor.execute(statement, [value, release.pk])) == "CP006"


def test_i10_a_second_source_raises_the_label(staff: Staff, heavy: AidRequest) -> None:
    light = request_file(staff, classification=0, sensitivity=0, scope="mission")
    release = release_from(staff, light)
    with staff.acting("req") as actor:
        assert now(release).classification == 0
        derive(actor, derived=now(release), source=Record.objects.get(pk=heavy.pk))
        assert label_of(now(release)) == label_of(Record.objects.get(pk=heavy.pk))


def test_i10_a_source_raised_raises_its_drafts_and_flags_what_is_out(staff: Staff) -> None:
    source = request_file(staff, classification=0, sensitivity=1, scope="mission")
    draft, out = release_from(staff, source), signed_release(staff, source)
    with staff.acting("req") as actor:
        record_update(
            actor,
            record=AidRequest.objects.get(pk=source.pk),
            changes={"classification": 1, "scope": "organisation"},
        )
        assert (now(draft).classification, now(draft).scope) == (1, "organisation")
        assert now(out).classification == 0
        assert is_raised(out)
        assert not is_raised(draft)
    step(staff, out, "rel", "sign_again", **LOWER, reason="Still harmless")
    with staff.acting("req"):
        assert not is_raised(out)


def test_i10_a_signature_lowers_the_label_with_a_reason(staff: Staff, heavy: AidRequest) -> None:
    release = step(staff, release_from(staff, heavy), "req", "submit")
    with pytest.raises(ValidationError, match="reason"):
        step(staff, release, "rel", "sign", **LOWER)
    out = step(staff, release, "rel", "sign", **LOWER, reason="Names and places taken out")
    assert (out.state, out.classification, out.scope, out.data_types) == ("released", 0, "mission", [])
    with staff.acting("unit"):
        assert now(release).summary == out.summary
        assert not Record.objects.filter(pk=heavy.pk).exists()


def test_i10_what_was_signed_is_the_floor_from_then_on(staff: Staff, source: AidRequest) -> None:
    out = signed_release(staff, source, sensitivity=2)
    with staff.acting("req"):
        assert refused(lambda: Release.objects.filter(pk=out.pk).update(sensitivity=1)) == "CP006"
        assert Release.objects.filter(pk=out.pk).update(sensitivity=3) == 1


@pytest.mark.parametrize("who", ["req", "req_colleague", "rel_elsewhere", "cmc"])
def test_i10_nobody_else_signs(staff: Staff, source: AidRequest, who: str) -> None:
    release = step(staff, release_from(staff, source), "req", "submit")
    with staff.acting(who):

        def sign() -> None:
            Signature.objects.create(
                release_id=release.pk, position=staff.positions[who], reason="because", **LOWER
            )

        assert refused(sign) in ("CP006", "42501")


def test_i10_the_database_wants_the_reason_too(staff: Staff, source: AidRequest) -> None:
    release = step(staff, release_from(staff, source), "req", "submit")
    with staff.acting("rel"):

        def sign() -> None:
            Signature.objects.create(
                release_id=release.pk, position=staff.positions["rel"], reason=" ", **LOWER
            )

        assert refused(sign) == "CP006"


def test_i10_nobody_signs_for_what_they_may_not_read(staff: Staff, heavy: AidRequest) -> None:
    staff.positions["rel"].compartments.clear()
    release = release_from(staff, heavy)
    with staff.acting("rel"):
        assert not Release.objects.filter(pk=release.pk).exists()


def test_i10_an_unsigned_release_is_shared_with_nobody(staff: Staff, source: AidRequest) -> None:
    release = release_from(staff, source)
    with staff.acting("rel") as actor, pytest.raises(NotPermitted), refusals():
        grant_give(actor, record=now(release), to=staff.positions["cmc"], reason="asked for it")
    out = step(staff, step(staff, release, "req", "submit"), "rel", "sign",
               **LOWER | {"scope": "organisation"}, reason="Nothing left to hide")  # fmt: skip
    with staff.acting("cmc"):
        assert not Release.objects.filter(pk=out.pk).exists()
    with staff.acting("rel") as actor:
        grant_give(actor, record=now(out), to=staff.positions["cmc"], reason="asked for it")
    with staff.acting("cmc"):
        assert now(out).summary
        assert not Record.objects.filter(pk=source.pk).exists()


def test_i10_a_derivation_is_seen_from_both_ends_or_not_at_all(staff: Staff, source: AidRequest) -> None:
    out = signed_release(staff, source)
    with staff.acting("req_colleague"):
        assert Derivation.objects.filter(derived_id=out.pk, source_id=source.pk).exists()
    with staff.acting("cmc"):
        assert now(out)
        assert not Derivation.objects.exists()
        assert not Signature.objects.exists()
    with staff.acting("req"):
        assert Signature.objects.get().reason


def test_i10_one_release_has_one_originator(staff: Staff, source: AidRequest) -> None:
    theirs = request_file(staff, by="req_elsewhere", scope="mission")
    release = release_from(staff, source)
    with staff.acting("req") as actor:
        with pytest.raises(ValidationError, match="another organisation"):
            derive(actor, derived=now(release), source=Record.objects.get(pk=theirs.pk))
        assert refused(
            lambda: Derivation.objects.create(derived_id=release.pk, source_id=theirs.pk, actor=actor.user)
        )


def test_i10_a_circle_of_sources_is_refused(staff: Staff, source: AidRequest) -> None:
    one = release_from(staff, source)
    with staff.acting("req") as actor:
        second = Release(title="second", summary="x")
    other = release_from(staff, one)
    with staff.acting("req") as actor:
        assert second.pk is None
        with pytest.raises(NotPermitted):
            derive(actor, derived=now(one), source=Record.objects.get(pk=other.pk))


def test_i10_a_program_signs_with_codes(staff: Staff, heavy: AidRequest) -> None:
    release = step(staff, release_from(staff, heavy), "req", "submit")
    client = Client()
    client.force_login(staff.people["rel"], backend="allauth.account.auth_backends.AuthenticationBackend")
    offers = client.get(reverse("api:release:transitions", kwargs={"uuid": release.uuid})).json()
    sign = next(each for each in offers["results"] if each["name"] == "sign")
    choices = {field["name"]: field.get("choices", []) for field in sign["fields"]}
    assert [each["value"] for each in choices["compartments"]] == ["blue"]
    assert [each["value"] for each in choices["data_types"]] == ["beneficiary"]
    address = reverse("api:release:transition", kwargs={"uuid": release.uuid, "name": "sign"})
    label = {"classification": 1, "sensitivity": 2, "scope": "organisation", "compartments": ["blue"]}
    assert client.post(address, label, "application/json").status_code == 400
    done = client.post(address, label | {"reason": "No people in it any more"}, "application/json")
    assert done.status_code in (200, 201), done.content
    with staff.acting("req"):
        assert (now(release).data_types, len(now(release).compartments)) == ([], 1)
