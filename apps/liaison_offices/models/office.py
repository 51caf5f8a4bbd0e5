"""A liaison office: where it is, how it is reached, who serves there and when."""

from __future__ import annotations

from uuid import uuid4
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.liaison_offices.vocabulary import ChannelKind, Cover, OfficerFunction
from apps.mission.models import Area, Position
from apps.records.models import Record
from apps.stakeholders.models import Stakeholder

TEXT_MOST = 2000


class LiaisonOffice(Record):
    """An office that speaks for the organisation that runs it (its originator), at a place and at hours.

    `covers` says when somebody is on duty; gaps of the roster are counted against it, in the office's own time zone
    (the mission's where none is said). Whose guest it is, stands in `Host`.
    """

    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    hours = models.CharField(_("opening hours"), max_length=200, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    by_day = models.TextField(
        _("how to reach it by day"), max_length=TEXT_MOST, blank=True, default="",
        validators=[MaxLengthValidator(TEXT_MOST)],
    )  # fmt: skip
    by_night = models.TextField(
        _("how to reach it at night"), max_length=TEXT_MOST, blank=True, default="",
        validators=[MaxLengthValidator(TEXT_MOST)],
    )  # fmt: skip
    covers = models.CharField(_("somebody is on duty"), max_length=8, choices=Cover, default=Cover.NONE)
    covers_from = models.TimeField(_("on duty from"), null=True, blank=True)
    covers_until = models.TimeField(_("on duty until"), null=True, blank=True)

    class Meta:
        verbose_name = _("liaison office")
        verbose_name_plural = _("liaison offices")

    def clean(self) -> None:
        """Hours where hours are needed, a time zone that exists, and both coordinates or none."""
        super().clean()
        if self.covers == Cover.DAILY and (self.covers_from is None or self.covers_until is None):
            raise ValidationError({"covers_from": _("Say from when until when somebody is on duty.")})
        if self.covers == Cover.DAILY and self.covers_from == self.covers_until:
            raise ValidationError({"covers_until": _("It begins and ends at the same hour.")})
        if self.time_zone and self.time_zone not in available_timezones():
            raise ValidationError({"time_zone": _("There is no such time zone. Write it like Africa/Juba.")})
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Latitude and longitude come together, or neither.")})


class Host(models.Model):
    """Whose guest an office is; visible if, and only if, both records are."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    office = models.ForeignKey(LiaisonOffice, on_delete=models.CASCADE, related_name="hosts")
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="hosted_offices")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("host of an office")
        verbose_name_plural = _("hosts of offices")
        constraints = [
            models.UniqueConstraint(fields=["office", "stakeholder"], name="liaison_offices_host_once")
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.stakeholder_id}"


class Channel(models.Model):
    """A way to reach the office."""

    id = models.BigAutoField(primary_key=True)
    office = models.ForeignKey(LiaisonOffice, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(_("channel"), max_length=10, choices=ChannelKind, default=ChannelKind.PHONE)
    number = models.CharField(_("number or address"), max_length=120)
    hours = models.CharField(_("when"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("channel of an office")
        verbose_name_plural = _("channels of offices")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.number


class Officer(models.Model):
    """A position that serves at the office."""

    id = models.BigAutoField(primary_key=True)
    office = models.ForeignKey(LiaisonOffice, on_delete=models.CASCADE, related_name="officers")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("position")
    )
    function = models.CharField(
        _("serves as"), max_length=10, choices=OfficerFunction, default=OfficerFunction.PRIMARY
    )
    languages = models.CharField(_("languages"), max_length=120, blank=True, default="")
    starts = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("liaison officer")
        verbose_name_plural = _("liaison officers")
        ordering = ("-function", "id")

    def __str__(self) -> str:
        return str(self.position)

    def clean(self) -> None:
        """Dates the right way round."""
        super().clean()
        if self.starts and self.until and self.until < self.starts:
            raise ValidationError({"until": _("This lies before the beginning.")})


class Responsibility(models.Model):
    """An area for which the office answers, with all within it."""

    id = models.BigAutoField(primary_key=True)
    office = models.ForeignKey(LiaisonOffice, on_delete=models.CASCADE, related_name="responsibilities")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))

    class Meta:
        verbose_name = _("area of responsibility")
        verbose_name_plural = _("areas of responsibility")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["office", "area"], name="liaison_offices_responsibility_once")
        ]

    def __str__(self) -> str:
        return str(self.area)


class Shift(models.Model):
    """A time during which a position is on duty."""

    id = models.BigAutoField(primary_key=True)
    office = models.ForeignKey(LiaisonOffice, on_delete=models.CASCADE, related_name="shifts")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("position")
    )
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ("starts", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="liaison_offices_shift_span",
                violation_error_message=_("The end must lie after the beginning."),
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["office", "ends"], name="liaison_offices_shift_ends")]

    def __str__(self) -> str:
        return f"{self.position_id} {self.starts:%Y-%m-%d %H:%M}"
