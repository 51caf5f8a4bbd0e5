"""LiaisonLink: that two organisations speak to each other, on which level, how and through whom."""

from __future__ import annotations

from uuid import uuid4

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.liaison_offices.vocabulary import Level, Mode
from apps.mission.models import Area, Position
from apps.stakeholders.models import Stakeholder

from .office import LiaisonOffice


class LiaisonLink(models.Model):
    """A pair of the register, visible if, and only if, both ends are.

    COMPUTED DATA: `last_contact_on` is kept by the database from reported engagements of the pair. `office` is read
    on its own: whether the reader knows the office says nothing about the link.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    a = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="links_as_a")
    b = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="links_as_b")
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.OPERATIONAL)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode, default=Mode.EXCHANGE)
    primary = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("primary officer"),
    )  # fmt: skip
    alternate = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("alternate officer"),
    )  # fmt: skip
    frequency = models.PositiveSmallIntegerField(
        _("days between contacts"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Left empty, as the mission’s rule for the level says."),
    )  # fmt: skip
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"),
        help_text=_("Left empty, everywhere."),
    )  # fmt: skip
    office = models.ForeignKey(
        LiaisonOffice, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("through the office"),
    )  # fmt: skip
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    note = models.TextField(
        _("note"), max_length=1000, blank=True, default="", validators=[MaxLengthValidator(1000)]
    )
    is_active = models.BooleanField(_("in use"), default=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    at = models.DateTimeField(_("last changed"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("liaison link")
        verbose_name_plural = _("liaison links")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=~Q(a=F("b")), name="liaison_offices_link_two_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} – {self.b_id}"
