"""Caveats: tasks that a contributing country, or a unit's own orders, rule out."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Area
from apps.mission.vocabulary import Classification
from apps.stakeholders.vocabulary import CaveatKind

from .stakeholder import Stakeholder


class Caveat(models.Model):
    """What an organisation, and all that is part of it, is not to be tasked with.

    Whoever tasks learns that a unit is not eligible. The caveat itself is read by readers of the record who are
    cleared for the caveat's own classification; the database decides.
    """

    id = models.BigAutoField(primary_key=True)
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="caveats")
    kind = models.CharField(_("rules out"), max_length=20, choices=CaveatKind, default=CaveatKind.ANY)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the area"),
        help_text=_("Left empty, everywhere."),
    )  # fmt: skip
    reason = models.TextField(_("what it says"), max_length=2000)
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Classification, default=Classification.CONFIDENTIAL
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("caveat")
        verbose_name_plural = _("caveats")
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def clean(self) -> None:
        """Dates the right way round."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("This lies before the day from which it is valid.")})
