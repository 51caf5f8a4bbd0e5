"""Rows that the author of a request edits: cargo, civilian alternatives, clearances of the host state."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.aid_requests.vocabulary import AlternativeResult, CargoUnit, HazardClass
from apps.mission.models import VocabularyTerm

from .request import AidRequest


class CargoLine(models.Model):
    """One item of cargo; weight in metric tons, volume in cubic metres, both of the whole line."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(AidRequest, on_delete=models.CASCADE, related_name="cargo")
    item = models.CharField(_("item"), max_length=150)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    unit = models.CharField(_("unit"), max_length=8, choices=CargoUnit, default=CargoUnit.PIECES)
    weight_mt = models.DecimalField(
        _("weight (t)"), max_digits=10, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    volume_m3 = models.DecimalField(
        _("volume (m³)"), max_digits=10, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    hazardous = models.BooleanField(_("dangerous goods"), default=False)
    hazard_class = models.CharField(
        _("class of danger"), max_length=1, choices=HazardClass, blank=True, default=""
    )
    cold_chain = models.BooleanField(_("cold chain"), default=False)

    class Meta:
        verbose_name = _("cargo line")
        verbose_name_plural = _("cargo lines")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.item

    def clean(self) -> None:
        """Dangerous goods name their class, other goods have none."""
        if self.hazardous and not self.hazard_class:
            raise ValidationError({"hazard_class": _("Choose the class of the dangerous goods.")})
        if self.hazard_class and not self.hazardous:
            raise ValidationError({"hazardous": _("Tick this, or take the class away.")})


class CivilianAlternative(models.Model):
    """A civilian way that was tried first, with what came of it and what shows it."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(AidRequest, on_delete=models.CASCADE, related_name="alternatives")
    option = models.ForeignKey(
        VocabularyTerm, on_delete=models.PROTECT, related_name="+", verbose_name=_("alternative"),
        limit_choices_to={"vocabulary": VocabularyTerm.Vocabulary.ALTERNATIVE},
    )  # fmt: skip
    result = models.CharField(_("result"), max_length=14, choices=AlternativeResult)
    evidence = models.TextField(_("evidence"), max_length=2000)

    class Meta:
        verbose_name = _("civilian alternative")
        verbose_name_plural = _("civilian alternatives")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.get_result_display()


class HostClearance(models.Model):
    """A clearance of the host state. Whether it is valid on a day, its dates say."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(AidRequest, on_delete=models.CASCADE, related_name="clearances")
    authority = models.CharField(_("authority"), max_length=150)
    reference = models.CharField(_("reference"), max_length=80)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("clearance of the host state")
        verbose_name_plural = _("clearances of the host state")
        ordering = ("valid_from", "id")

    def __str__(self) -> str:
        return f"{self.authority} {self.reference}"

    def clean(self) -> None:
        """A clearance ends after it begins."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The end must not lie before the beginning.")})
