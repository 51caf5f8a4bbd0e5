"""Emergency access (break-glass): one record, one person, a reason, three hours at most, reviewed afterwards."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Mission, Position
from apps.records.models import Record


class Verdict(models.TextChoices):
    """How a review ended."""

    JUSTIFIED = "justified", _("Justified")
    UNJUSTIFIED = "unjustified", _("Not justified")


class EmergencyAccess(models.Model):
    """That somebody opened a record they could not read. Written and reviewed by the database's functions alone.

    Read by whoever invoked it, by the record's originator, and by auditors. `reference` is kept, so that
    those who cannot read the record know which one is meant.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="emergencies")
    reference = models.CharField(_("reference"), max_length=30)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    at = models.DateTimeField(_("opened"))
    expires_at = models.DateTimeField(_("until"))
    review_due_at = models.DateTimeField(_("review due"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, blank=True, default="")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reviewer_position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(_("what the review found"), max_length=1000, blank=True, default="")

    class Meta:
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["person", "expires_at"], name="ntk_emergency_person"),
            models.Index(fields=["record", "-at"], name="ntk_emergency_record"),
            models.Index(fields=["mission", "-at"], name="ntk_emergency_mission"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.at:%Y-%m-%d %H:%M}"
