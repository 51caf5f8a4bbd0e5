"""How a mission shares information, as data: kinds of protected data, the protocol in force, default labels."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.mission import record_types
from apps.mission.vocabulary import Classification, ProtectedData, Scope, Sensitivity, Side

from .positions import Position
from .structure import Mission

COORDINATE_DECIMALS = [5, 3, 1, -1]


def coordinate_decimals() -> list[int]:
    """Decimals of a degree that readers get, by sensitivity from low to severe; −1 shows no coordinates."""
    return list(COORDINATE_DECIMALS)


class DataType(models.Model):
    """A kind of data that needs protection, and the sides that never read it, whatever is granted (ceiling).

    The codes of `ProtectedData` are barred to the military side by the database itself.
    """

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="data_types", verbose_name=_("mission")
    )
    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(
        _("name"), max_length=120, blank=True, default="",
        help_text=_("Left empty, the field's own word is shown, in each reader's language."),
    )  # fmt: skip
    description = models.CharField(_("what belongs to it"), max_length=300, blank=True, default="")
    barred_sides = ArrayField(
        models.CharField(max_length=20, choices=Side), verbose_name=_("sides that never read it"), default=list,
        blank=True,
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("kind of protected data")
        verbose_name_plural = _("kinds of protected data")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["mission", "code"], name="mission_datatype_code")]

    def __str__(self) -> str:
        if not self.name and self.code in ProtectedData.values:
            return str(ProtectedData(self.code).label)
        return self.name or self.code

    def clean(self) -> None:
        """The military side stays barred from what the field protects from it."""
        if self.code in ProtectedData.values and Side.MISSION_MILITARY not in (self.barred_sides or []):
            raise ValidationError({"barred_sides": _("The mission's military side never reads this.")})


class SharingProtocolQuerySet(models.QuerySet["SharingProtocol"]):
    """Questions about protocols."""

    def in_force(self, mission: Mission) -> SharingProtocol | None:
        """The protocol in force in a mission; None when it has none."""
        return self.filter(mission=mission, state=SharingProtocol.State.IN_FORCE).first()


class SharingProtocol(models.Model):
    """A version of the mission's information sharing protocol. One is in force; older ones stay readable."""

    class State(models.TextChoices):
        """Where a version stands."""

        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        SUPERSEDED = "superseded", _("Superseded")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="protocols", verbose_name=_("mission")
    )
    version = models.CharField(_("version"), max_length=20)
    title = models.CharField(_("title"), max_length=150)
    scope = models.TextField(_("what it covers"), max_length=2000, blank=True, default="")
    endorsed_by = models.CharField(_("endorsed by"), max_length=150, blank=True, default="")
    endorsed_on = models.DateField(_("endorsed on"), null=True, blank=True)
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    breach_procedure = models.TextField(
        _("what to do about a breach"), max_length=4000, blank=True, default=""
    )
    breach_position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("whom to tell of a breach"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    in_force_from = models.DateTimeField(_("in force from"), null=True, blank=True, editable=False)
    decimals = ArrayField(
        models.SmallIntegerField(validators=[MinValueValidator(-1), MaxValueValidator(5)]), size=4,
        verbose_name=_("decimals of coordinates, by sensitivity"), default=coordinate_decimals,
    )  # fmt: skip
    break_glass_minutes = models.PositiveSmallIntegerField(
        _("longest emergency access, in minutes"), default=180,
        validators=[MinValueValidator(5), MaxValueValidator(180)],
    )  # fmt: skip
    review_days = models.PositiveSmallIntegerField(
        _("days until an emergency access must be reviewed"), default=7,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
    )  # fmt: skip
    request_days = models.PositiveSmallIntegerField(
        _("days until a request for access lapses"), default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )  # fmt: skip
    ask_purpose = models.BooleanField(
        _("ask what for"), default=False,
        help_text=_(
            "Whoever prints, exports or downloads what is confidential, or of high sensitivity, says what for."
        ),
    )  # fmt: skip

    objects = SharingProtocolQuerySet.as_manager()

    class Meta:
        verbose_name = _("information sharing protocol")
        verbose_name_plural = _("information sharing protocols")
        ordering = ["-in_force_from", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "version"], name="mission_sharingprotocol_version"),
            models.UniqueConstraint(
                fields=["mission"], condition=Q(state="in_force"), name="mission_sharingprotocol_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class ProtocolLine(models.Model):
    """A line of a protocol's table: how data of a kind is labelled, who may have it, by which channel.

    Its classification and sensitivity are floors for a record that holds such data.
    """

    protocol = models.ForeignKey(SharingProtocol, on_delete=models.CASCADE, related_name="lines")
    data_type = models.ForeignKey(
        DataType, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind of data")
    )
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    sensitivity = models.PositiveSmallIntegerField(
        _("sensitivity"), choices=Sensitivity, default=Sensitivity.MODERATE
    )
    permitted = models.CharField(_("permitted audience"), max_length=300, blank=True, default="")
    channel = models.CharField(_("channel"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("line of the protocol")
        verbose_name_plural = _("lines of the protocol")
        ordering = ["data_type__code"]
        constraints = [
            models.UniqueConstraint(fields=["protocol", "data_type"], name="mission_protocolline_once")
        ]

    def __str__(self) -> str:
        return f"{self.data_type}: {self.get_sensitivity_display()}"


class DefaultLabel(models.Model):
    """The label that a new record of a type begins with."""

    protocol = models.ForeignKey(SharingProtocol, on_delete=models.CASCADE, related_name="default_labels")
    record_type = models.CharField(_("record type"), max_length=40)
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    sensitivity = models.PositiveSmallIntegerField(
        _("sensitivity"), choices=Sensitivity, default=Sensitivity.MODERATE
    )
    scope = models.CharField(_("audience"), max_length=12, choices=Scope, default=Scope.ORGANISATION)

    class Meta:
        verbose_name = _("default label")
        verbose_name_plural = _("default labels")
        ordering = ["record_type"]
        constraints = [
            models.UniqueConstraint(fields=["protocol", "record_type"], name="mission_defaultlabel_once")
        ]

    def __str__(self) -> str:
        return record_types.label(self.record_type)
