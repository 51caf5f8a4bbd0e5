"""Presence: who does what, where and when (3W, 4W)."""

from __future__ import annotations

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Area, Sector
from apps.stakeholders.vocabulary import PresenceRole, PresenceStatus

from .stakeholder import Stakeholder


class Presence(models.Model):
    """An activity of a stakeholder in an area, under its record.

    `source_key` is drawn from what identifies the row in a table (organisation, role, sector, activity, area, place,
    beginning), so that a second import finds it. `may_hint` lets others who are active in the same district, sector
    and time learn that somebody is there whom the coordinator knows; it tells nothing else.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="presence")
    role = models.CharField(_("role"), max_length=14, choices=PresenceRole, default=PresenceRole.IMPLEMENTING)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    activity = models.CharField(_("activity"), max_length=300, blank=True, default="")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    place = models.CharField(_("place"), max_length=120, blank=True, default="")
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=PresenceStatus, default=PresenceStatus.UNKNOWN
    )
    population = models.CharField(_("for whom"), max_length=120, blank=True, default="")
    targeted = models.PositiveIntegerField(_("people targeted"), null=True, blank=True)
    reached = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True, default="")
    source_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    may_hint = models.BooleanField(
        _("others who are active there may be told to ask the coordinator"), default=True
    )
    updated_at = models.DateTimeField(_("last changed"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presence")
        ordering = ("id",)
        indexes = [
            models.Index(fields=["stakeholder", "source_key"], name="stakeholders_presence_key"),
            models.Index(fields=["area", "sector"], name="stakeholders_presence_where"),
        ]

    def __str__(self) -> str:
        return self.activity or str(self.get_role_display())

    def clean(self) -> None:
        """An end after the beginning, and both coordinates or none."""
        super().clean()
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": _("This lies before the beginning.")})
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Latitude and longitude come together, or neither.")})
