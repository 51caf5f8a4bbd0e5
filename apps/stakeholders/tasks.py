"""Background work of the register: reading and importing tables, and forgetting them. Logs ids, never content."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as
from apps.records.actors import Actor, NoActor
from apps.stakeholders.importing import applying, reading
from apps.stakeholders.importing.table import UnreadableTable
from apps.stakeholders.models import ImportRun
from apps.stakeholders.vocabulary import ImportState

log = logging.getLogger(__name__)

KEPT_DAYS = 7


@shared_task
def import_work(run_id: int, person_id: int, mission_id: int) -> str:
    """Read or import a kept table, acting as its person, in one transaction. Returns the state that it left.

    Safe to run twice or after a worker was killed: the run is locked, and taken up only in a state that waits for it.
    """
    person = User.objects.filter(pk=person_id, is_active=True).first()
    mission = Mission.objects.filter(pk=mission_id).first()
    if person is None or mission is None:
        return ""
    with translation.override(person.language):
        try:
            return _work(run_id, person, mission)
        except NoActor:
            return ""
        except SoftTimeLimitExceeded:
            said = _("It took longer than an import may. Nothing was imported. Bring the table in parts.")
            log.warning("import %s took too long", run_id)
        except ValidationError as error:
            said = " ".join([*error.messages, _("Nothing was imported.")])
        except Exception as error:
            said = applying.explained(error)
            log.exception("import %s failed", run_id)
        return _failed(run_id, person, mission, said)


def _work(run_id: int, person: User, mission: Mission) -> str:
    again = False
    with acting_as(person, mission) as actor:
        run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
        if run is None:
            return ""
        if run.state == ImportState.READING:
            _read(actor, run)
        elif run.state == ImportState.APPLYING:
            again = not _apply(actor, run)
        state = run.state
    if not again:
        return state
    # WHY: what was written is undone by now; the preview is made anew from what holds after that.
    return _work(run_id, person, mission)


def _read(actor: Actor, run: ImportRun) -> None:
    try:
        with transaction.atomic():
            reading.run_read(actor, run)
    except UnreadableTable as error:
        _refuse(run, str(error))


def _apply(actor: Actor, run: ImportRun) -> bool:
    """Whether it was imported, or refused for good; otherwise it waits to be looked through again."""
    try:
        with transaction.atomic():
            applying.run_apply(actor, run, others=bool(run.layout.get("others")))
    except UnreadableTable as error:
        _refuse(run, str(error))
    except (applying.NoLongerSo, applying.RowsRefused):
        run.refresh_from_db()
        run.state = ImportState.READING
        run.layout = {**run.layout, "changed": True}
        run.save(update_fields=["state", "layout"])
        return False
    return True


def _refuse(run: ImportRun, text: str) -> None:
    run.rows.all().delete()
    run.state, run.problem = ImportState.REFUSED, text
    run.save(update_fields=["state", "problem"])


def _failed(run_id: int, person: User, mission: Mission, text: str) -> str:
    with acting_as(person, mission):
        working = ImportRun.objects.filter(pk=run_id, state__in=(ImportState.READING, ImportState.APPLYING))
        working.update(state=ImportState.FAILED, problem=text)
    return ImportState.FAILED


@shared_task
def imports_forget() -> int:
    """Remove tables that were brought some days ago, imported or not; what they brought stays. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stakeholders_imports_forget(make_interval(days => %s))", [KEPT_DAYS])
        return int(cursor.fetchone()[0])
