"""Which restricted records were loaded while somebody acts. Collected where rows become objects, so that no view
can forget it; what is done with it is `need_to_know`'s matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from apps.mission.vocabulary import Classification, Sensitivity

if TYPE_CHECKING:
    from apps.records.models import Record

_loaded: ContextVar[set[int] | None] = ContextVar("loaded", default=None)


@contextmanager
def collecting() -> Iterator[set[int]]:
    """Within, ids of restricted records that are loaded are added to the set that is given."""
    found: set[int] = set()
    token = _loaded.set(found)
    try:
        yield found
    finally:
        _loaded.reset(token)


def note_loaded(record_id: int, classification: int | None, sensitivity: int | None) -> None:
    """Note that a record was loaded; one whose label was left out counts as restricted until the database says."""
    found = _loaded.get()
    if found is not None and is_restricted(classification, sensitivity):
        found.add(record_id)


def note_unseen(record_ids: Iterable[int]) -> None:
    """Forget records that were loaded only to know that there are more; they are shown to nobody."""
    found = _loaded.get()
    if found is not None:
        found.difference_update(record_ids)


def is_restricted(classification: int | None, sensitivity: int | None) -> bool:
    """Whether reads of a record with such a label are logged (I13): CONFIDENTIAL or above, high or above."""
    if classification is None or sensitivity is None:
        return True
    return classification >= Classification.CONFIDENTIAL or sensitivity >= Sensitivity.HIGH


def is_unnamed_outside(record: Record) -> bool:
    """Whether what leaves the portal by mail, push message or calendar holds none of the record's words."""
    return is_restricted(record.classification, record.sensitivity) or bool(
        record.compartments or record.data_types
    )
