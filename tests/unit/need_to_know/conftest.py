"""The cast in a transaction of the test's own, and a record of the owner's."""

from __future__ import annotations

from typing import Any

import pytest

from apps.mission.models import PositionRole
from apps.need_to_know.acting import acting_as
from apps.records.models import Record
from apps.records.registry import by_key
from apps.records.services import record_file
from tests.cast.people import Cast, cast_make


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, with the owner's colleague as the release authority of their organisation."""
    made = cast_make()
    PositionRole.objects.create(position=made.positions["colleague"], role="REL")
    return made


class Stage:
    """Acting as members of the cast on one record."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.pk = 0
        self.reference = ""

    def acting(self, name: str) -> Any:
        """As that person, in the mission."""
        return acting_as(self.cast.people[name], self.cast.mission)

    def file(self, **label: Any) -> Any:
        """A record of the owner's, past its draft, so that its label is the release authority's."""
        with self.acting("owner") as actor:
            made = record_file(actor, record=by_key("aid_request").model(title="A thing", **label))
        self.pk, self.reference = made.pk, made.reference
        return made

    def record(self) -> Record:
        """The record as the one who acts reads it; DoesNotExist otherwise."""
        return Record.objects.get(pk=self.pk)

    def reads(self, name: str) -> bool:
        """Whether that person finds the record."""
        with self.acting(name):
            return Record.objects.filter(pk=self.pk).exists()


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """Acting on a record that the owner filed: the organisation's."""
    made = Stage(cast)
    made.file(scope="organisation")
    return made
