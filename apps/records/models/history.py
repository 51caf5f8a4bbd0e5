"""What happened to a record: workflow steps, field changes, events, addressees. Append-only, all of it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Position

from .record import Record


class WorkflowEdge(models.Model):
    """A legal step of a record type, written by `migrate` from the declarations; the database checks against it."""

    type = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40)
    duty = models.CharField(max_length=12, blank=True)
    by_clock = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "name", "from_state", "to_state"], name="records_workflowedge_once")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.type}: {self.from_state} -{self.name}→ {self.to_state}"


class Step(models.Model):
    """A state change. Inserting this row is the only thing that moves a record's state (trigger)."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="workflow_steps")
    name = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40)
    duty = models.CharField(max_length=12, blank=True, editable=False)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("note"), blank=True)
    due_at = models.DateTimeField(null=True)
    auto_at = models.DateTimeField(null=True)
    auto_step = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["record", "at"], name="records_step_record")]

    def __str__(self) -> str:
        return f"{self.name} → {self.to_state}"


class Change(models.Model):
    """A change of fields, written by a trigger: `fields` maps each column to [before, after]."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=63)
    row = models.CharField(max_length=40)
    operation = models.CharField(max_length=6)
    fields = models.JSONField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    transaction = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["record", "at"], name="records_change_record")]

    def __str__(self) -> str:
        return f"{self.operation} {self.table}"


class Event(models.Model):
    """Something that others may have to hear of. No text and no audience: both are computed when it is delivered."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="events")
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["record", "at"], name="records_event_record")]

    def __str__(self) -> str:
        return self.verb


class Addressee(models.Model):
    """A position drawn into a record by its workflow: it reads the record from then on."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="addressees")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=4)
    since = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "position"], name="records_addressee_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.position_id}"
