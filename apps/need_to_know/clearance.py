"""Whether a position by itself may read what carries a label. The database answers, by the rule that it enforces."""

from __future__ import annotations

from django.db import connection

from apps.records.models import Record


def position_clears(position_id: int, record: Record) -> bool:
    """Whether clearance, compartments and side of the position suffice for the record's label, whoever holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT need_to_know_clears(%s, %s, %s::integer[], %s::integer[])",
            [position_id, record.classification, list(record.compartments), list(record.data_types)],
        )
        return bool(cursor.fetchone()[0])
