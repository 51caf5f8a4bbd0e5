"""What an import would do, row by row, with the reason for every refusal. Writes nothing.

Rows are judged as they are read, some hundred at a time, so that a long table needs no more memory than a short one.
The same judging serves the preview and, with the same answers, the import itself.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.records.actors import Actor
from apps.stakeholders.vocabulary import ImportKind, RowOutcome

from .marks import Holdings, Label
from .organisations import Organisations
from .places import Asked, Places
from .purposes import Layout
from .sectors import Sectors

BATCH = 500
#: How many questions are kept for one import; the rest is asked when these are answered.
MOST_QUESTIONS = 300
WAITING = "waiting"


@dataclass(slots=True)
class Judged:
    """One row: what becomes of it, and what is written if it is imported.

    `said` is shown to people, by the column's purpose; `values` are fields of the table it goes to.
    """

    number: int
    outcome: RowOutcome = RowOutcome.UNCHANGED
    name: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)
    proposal: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    known: Any = None
    begun: Any = None
    begins: bool = False
    key: str = ""
    existing: Any = None

    def refuse(self, column: str, text: str) -> None:
        """Note why it is refused, and in which column."""
        self.outcome = RowOutcome.REFUSED
        self.problems.append([column, text])

    def skip(self, text: str) -> None:
        """Leave it out, and say why."""
        self.outcome = RowOutcome.SKIPPED
        self.problems.append(["", text])

    @property
    def writes(self) -> bool:
        """Whether importing it changes anything."""
        return self.outcome in (RowOutcome.CREATED, RowOutcome.UPDATED)


@dataclass
class Question:
    """A name about which a person is asked. `holds`: the rows that name it are left out until it is answered."""

    kind: str
    asked: Asked
    holds: bool
    rows: int = 0

    def stored(self) -> dict[str, Any]:
        """As a run keeps it."""
        return {
            "kind": self.kind, "key": self.asked.key, "text": self.asked.text, "rows": self.rows,
            "holds": self.holds, "options": [list(option) for option in self.asked.options],
        }  # fmt: skip


@dataclass
class Choices:
    """What the person chose for the whole import: the label, and what the table leaves unsaid."""

    label: Label
    kind: str = ""
    side: str = "humanitarian"
    source: str = ""


class Judge:
    """Judges the rows of a table for somebody; see `rows`. Counts, questions and the digest are whole at the end."""

    def __init__(
        self, actor: Actor, layout: Layout, choices: Choices, answers: Mapping[str, str],
        progress: Callable[[int], None] = lambda done: None,
    ) -> None:  # fmt: skip
        self.actor, self.layout, self.choices, self.progress = actor, layout, choices, progress
        self.organisations = Organisations.of(actor, answers)
        self.places = Places.of(actor.mission, answers)
        self.sectors = Sectors.of(actor.mission, answers)
        self.holdings = Holdings.of(choices.label)
        self.counts: Counter[str] = Counter()
        self.questions: dict[str, Question] = {}
        self.seen: dict[bytes, int] = {}
        self._digest = hashlib.sha256()

    def batches(self) -> Iterator[list[Judged]]:
        """The rows in their order, judged, BATCH at a time."""
        from .judging_organisations import OrganisationRows
        from .judging_presence import PresenceRows

        kind = PresenceRows if self.layout.kind is ImportKind.PRESENCE else OrganisationRows
        rules: Any = kind(self)
        done, batch = 0, list[Judged]()
        for number, cells in self.layout.rows():
            row = Judged(number)
            if self.layout.is_head(cells):
                row.skip(_("The row only says the header once more."))
            else:
                rules.read(row, cells)
            batch.append(row)
            if len(batch) == BATCH:
                done += len(batch)
                yield self._settled(rules, batch)
                self.progress(done)
                batch = []
        if batch:
            yield self._settled(rules, batch)
        self.progress(done + len(batch))

    def _settled(self, rules: Any, batch: list[Judged]) -> list[Judged]:
        rules.compare([row for row in batch if row.outcome not in (RowOutcome.REFUSED, RowOutcome.SKIPPED)])
        for row in batch:
            self.counts[row.outcome.value] += 1
            if row.proposal.get("holds"):
                self.counts[WAITING] += 1
            if row.begins:
                self.counts["organisations"] += 1
            about = [row.number, row.outcome.value, row.changes, row.problems, row.known and row.known.uuid]
            self._digest.update(json.dumps(about, default=str).encode())
        return batch

    @property
    def digest(self) -> str:
        """Stands for all that was judged: another one means that something would become different."""
        return self._digest.hexdigest()

    def ask(self, row: Judged, kind: str, asked: Asked, *, holds: bool) -> None:
        """Note a question; with `holds` the row is left out until it is answered."""
        question = self.questions.get(asked.key)
        if question is None and len(self.questions) < MOST_QUESTIONS:
            question = self.questions[asked.key] = Question(kind, asked, holds)
        if question is not None:
            question.rows += 1
        if holds:
            row.proposal = {"key": asked.key, "kind": kind, "holds": True}
            names = "; ".join(label for _value, label in asked.options[:3])
            row.skip(
                _("“%(name)s” resembles %(names)s. Say which is meant.")
                % {"name": asked.text, "names": names}
            )

    def repeats(self, row: Judged, *parts: str) -> bool:
        """Whether an earlier row said the same; if so, the row is skipped."""
        key = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).digest()
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            row.skip(_("Repeats row %(row)d.") % {"row": first})
        return first != row.number
