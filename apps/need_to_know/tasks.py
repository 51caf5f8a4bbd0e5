"""The portal acts by itself: steps of records whose moment has come. Logs ids, never content."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import DatabaseError, connection

from apps.need_to_know.acting import acting_as_clock
from apps.records import clock
from apps.records.errors import RecordError
from apps.records.models import Record
from apps.records.transitions import transition

log = logging.getLogger(__name__)

BATCH = 200
_LOCK = 0x52454331  # one sweep at a time, in whatever process


@shared_task  # type: ignore[untyped-decorator]
def clocks_sweep() -> dict[str, int]:
    """Take every automatic step that is due. Safe to run twice, late, or in two processes at once.

    Each record is its own transaction: one that fails is logged by its id and does not stop the others.
    Returns how many steps were taken and how many failed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return {"taken": 0, "failed": 0}
    try:
        return _sweep()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _sweep() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_id FROM records_due(%s)", [BATCH])
        due = [row[0] for row in cursor.fetchall()]
    counted = {"taken": 0, "failed": 0}
    for record_id in due:
        try:
            take_due_step(record_id)
        except (RecordError, DatabaseError, LookupError) as error:
            log.warning("clock step failed: record %s, %s", record_id, type(error).__name__)
            counted["failed"] += 1
        except Exception:
            log.exception("clock step failed: record %s", record_id)
            counted["failed"] += 1
        else:
            counted["taken"] += 1
    return counted


def take_due_step(record_id: int) -> None:
    """Take the step that is due on one record; where its moment has moved since, set the clock anew instead.

    A database error when nothing is due; RecordError when the workflow refuses.
    """
    with acting_as_clock(record_id) as actor:
        bare = Record.objects.get(pk=record_id)
        record = bare.record_type.concrete(bare)
        workflow = record.record_type.workflow
        following = workflow.next_automatic(record, record.state)
        moved = following is None or following[0] > clock.now()
        name = workflow.resets_clock if moved and workflow.resets_clock else record.auto_step
        transition(actor, record=record, name=name)
