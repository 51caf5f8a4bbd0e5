"""Who speaks to whom, at which level and how; a link is visible if, and only if, both its ends are."""

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
    """That two organisations are in touch. Written by a keeper of either end, CMCoord and CIMIC officers.

    COMPUTED DATA: `last_contact_on`, by the database from reported engagements of the pair; the date alone.
    `office` may be hidden from readers of the link: it is read separately and is never needed.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    a = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="links_a")
    b = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="links_b")
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.OPERATIONAL)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode, default=Mode.AD_HOC)
    primary = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("primary")
    )
    alternate = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("alternate"),
    )
    frequency_days = models.PositiveSmallIntegerField(
        _("days between contacts"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Left empty, as the mission’s rules have it."),
    )  # fmt: skip
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"),
        help_text=_("Left empty, everywhere."),
    )  # fmt: skip
    office = models.ForeignKey(
        LiaisonOffice, on_delete=models.SET_NULL, null=True, blank=True, related_name="links",
        verbose_name=_("through the office"),
    )  # fmt: skip
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    note = models.TextField(
        _("note"), max_length=1000, blank=True, default="", validators=[MaxLengthValidator(1000)],
        help_text=_("Read by everybody who may know of both organisations."),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("liaison link")
        verbose_name_plural = _("liaison links")
        ordering = ("id",)
        constraints = [models.CheckConstraint(condition=~Q(a=F("b")), name="liaison_offices_link_two_ends")]

    def __str__(self) -> str:
        return f"{self.a_id} {self.mode} {self.b_id}"
