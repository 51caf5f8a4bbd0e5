"""Calendars outside the portal that a person lets read their meetings. Nothing of what they were given is stored."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Mission


class CalendarFeed(models.Model):
    """A secret address at which one person's calendar of one mission is read; `digest` is all that is kept of it."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds", editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+", editable=False)
    digest = models.CharField(max_length=128, unique=True, editable=False)
    name = models.CharField(
        _("device or program"), max_length=80, help_text=_("So that you know it again, such as “My phone”.")
    )
    created = models.DateTimeField(db_default=Now(), editable=False)
    last_used = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        return self.name
