"""The kept state of an import: the file, what each row would do, and what was decided. Its person's alone."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Mission, Position
from apps.stakeholders.vocabulary import ImportKind, ImportState, RowOutcome


class ImportRun(models.Model):
    """A table that somebody brought, from the upload until some days after it was imported.

    Nobody else reads it, and nothing of it: the database's policy is the person themself, in that mission.
    `layout` says which column serves what, which are unused, and notes on how the file was read; `counts` rows by
    outcome; `answers` what the person said to proposals; `label` the label of what is made.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="+", verbose_name=_("as"))
    name = models.CharField(_("file"), max_length=180)
    content = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    kind = models.CharField(_("what it lists"), max_length=14, choices=ImportKind, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.READING)
    problem = models.TextField(blank=True, default="")
    layout = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    label = models.JSONField(default=dict)
    source = models.CharField(_("source"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=["person", "-created_at"], name="stakeholders_importrun_person")]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One row of the table: what would become of it and why. `number` is its row in the sheet, from 1.

    `said` are the values read, by purpose; `changes` purpose -> [before, after]; `problems` are [column, text];
    `proposal` names what the row may mean, for the person to decide, and under which key of `answers`.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=RowOutcome)
    name = models.CharField(_("name"), max_length=300, blank=True, default="")
    said = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    proposal = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ("number", "id")
        indexes = [models.Index(fields=["run", "outcome", "number"], name="stakeholders_importrow_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"
