"""What a mission allows between two sides: settings, never code. No records."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.liaison_offices.vocabulary import Mode
from apps.mission.models import Area, Mission
from apps.mission.vocabulary import Side


class LiaisonRule(models.Model):
    """Modes of liaison between two sides, in an area or everywhere, and when a link counts as stale.

    Of several rules the one of the closest area counts, whichever side is named first. Days left empty mean that a
    link of that level never goes stale.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="liaison_rules", verbose_name=_("mission")
    )
    side_a = models.CharField(_("between"), max_length=20, choices=Side)
    side_b = models.CharField(_("and"), max_length=20, choices=Side)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the area"),
        help_text=_("Left empty, everywhere."),
    )  # fmt: skip
    discouraged = ArrayField(
        models.CharField(max_length=12, choices=Mode),
        verbose_name=_("discouraged modes"),
        default=list,
        blank=True,
    )
    barred = ArrayField(
        models.CharField(max_length=12, choices=Mode),
        verbose_name=_("barred modes"),
        default=list,
        blank=True,
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    required = models.BooleanField(
        _("every two organisations that both work in an area should be linked"), default=False,
        help_text=_("Pairs without a link are shown as gaps, as far as both are engaged directly."),
    )  # fmt: skip
    stale_strategic = models.PositiveSmallIntegerField(
        _("days until a strategic link is stale"), null=True, blank=True, default=60
    )
    stale_operational = models.PositiveSmallIntegerField(
        _("days until an operational link is stale"), null=True, blank=True, default=30
    )
    stale_tactical = models.PositiveSmallIntegerField(
        _("days until a tactical link is stale"), null=True, blank=True, default=14
    )

    class Meta:
        verbose_name = _("rule of liaison")
        verbose_name_plural = _("rules of liaison")
        ordering = ("side_a", "side_b", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "side_a", "side_b", "area"], name="liaison_offices_rule_once", nulls_distinct=False
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_side_a_display()} – {self.get_side_b_display()}"

    def clean(self) -> None:
        """Structure of the mission, a mode on one list alone, and a reason for what is not allowed."""
        super().clean()
        if self.area is not None and self.area.mission_id != self.mission_id:
            raise ValidationError({"area": _("Choose an area of this mission.")})
        if set(self.discouraged) & set(self.barred):
            raise ValidationError({"barred": _("A mode is either discouraged or barred.")})
        if (self.discouraged or self.barred) and not self.reason.strip():
            raise ValidationError({"reason": _("Say why. Whoever makes such a link reads it.")})

    def stale_after(self, level: str) -> int | None:
        """Days without contact after which a link of that level is stale."""
        days: int | None = getattr(self, f"stale_{level}")
        return days
