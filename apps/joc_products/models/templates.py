"""What a mission's reports consist of, and by when: settings, never code. No records."""

from __future__ import annotations

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.joc_products.vocabulary import PERIODIC, Kind
from apps.mission.models import Mission, Position


class ProductTemplate(models.Model):
    """The sections of a kind of report, and its clock.

    A periodic report is released at an hour of the day, in the mission's zone; one on an incident so many hours
    after it. Contributions are due so many hours before the release.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="product_templates", verbose_name=_("mission")
    )
    kind = models.CharField(_("kind"), max_length=40, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    release_hour = models.PositiveSmallIntegerField(
        _("hour of the day at which it is released"), default=18, validators=[MaxValueValidator(23)],
        help_text=_("0 to 23, in the mission’s time zone. For daily, weekly and monthly reports."),
    )  # fmt: skip
    incident_hours = models.PositiveSmallIntegerField(
        _("hours after the incident within which it is due"), default=6,
        help_text=_("For special incident reports and flash reports."),
    )  # fmt: skip
    contributions_hours = models.PositiveSmallIntegerField(
        _("hours before the release at which contributions are due"), default=3
    )
    contributions_open = models.BooleanField(
        _("contributions are seen by all contributors"), default=True,
        help_text=_("If not, each contributor sees their own section alone until the product is released."),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("template of a JOC product")
        verbose_name_plural = _("templates of JOC products")
        ordering = ("kind", "name", "id")
        constraints = [
            models.UniqueConstraint(fields=["mission", "kind", "name"], name="joc_products_template_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_periodic(self) -> bool:
        """Whether its products follow each other, each on its period."""
        return self.kind in PERIODIC

    def clean(self) -> None:
        """Contributions are due after the incident, not before it."""
        super().clean()
        hours, before = self.incident_hours, self.contributions_hours
        if not self.is_periodic and None not in (hours, before) and before >= hours:
            raise ValidationError(
                {"contributions_hours": _("This leaves no time between the incident and the contributions.")}
            )


class TemplateSection(models.Model):
    """A section of the template and the position that is asked for it; without one, the JOC writes it itself."""

    template = models.ForeignKey(ProductTemplate, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField(_("order"), default=1)
    heading = models.CharField(_("heading"), max_length=120)
    guidance = models.CharField(_("what belongs there"), max_length=500, blank=True, default="")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who is asked"),
        help_text=_("Left empty, the JOC writes it itself."),
    )  # fmt: skip
    is_required = models.BooleanField(_("needed for the release"), default=False)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("number", "id")

    def __str__(self) -> str:
        return self.heading

    @property
    def mission(self) -> Mission:
        """The mission of its template; set-up pages ask for it."""
        return self.template.mission

    @property
    def mission_id(self) -> int:
        """The same, by its id."""
        return self.template.mission_id

    def clean(self) -> None:
        """A position that can be drawn in."""
        from apps.joc_products.rules import position_refusal

        super().clean()
        if self.position is not None and self.position.mission_id != self.template.mission_id:
            raise ValidationError({"position": _("Choose a position of this mission.")})
        if self.position is not None and (refusal := position_refusal(self.position)):
            raise ValidationError({"position": refusal})
