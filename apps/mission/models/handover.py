"""Handovers: a position passes from one person to another at one moment."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User

from .positions import Position


class Handover(models.Model):
    """That a position passed, or will pass, from its leaver to a successor. What waited for it goes with it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    position = models.ForeignKey(
        Position, on_delete=models.CASCADE, related_name="handovers", verbose_name=_("position")
    )
    leaver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who leaves"))
    successor = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who takes over")
    )
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("handover note"), max_length=5000, blank=True, default="")
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("arranged by")
    )
    made_at = models.DateTimeField(auto_now_add=True)
    leaver_until = models.DateTimeField(
        _("end of the leaver's time before that"), null=True, blank=True, editable=False
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(leaver=F("successor")), name="mission_handover_two_people")
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.leaver} → {self.successor}"
