"""Whatever is drawn, relabelled, signed and raised, in whatever order: no unsigned label is below its sources."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.mission.models import PositionRole
from apps.need_to_know.acting import acting_as
from apps.need_to_know.checking import content_differences
from apps.records.errors import RecordError
from apps.records.models import Record
from apps.records.services import record_file
from apps.releases.models import Derivation, Release, Signature
from apps.releases.services import derive
from tests.cast.people import Cast

RECORDS = 4
SCOPES = ("private", "organisation", "mission")
LABEL = st.fixed_dictionaries(
    {
        "classification": st.integers(0, 1),
        "sensitivity": st.integers(0, 3),
        "scope": st.sampled_from(SCOPES),
        "blue": st.booleans(),
    }
)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("draw"), st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1)),
        st.tuples(st.just("label"), st.integers(0, RECORDS - 1), LABEL),
        st.tuples(st.just("sign"), st.integers(0, RECORDS - 1), LABEL, st.sampled_from(["", "harmless"])),
    ),
    max_size=14,
)


def columns(cast: Cast, label: dict[str, Any]) -> dict[str, Any]:
    """A label as columns."""
    made = {name: label[name] for name in ("classification", "sensitivity", "scope")}
    return made | {"compartments": [cast.compartment.pk] if label["blue"] else []}


def protects(high: Any, low: Any) -> bool:
    """The rule in plain words: no part of `high` is weaker than that part of `low`."""
    return (
        high.classification >= low.classification
        and high.sensitivity >= low.sensitivity
        and set(high.compartments) >= set(low.compartments)
        and set(high.data_types) >= set(low.data_types)
        and SCOPES.index(high.scope) <= SCOPES.index(low.scope)
    )


def act(cast: Cast, actor: Any, made: list[int], step: tuple[Any, ...]) -> None:
    """One attempt, by services or by a careless statement; a refusal leaves everything as it was."""
    try:
        with transaction.atomic():
            if step[0] == "draw":
                derived, source = (Release.objects.get(pk=made[number]) for number in step[1:3])
                derive(actor, derived=derived, source=source)
            elif step[0] == "label":
                Record.objects.filter(pk=made[step[1]]).update(**columns(cast, step[2]))
            else:
                Signature.objects.create(
                    release_id=made[step[1]], reason=step[3], position=cast.positions["owner"],
                    **columns(cast, step[2]),
                )  # fmt: skip
    except (DatabaseError, RecordError, ValidationError):
        pass


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_i10_no_sequence_brings_an_unsigned_label_below_its_sources(cast: Cast, acts: list[Any]) -> None:
    with transaction.atomic():
        PositionRole.objects.create(position=cast.positions["owner"], role="REL")
        with acting_as(cast.people["owner"], cast.mission) as actor:
            made = [
                record_file(actor, record=Release(title=f"Record {number}", summary="x")).pk
                for number in range(RECORDS)
            ]
            for step in acts:
                act(cast, actor, made, step)
                for derivation in Derivation.objects.select_related("derived", "source"):
                    signed = (
                        Signature.objects.filter(release_id=derivation.derived_id).order_by("-pk").first()
                    )
                    floor = derivation.source if signed is None else signed
                    assert protects(derivation.derived, floor), (step, derivation)
                    if signed is not None and not signed.reason:
                        later = derivation.raised_at is not None
                        assert later or protects(signed, derivation.source), (step, derivation)
            assert Record.objects.count() >= RECORDS
        assert content_differences() == []
        transaction.set_rollback(True)
