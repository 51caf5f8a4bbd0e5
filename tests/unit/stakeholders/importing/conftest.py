"""A mission whose register is filled from tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from apps.mission.area_import import import_apply, read_table
from apps.mission.models import Sector
from apps.stakeholders.importing import runs
from apps.stakeholders.importing.marks import Label
from apps.stakeholders.models import ImportRow, ImportRun
from apps.stakeholders.tasks import import_work
from tests.factories.staff import Staff, staff_make
from tests.unit.stakeholders.importing.sample import sample


@pytest.fixture
def staff(db: None) -> Staff:
    """Somebody in every role."""
    return staff_make()


@dataclass
class Desk:
    """Somebody at work on imports; each call is a request, or a task, of its own."""

    staff: Staff
    who: str = "cim"

    def bring(
        self, content: bytes, name: str = "table.csv", label: Label | None = None, **more: Any
    ) -> ImportRun:
        """Upload a table and have it read."""
        with self.staff.acting(self.who) as actor:
            run = runs.run_start(
                actor, name=name, content=content, position=self.staff.positions[self.who],
                label=label or Label(scope="mission"), **more,
            )  # fmt: skip
        self.work(run)
        return self.seen(run)

    def work(self, run: ImportRun) -> str:
        """What the worker does with it."""
        done: str = import_work(run.pk, self.staff.people[self.who].pk, self.staff.mission.pk)
        return done

    def answer(self, run: ImportRun, **answers: str) -> ImportRun:
        """Answer by the text of the question."""
        keys = {question["text"]: question["key"] for question in run.layout["questions"]}
        with self.staff.acting(self.who) as actor:
            runs.run_answer(actor, run=run, answers={keys[text]: said for text, said in answers.items()})
        self.work(run)
        return self.seen(run)

    def confirm(self, run: ImportRun, *, others: bool = False) -> ImportRun:
        """Have it imported."""
        with self.staff.acting(self.who) as actor:
            runs.run_confirm(actor, run=run, others=others)
        self.work(run)
        return self.seen(run)

    def seen(self, run: ImportRun) -> ImportRun:
        """The run as it stands."""
        with self.staff.acting(self.who):
            return ImportRun.objects.get(pk=run.pk)

    def rows(self, run: ImportRun, outcome: str = "") -> list[ImportRow]:
        """Its rows, of one outcome or of all."""
        with self.staff.acting(self.who):
            found = ImportRow.objects.filter(run_id=run.pk)
            return list(found.filter(outcome=outcome) if outcome else found)

    def problems(self, run: ImportRun) -> dict[int, list[list[str]]]:
        """Row -> what is wrong with it, by column."""
        return {row.number: row.problems for row in self.rows(run) if row.problems}

    def count(self, ask: Callable[[], Any]) -> Any:
        """Something that is read while acting."""
        with self.staff.acting(self.who):
            return ask()


@pytest.fixture
def desk(staff: Staff) -> Desk:
    """Of the CIMIC officer."""
    return Desk(staff)


SECTORS = {"HEA": "Health", "WSH": "Water, Sanitation and Hygiene", "EDU": "Education", "FSC": "Food Security",
           "PRO": "Protection", "LOG": "Logistics", "NUT": "Nutrition", "CCM": "Camp Coordination and Management",
           "SHL": "Shelter", "PRO-CPN": "Child Protection", "PRO-GBV": "Gender-Based Violence"}  # fmt: skip


def areas_of(staff: Staff, country: str) -> None:
    """The areas of a country in place of the mission's own, and the sectors of the global clusters."""
    import_apply(read_table(sample(f"{country}_pcodes_adm1_adm2.csv")), staff.mission)
    for code, name in SECTORS.items():
        Sector.objects.update_or_create(mission=staff.mission, code=code, defaults={"name": name})
