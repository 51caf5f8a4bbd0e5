"""Services of imports: bringing a table, answering what is asked, importing, discarding. The work itself is a task's.

A run is its person's alone; the database answers everybody else as if there were none.
"""

from __future__ import annotations

import hashlib
import logging
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.records.actors import Actor
from apps.records.errors import IllegalTransition
from apps.records.models import Record
from apps.records.protected import floor_check
from apps.records.services import label_check
from apps.stakeholders.models import ImportRun, Stakeholder
from apps.stakeholders.vocabulary import ImportState

from . import progress
from .marks import Label

log = logging.getLogger(__name__)

#: Runs that one person may have at a time; older ones are removed by the sweep, or by hand.
MOST_RUNS = 20
_NAME_MOST = 180
_WORKING = (ImportState.READING, ImportState.APPLYING)


def runs_of(actor: Actor) -> Any:
    """The actor's own runs in this mission, the newest first, without the files themselves."""
    return ImportRun.objects.defer("content").order_by("-created_at", "-pk")


def run_start(
    actor: Actor, *, name: str, content: bytes, position: Position, label: Label, kind: str = "", side: str = "",
    source: str = "", lists: str = "",
) -> ImportRun:  # fmt: skip
    """Keep a table and have it read. ValidationError by field for a label that the actor may not give."""
    if position.pk not in actor.position_ids:
        raise ValidationError({"position": [_("You do not hold this position now.")]})
    if ImportRun.objects.count() >= MOST_RUNS:
        text = _("You keep %(most)d imports already. Remove one of them first.")
        raise ValidationError(text % {"most": MOST_RUNS})
    _check_label(actor, label, position)
    assert actor.user is not None
    run = ImportRun(
        mission=actor.mission, person=actor.user, position=position, name=name[-_NAME_MOST:], content=content,
        sha256=hashlib.sha256(content).hexdigest(), source=source,
        label={**label.stored(), "kind": kind, "side": side or "humanitarian", "lists": lists},
    )  # fmt: skip
    run.save()
    _ask_for(run, actor)
    return run


def _check_label(actor: Actor, label: Label, position: Position) -> None:
    record: Record = Stakeholder(
        mission=actor.mission, type="stakeholder", state="draft", originator=position.organisation, **label.stored()
    )  # fmt: skip
    label_check(actor, record)
    floor_check(record)


def run_answer(actor: Actor, *, run: ImportRun, answers: dict[str, str]) -> None:
    """Take the person's answers and have the table read again with them."""
    held = _locked(run, ImportState.READY)
    held.answers = {**held.answers, **answers}
    held.state = ImportState.READING
    held.save(update_fields=["answers", "state"])
    _ask_for(held, actor)


def run_confirm(actor: Actor, *, run: ImportRun, others: bool) -> None:
    """Have it imported. ValidationError where rows are refused and the others were not asked for."""
    held = _locked(run, ImportState.READY)
    if held.counts.get("refused") and not others:
        text = _(
            "Rows are refused. Say that the others shall be imported, or mend the table and bring it again."
        )
        raise ValidationError({"others": [text]})
    held.layout = {**held.layout, "others": others}
    held.state = ImportState.APPLYING
    held.save(update_fields=["layout", "state"])
    _ask_for(held, actor)


def run_again(actor: Actor, *, run: ImportRun) -> None:
    """Have a table read again whose reading or import failed."""
    held = _locked(run, ImportState.FAILED)
    held.state, held.problem = ImportState.READING, ""
    held.save(update_fields=["state", "problem"])
    _ask_for(held, actor)


def run_discard(actor: Actor, *, run: ImportRun) -> None:
    """Remove the run with its file; what was imported stays. IllegalTransition while it is being imported."""
    held = ImportRun.objects.select_for_update().defer("content").get(pk=run.pk)
    if held.state == ImportState.APPLYING:
        raise IllegalTransition
    held.rows.all().delete()
    held.delete()


def run_nudge(actor: Actor, *, run: ImportRun) -> None:
    """Ask again for a run that should be worked on and of which nothing was heard; doing it twice does it once."""
    if run.state in _WORKING and progress.silent(run.uuid):
        _ask_for(run, actor)


def _locked(run: ImportRun, state: ImportState) -> ImportRun:
    """The run, locked, in that state; IllegalTransition where it has left it."""
    held = ImportRun.objects.select_for_update().defer("content").get(pk=run.pk)
    if held.state != state:
        raise IllegalTransition
    return held


def _ask_for(run: ImportRun, actor: Actor) -> None:
    """Have a worker take it up once this is committed. Without a broker it is asked for again by its page."""
    assert actor.user_id is not None
    transaction.on_commit(partial(_send, run.pk, actor.user_id, run.mission_id))


def _send(run_id: int, person_id: int, mission_id: int) -> None:
    from apps.stakeholders.tasks import import_work

    try:
        import_work.apply_async((run_id, person_id, mission_id), retry=False)
    except Exception as error:
        log.warning("the broker is away: import %s waits (%s)", run_id, type(error).__name__)
