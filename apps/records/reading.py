"""Which restricted records, and which restricted rows of records, were loaded while somebody acts.

Collected where rows become objects, so that no view can forget it; what is done with it is `need_to_know`'s matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apps.mission.vocabulary import Classification, Sensitivity

if TYPE_CHECKING:
    from apps.records.models import Record

_CONFIDENTIAL = int(Classification.CONFIDENTIAL)


@dataclass
class Loaded:
    """Ids of restricted records; and of records with restricted rows of their own, with the highest label of these."""

    records: set[int] = field(default_factory=set)
    rows: dict[int, int] = field(default_factory=dict)

    def labels(self) -> dict[int, int]:
        """By record the highest classification of its rows, 0 where none is known: what there is to be logged."""
        return {**dict.fromkeys(self.records, 0), **self.rows}


_loaded: ContextVar[Loaded | None] = ContextVar("loaded", default=None)


@contextmanager
def collecting() -> Iterator[Loaded]:
    """Within, what is restricted and is loaded is noted in what is given."""
    found = Loaded()
    token = _loaded.set(found)
    try:
        yield found
    finally:
        _loaded.reset(token)


def note_loaded(record_id: int, classification: int | None, sensitivity: int | None) -> None:
    """Note that a record was loaded; one whose label was left out counts as restricted until the database says."""
    found = _loaded.get()
    if found is not None and is_restricted(classification, sensitivity):
        found.records.add(record_id)


def note_rows(record_id: int, classifications: Iterable[int | None]) -> None:
    """Note that rows of a record with labels of their own were loaded; one whose label was left out is CONFIDENTIAL."""
    found = _loaded.get()
    if found is None:
        return
    highest = max((_CONFIDENTIAL if each is None else each for each in classifications), default=0)
    if highest >= _CONFIDENTIAL:
        found.rows[record_id] = max(highest, found.rows.get(record_id, 0))


def note_unseen(record_ids: Iterable[int]) -> None:
    """Forget records that were loaded only to know that there are more; they are shown to nobody."""
    found = _loaded.get()
    if found is not None:
        for record_id in record_ids:
            found.records.discard(record_id)
            found.rows.pop(record_id, None)


def is_restricted(classification: int | None, sensitivity: int | None) -> bool:
    """Whether reads of a record with such a label are logged (I13): CONFIDENTIAL or above, high or above."""
    if classification is None or sensitivity is None:
        return True
    return classification >= _CONFIDENTIAL or sensitivity >= Sensitivity.HIGH


def is_unnamed_outside(record: Record) -> bool:
    """Whether what leaves the portal by mail, push message or calendar holds none of the record's words."""
    return is_restricted(record.classification, record.sensitivity) or bool(
        record.compartments or record.data_types
    )
