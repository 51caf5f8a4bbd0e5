"""The workflow and the database say the same: a step is taken if, and only if, the declaration allows it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.need_to_know.acting import acting_as
from apps.records.models import Record, Step
from apps.records.registry import RecordType, all_types
from apps.records.services import record_file
from tests.cast.people import Cast

PEOPLE = ["owner", "colleague", "addressee", "decider", "outsider"]
TYPES = all_types()


def steps_of(declared: type[RecordType]) -> Any:
    """A step that the workflow has, or one that it has not."""
    states = [state.code for state in declared.workflow.states]
    names = [step.name for step in declared.workflow.transitions]
    real = st.sampled_from(sorted(edge[:3] for edge in declared.workflow.edges()))
    wild = st.tuples(st.sampled_from(names), st.sampled_from(states), st.sampled_from(states))
    return st.one_of(real, real, real, wild)


class Book:
    """What the declaration alone says about one record: where it stands, who did what."""

    def __init__(self, declared: type[RecordType]) -> None:
        self.edges = {edge[:3]: (edge[3], edge[4]) for edge in declared.workflow.edges()}
        self.state = declared.workflow.initial
        self.duties: dict[str, set[str]] = {"owner": {"requester"}}
        self.other_than = {step.name: step.other_than for step in declared.workflow.transitions}
        self.took_last: dict[str, str] = {}

    def allows(self, person: str, name: str, source: str, target: str) -> bool:
        """Whether that person may take that step now, as far as the database is asked to know."""
        duty, by_clock = self.edges.get((name, source, target), ("", True))
        if by_clock or source != self.state or not source:
            return False
        if self.took_last.get(self.other_than.get(name, "")) == person:
            return False
        return not duty or not self.duties.get(person, set()) - {duty}

    def note(self, person: str, name: str, source: str, target: str) -> None:
        """Move on."""
        duty, _clock = self.edges[name, source, target]
        self.state = target
        self.took_last[name] = person
        if duty:
            self.duties.setdefault(person, set()).add(duty)


def taken(cast: Cast, record: Record, person: str, step: tuple[str, str, str], held: str) -> bool:
    """Write the step past every service; whether the database took it."""
    name, source, target = step
    try:
        with acting_as(cast.people[person], cast.mission):
            Step.objects.create(
                record_id=record.pk,
                name=name,
                from_state=source,
                to_state=target,
                position=cast.positions[held],
            )
    except DatabaseError:
        return False
    return True


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_database_takes_exactly_the_declared_steps(cast: Cast, data: st.DataObject) -> None:
    declared = data.draw(st.sampled_from(TYPES))
    with transaction.atomic():
        with acting_as(cast.people["owner"], cast.mission) as actor:
            record = record_file(actor, record=declared.model(title="A thing", scope="mission"))
        book = Book(declared)
        for _ in range(data.draw(st.integers(3, 10))):
            # Half of the time a step that leaves the present state, so that histories grow long.
            leaving = sorted(edge for edge in book.edges if edge[1] == book.state)
            step = data.draw(
                st.one_of(st.sampled_from(leaving), steps_of(declared)) if leaving else steps_of(declared)
            )
            person = data.draw(st.sampled_from(PEOPLE))
            held = data.draw(st.sampled_from([person, person, person, "owner"]))
            allowed = book.allows(person, *step) and held == person
            assert taken(cast, record, person, step, held) is allowed
            if allowed:
                book.note(person, *step)
            with acting_as(cast.people["outsider"], cast.mission):
                found = Record.objects.get(pk=record.pk)
                assert found.state == book.state
                done = list(
                    Step.objects.filter(record_id=record.pk).exclude(duty="").values_list("actor_id", "duty")
                )
            by_person = {
                actor_id: {duty for who, duty in done if who == actor_id} for actor_id, _duty in done
            }
            assert all(len(duties) == 1 for duties in by_person.values())
        transaction.set_rollback(True)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_other_way_leads_to_a_state(cast: Cast, data: st.DataObject) -> None:
    declared = data.draw(st.sampled_from(TYPES))
    state = data.draw(
        st.sampled_from([s.code for s in declared.workflow.states if s.code != declared.workflow.initial])
    )
    with transaction.atomic():
        with acting_as(cast.people["owner"], cast.mission) as actor:
            record = record_file(actor, record=declared.model(title="A thing", scope="mission"))
            for way in (
                lambda: Record.objects.filter(pk=record.pk).update(state=state),
                lambda: declared.model.objects.filter(pk=record.pk).update(state=state),
                lambda: Record.objects.bulk_update([Record(pk=record.pk, state=state)], ["state"]),
                lambda: Record(
                    mission=cast.mission, type=declared.key, reference="X", title="born late", state=state,
                    originator=record.originator, author=record.author, author_position=record.author_position,
                ).save(),
            ):  # fmt: skip
                with pytest.raises(DatabaseError) as refusal, transaction.atomic():
                    way()
                assert getattr(refusal.value.__cause__, "pgcode", None) == "CP002"
            assert Record.objects.get(pk=record.pk).state == declared.workflow.initial
        transaction.set_rollback(True)
