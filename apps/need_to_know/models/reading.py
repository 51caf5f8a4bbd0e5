"""The log of reads of restricted records: who, in which position, when, how. Append-only, chained per record."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Mission, Position
from apps.mission.vocabulary import Classification
from apps.records.models import Record


class Channel(models.TextChoices):
    """How a record reached its reader."""

    PAGE = "page", _("page")
    LIST = "list", _("list")
    SEARCH = "search", _("search")
    DESK = "desk", _("desk")
    HISTORY = "history", _("history")
    PRINT = "print", _("print")
    EXPORT = "export", _("export")
    FILE = "file", _("file")
    API = "api", _("program")


class Via(models.TextChoices):
    """What let the reader in."""

    AUDIENCE = "audience", _("audience")
    LENT = "lent", _("grant for a time")
    EMERGENCY = "emergency", _("emergency access")


class ReadLog(models.Model):
    """A read of a record that was CONFIDENTIAL or above, or of high sensitivity or above, at that moment, or of a row
    of it that was CONFIDENTIAL or above by a label of its own.

    Written by the database's function alone. `classification` is the highest of what was shown; it is not known of
    reads from before it was noted. `number` counts from 1 within the record; `hash` is SHA-256 of the hash before it
    and of this row, so that nothing can be changed or left out unseen.
    Read by the record's originator, as far as each of them is cleared for what was shown, and by auditors, who see
    nothing else of the record.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="reads")
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(_("reference"), max_length=30)
    number = models.PositiveBigIntegerField(null=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("position")
    )
    channel = models.CharField(_("how"), max_length=10, choices=Channel)
    surface = models.CharField(max_length=80)
    purpose = models.CharField(_("purpose"), max_length=500, blank=True, default="")
    via = models.CharField(_("let in by"), max_length=10, choices=Via)
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Classification, null=True, default=None
    )
    at = models.DateTimeField(_("when"))
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("read")
        verbose_name_plural = _("reads")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["record", "number"], name="ntk_read_record"),
            models.Index(fields=["mission", "-at"], name="ntk_read_mission"),
            models.Index(fields=["person", "record", "channel", "-at"], name="ntk_read_person"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} #{self.number}"


class ReadHead(models.Model):
    """The end of a record's chain of reads; appending locks it for the moment of the commit."""

    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("end of a chain of reads")
        verbose_name_plural = _("ends of chains of reads")

    def __str__(self) -> str:
        return f"{self.record_id} #{self.number}"
