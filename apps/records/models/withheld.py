"""What fields under a rule hold. Written by triggers alone; a row is readable to whom its rule opens."""

from __future__ import annotations

from django.db import models

from .record import Record


class Withheld(models.Model):
    """The value of one field of a record, kept apart from the record's own columns.

    COMPUTED DATA, all of it: the column shows what every reader may see, and a trigger moves what is written there.
    `rule` is `parties` or the code of a kind of protected data.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=63)
    rule = models.CharField(max_length=20)
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "field"], name="records_withheld_once")]

    def __str__(self) -> str:
        return self.field
