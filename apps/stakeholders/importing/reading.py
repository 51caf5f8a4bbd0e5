"""Reading a kept table for its preview: every row judged, and what would become of it kept for its person."""

from __future__ import annotations

from typing import Any

from apps.records.actors import Actor
from apps.stakeholders.models import ImportRow, ImportRun
from apps.stakeholders.vocabulary import ImportState

from . import progress
from .judging import Choices, Judge, Judged
from .marks import Label, mark_of_file, raised
from .purposes import Layout, layout_of
from .table import open_table

_NAME_MOST = 300


def choices_of(run: ImportRun) -> Choices:
    """What the person chose when they brought the table."""
    chosen = run.label
    return Choices(
        Label.kept(chosen), chosen.get("kind", ""), chosen.get("side", "humanitarian"), run.source or run.name
    )


def judge_of(actor: Actor, run: ImportRun) -> Judge:
    """The judging of a run as things stand. UnreadableTable where the file is none, or is marked too high."""
    content = bytes(run.content)
    layout = layout_of(open_table(content), run.label.get("lists", ""))
    choices = choices_of(run)
    choices.label, note = raised(actor, choices.label, mark_of_file(run.name, content, layout))
    run.kind = layout.kind
    run.layout = {**run.layout, **_described(layout, note)}
    told = progress.tell(run.uuid, layout.sheet.about)
    told(0)
    return Judge(actor, layout, choices, run.answers, told)


def run_read(actor: Actor, run: ImportRun) -> None:
    """Judge every row and keep what would become of it; the run is then ready to be looked through."""
    run.rows.all().delete()
    judge = judge_of(actor, run)
    for batch in judge.batches():
        ImportRow.objects.bulk_create(_kept(run, row) for row in batch)
    run.counts = dict(judge.counts)
    run.layout["questions"] = [question.stored() for question in judge.questions.values()]
    run.layout["digest"] = judge.digest
    run.layout["label"] = judge.choices.label.stored()
    run.state = ImportState.READY
    run.problem = ""
    run.save(update_fields=["kind", "layout", "counts", "state", "problem"])


def _described(layout: Layout, note: str) -> dict[str, Any]:
    return {
        "columns": {purpose: layout.titles[at] for purpose, at in layout.columns.items()},
        "unused": list(layout.unused),
        "notes": [*layout.notes, *([note] if note else [])],
        "header": layout.first - 1,
        "tagged": layout.tagged,
        "sheet": layout.sheet.name,
    }


def _kept(run: ImportRun, row: Judged) -> ImportRow:
    marks = {"begins": True} if row.begins else {}
    return ImportRow(
        run=run, number=row.number, outcome=row.outcome, name=row.name[:_NAME_MOST], said=row.said,
        changes=row.changes, problems=row.problems, proposal={**row.proposal, **marks},
    )  # fmt: skip
