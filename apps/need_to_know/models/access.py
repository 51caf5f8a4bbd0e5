"""Requests for access by reference. What the asker sees says nothing of whether the record exists."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Mission, Position
from apps.records.models import Record


class Wanted(models.TextChoices):
    """How much is asked for, and given (field guide: fields scope of an access request)."""

    EXISTENCE = "existence", _("Whether it exists, and whom to speak to")
    SUMMARY = "summary", _("A releasable summary")
    FULL = "full", _("The record itself")


class AccessRequest(models.Model):
    """A request to be let into a record named by its reference.

    Read by whoever asked, and by those who decide on it. Until somebody gives something it looks the same
    whether the reference is unknown, refused or not yet looked at; at `lapses_at` all three end alike.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+", editable=False)
    reference = models.CharField(_("reference"), max_length=30)
    asker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("asking as")
    )
    reader = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("who would read it")
    )
    wanted = models.CharField(_("what is asked for"), max_length=10, choices=Wanted)
    purpose = models.CharField(_("purpose"), max_length=300)
    until = models.DateTimeField(_("until"))
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    lapses_at = models.DateTimeField(editable=False, db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    given = models.CharField(
        _("given"), max_length=10, choices=Wanted, blank=True, default="", editable=False
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("request for access")
        verbose_name_plural = _("requests for access")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["asker", "-asked_at"], name="ntk_request_asker")]

    def __str__(self) -> str:
        return f"{self.asker_id}: {self.reference}"


class AccessRequestTarget(models.Model):
    """The record that a request meets, if there is one. Only those who may give access to it read this row."""

    id = models.BigAutoField(primary_key=True)
    request = models.OneToOneField(AccessRequest, on_delete=models.CASCADE, related_name="target")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="access_requests")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refused = models.BooleanField(default=False)
    remark = models.CharField(_("remark for ourselves"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("target of a request for access")
        verbose_name_plural = _("targets of requests for access")
        indexes = [
            models.Index(
                fields=["record"], name="ntk_target_open", condition=models.Q(decided_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} → {self.record_id}"
