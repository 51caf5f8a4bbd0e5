"""What an assumption rests on: a record, and which of its states break it. Reads only."""

from __future__ import annotations

from typing import Any

from apps.joint_plans.vocabulary import Watch
from apps.records.models import Record
from apps.records.workflow import Outcome


def watched_record(assumption: Any, *, reference: str = "", mission_id: int = 0) -> Record | None:
    """The record on which an assumption rests, or one by its reference; None for one that the actor may not read."""
    if reference:
        return Record.objects.filter(reference__iexact=reference, mission_id=mission_id).first()
    uuid = getattr(assumption, "watched", None)
    return Record.objects.filter(uuid=uuid).first() if uuid else None


def broken_in(record: Record, watch: str) -> list[str]:
    """The states of a record that break what rests on it."""
    states = record.record_type.workflow.states
    if watch == Watch.FAILS:
        return [state.code for state in states if state.outcome is Outcome.FAILURE]
    if watch == Watch.ENDS:
        return [state.code for state in states if state.outcome is not Outcome.OPEN]
    return [state.code for state in states if state.code != record.state]
