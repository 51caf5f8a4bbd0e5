"""Rows of a record that have a classification of their own, narrower than the record's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from apps.records.reading import note_rows


class LabelledRow(models.Model):
    """A row with a `classification` of its own. That one was loaded is noted where it becomes an object.

    `record_column` names the column that holds the id of the record.
    """

    record_column: ClassVar[str]

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **more: Any) -> Any:
        """Make the row, and note that somebody loaded it."""
        made = super().from_db(db, field_names, values, **more)
        known = made.__dict__
        if (record_id := known.get(cls.record_column)) is not None:
            note_rows(record_id, [known.get("classification")])
        return made
