"""Rows that steps of the workflow write, once. The database stamps who and when."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Position
from apps.releases.models import Release

from .request import InformationRequest


class Assignment(models.Model):
    """The position that drafts the answer, from now on."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(InformationRequest, on_delete=models.CASCADE, related_name="assignments")
    drafter = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("who drafts the answer")
    )
    instructions = models.TextField(_("instructions"), max_length=5000, blank=True, default="")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("as"), editable=False
    )
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"), editable=False
    )
    at = models.DateTimeField(_("on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return str(self.drafter)


class Answer(models.Model):
    """The release by which a request is answered, visible if, and only if, both are."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    request = models.ForeignKey(InformationRequest, on_delete=models.CASCADE, related_name="answers")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="answers_to")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(fields=["request", "release"], name="information_requests_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.request_id} ← {self.release_id}"
