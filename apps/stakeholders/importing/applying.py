"""Importing a table that was looked through: all of it in the caller's one transaction, or nothing.

Every row is judged anew as it is written. Where that comes out differently from what the person saw, nothing is done.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _

from apps.mission.models import Mission
from apps.mission.vocabulary import EngagementStance, Scope
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.services import record_file, record_update
from apps.records.transitions import refusals, transition
from apps.stakeholders.models import ImportRun, Presence, Stakeholder
from apps.stakeholders.vocabulary import ImportKind, ImportState, RowOutcome

from .judging import Choices, Judge, Judged
from .judging_presence import FIELDS
from .matching import folded
from .organisations import Begun, Known, names_with
from .reading import judge_of

_OTHERS_MOST = 1000


class NoLongerSo(Exception):
    """What would be imported is not what the person looked through."""


class RowsRefused(Exception):
    """Rows are refused, and the person did not ask for the others to be imported."""


def run_apply(actor: Actor, run: ImportRun, *, others: bool) -> None:
    """Write all that the run's table brings. NoLongerSo or RowsRefused, with nothing written, as these say."""
    # WHY: two imports at once would both find an organisation missing.
    Mission.objects.select_for_update(no_key=True).get(pk=actor.mission.pk)
    judge = judge_of(actor, run)
    writer = _Writer(actor, run, judge)
    with refusals():
        for batch in judge.batches():
            writer.write(batch)
        if judge.digest != run.layout.get("digest"):
            raise NoLongerSo
        if judge.counts[RowOutcome.REFUSED.value] and not others:
            raise RowsRefused
    run.counts = dict(judge.counts)
    run.state = ImportState.APPLIED
    run.problem = ""
    run.finished_at = clock.now()
    run.content = b""
    run.save(update_fields=["counts", "state", "problem", "finished_at", "content"])


class _Writer:
    """Writes judged rows. The database refuses what is not the actor's to write."""

    def __init__(self, actor: Actor, run: ImportRun, judge: Judge) -> None:
        self.actor, self.run, self.judge = actor, run, judge
        self.choices: Choices = judge.choices
        self._spelt: set[tuple[int, str]] = set()

    def write(self, batch: list[Judged]) -> None:
        """One batch, in its order."""
        for row in batch:
            if row.begins:
                row.begun.pk = self._begin(row.begun).pk
        if self.judge.layout.kind is ImportKind.PRESENCE:
            self._write_presence(batch)
            return
        for row in batch:
            if row.outcome is RowOutcome.UPDATED:
                self._update_organisation(row)

    def _begin(self, begun: Begun) -> Stakeholder:
        """A file of the person's own; on the register at once where type and side are known, else a draft."""
        label = self.choices.label
        closed = begun.closed or begun.stance == EngagementStance.UNLISTED
        record = Stakeholder(
            title=begun.title, acronym=begun.acronym, other_names=begun.other_names, kind=begun.kind, side=begun.side,
            stance=begun.stance, classification=begun.classification, sensitivity=begun.sensitivity,
            compartments=label.compartments, data_types=label.data_types,
            scope=Scope.PRIVATE if closed else label.scope,
        )  # fmt: skip
        made: Stakeholder = record_file(self.actor, record=record, position=self.run.position)
        if made.kind and made.side:
            self._register(made)
        return made

    def _register(self, stakeholder: Stakeholder) -> None:
        transition(self.actor, record=stakeholder, name="register", data={"scope": stakeholder.scope})

    def _write_presence(self, batch: list[Judged]) -> None:
        made = [self._presence(row) for row in batch if row.outcome is RowOutcome.CREATED]
        Presence.objects.bulk_create(made)
        changed: dict[tuple[str, ...], list[Presence]] = {}
        for row in batch:
            if row.outcome is RowOutcome.UPDATED:
                names = (*(FIELDS[purpose] for purpose in row.changes), "source_key")
                for name in names[:-1]:
                    setattr(row.existing, name, row.values[name])
                row.existing.source_key = row.key
                changed.setdefault(names, []).append(row.existing)
            if row.known is not None and row.writes:
                self._note_spelling(row)
        for names, rows in changed.items():
            # SECURITY: a row that is not the actor's to change is passed over in silence; that must not look like done.
            if Presence.objects.bulk_update(rows, names) != len(rows):
                raise NotPermitted

    def _presence(self, row: Judged) -> Presence:
        fields = {name: row.values[name] for name in FIELDS.values()}
        fields["source"] = fields["source"] or self.choices.source[:200]
        owner = row.known.pk if row.known is not None else row.begun.pk
        return Presence(stakeholder_id=owner, source_key=row.key, **fields)

    def _note_spelling(self, row: Judged) -> None:
        """Keep the spelling that a person said means the organisation, so that nobody is asked again."""
        known: Known = row.known
        if (known.pk, folded(row.name)) in self._spelt:
            return
        self._spelt.add((known.pk, folded(row.name)))
        with_it = names_with(known, row.name)
        if with_it != names_with(known) and len(with_it) <= _OTHERS_MOST:
            stakeholder = Stakeholder.objects.get(pk=known.pk)
            record_update(self.actor, record=stakeholder, changes={"other_names": with_it})
            known.other_names = with_it

    def _update_organisation(self, row: Judged) -> None:
        stakeholder = Stakeholder.objects.get(pk=row.known.pk)
        changes: dict[str, Any] = {
            name: now for name, (_before, now) in row.changes.items() if name != "state"
        }
        record_update(self.actor, record=stakeholder, changes=changes)
        if "state" in row.changes:
            self._register(stakeholder)


def explained(error: Exception) -> str:
    """Why an import could not be carried out, in words; nothing was written."""
    if isinstance(error, NotPermitted):
        return _("You may no longer do this. Nothing was imported.")
    if isinstance(error, DatabaseError):
        return _("The database refused it. Nothing was imported. Try again.")
    return _("Something went wrong. Nothing was imported. Try again.")
