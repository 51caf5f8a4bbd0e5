"""Administrative areas with their P-codes."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .structure import Mission


class Area(models.Model):
    """An administrative area, known by its P-code (OCHA common operational datasets), never by name alone."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="areas", verbose_name=_("mission")
    )
    pcode = models.CharField(_("P-code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    level = models.PositiveSmallIntegerField(
        _("administrative level"), validators=[MinValueValidator(0), MaxValueValidator(4)]
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["pcode"]
        constraints = [models.UniqueConstraint(fields=["mission", "pcode"], name="mission_area_pcode")]

    def __str__(self) -> str:
        return f"{self.name} ({self.pcode})"
