"""Positions, who holds them, what they may do and decide, for whom they file, and by when."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.vocabulary import Capacity, Classification, RequestKind, Role

from .organisations import Component, Organisation, Sector
from .places import Area
from .structure import Mission, PrincipalOwner


class Compartment(models.Model):
    """A compartment: whoever reads a record must hold every compartment on its label."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="compartments", verbose_name=_("mission")
    )
    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("compartment")
        verbose_name_plural = _("compartments")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["mission", "code"], name="mission_compartment_code")]

    def __str__(self) -> str:
        return self.name


class Position(PrincipalOwner):
    """A post that outlives its holders: roles, clearance and grants belong to it, not to a person."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="positions", verbose_name=_("mission")
    )
    title = models.CharField(_("title"), max_length=150)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="positions", verbose_name=_("organisation")
    )
    component = models.ForeignKey(
        Component, on_delete=models.PROTECT, null=True, blank=True, related_name="positions",
        verbose_name=_("component"),
    )  # fmt: skip
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="positions",
        verbose_name=_("area"),
    )
    reports_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reports",
        verbose_name=_("reports to"),
    )  # fmt: skip
    clearance = models.PositiveSmallIntegerField(
        _("clearance"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    compartments = models.ManyToManyField(
        Compartment, blank=True, related_name="positions", verbose_name=_("compartments")
    )
    breaks_glass = models.BooleanField(
        _("may open a record in an emergency"), default=False,
        help_text=_("For three hours at most, with a reason; the originator is told at once and reviews it."),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "organisation", "title"], name="mission_position_title"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a chain of command that runs in a circle."""
        above, seen = self.reports_to, set()
        while above is not None:
            if above.pk == self.pk or above.pk in seen:
                raise ValidationError({"reports_to": _("The chain of command would run in a circle.")})
            seen.add(above.pk)
            above = above.reports_to


class PositionRole(models.Model):
    """A role that a position holds, for one sector or, left empty, for all."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=4, choices=Role)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )

    class Meta:
        verbose_name = _("role of a position")
        verbose_name_plural = _("roles of positions")
        constraints = [
            models.UniqueConstraint(
                fields=["position", "role", "sector"], name="mission_positionrole_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.get_role_display()}"


class HoldingQuerySet(models.QuerySet["Holding"]):
    """Questions about who holds what."""

    def current(self) -> HoldingQuerySet:
        """Holdings are current if, and only if, now lies within their dates and the person may sign in."""
        now = timezone.now()
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), starts__lte=now, person__is_active=True)


class Holding(models.Model):
    """A person in a position, from a moment until another; substitutes and acting holders too."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="holdings")
    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="holdings", verbose_name=_("person")
    )
    capacity = models.CharField(_("capacity"), max_length=10, choices=Capacity, default=Capacity.HOLDER)
    starts = models.DateTimeField(_("from"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("holding of a position")
        verbose_name_plural = _("holdings of positions")
        ordering = ["position", "capacity", "starts"]
        indexes = [models.Index(fields=["person", "position"], name="mission_holding_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("starts")),
                name="mission_holding_dates",
                violation_error_message=_("The end must lie after the beginning."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.position} ({self.get_capacity_display()})"


class FilingMandateQuerySet(models.QuerySet["FilingMandate"]):
    """Questions about who files for whom."""

    def in_force(self) -> FilingMandateQuerySet:
        """Mandates under which one may file now; the database has the last word when something is filed."""
        now = timezone.now()
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), starts__lte=now)


class FilingMandate(models.Model):
    """That a position files for another organisation, which agreed to it, from a moment until another.

    What is filed under it is that organisation's, and stays so when the mandate ends.
    """

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="filing_mandates", verbose_name=_("mission")
    )
    position = models.ForeignKey(
        Position, on_delete=models.CASCADE, related_name="files_for", verbose_name=_("position")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="filed_for_by", verbose_name=_("files for"),
        help_text=_("What the position files for this organisation is the organisation’s own."),
    )  # fmt: skip
    starts = models.DateTimeField(_("from"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    agreed_with = models.CharField(
        _("agreed with"), max_length=300,
        help_text=_("Who agreed to it for the organisation, when and how."),
    )  # fmt: skip

    objects = FilingMandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate to file for an organisation")
        verbose_name_plural = _("mandates to file for an organisation")
        ordering = ["position", "organisation", "starts"]
        indexes = [models.Index(fields=["position", "organisation"], name="mission_filingmandate_pair")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("starts")),
                name="mission_filingmandate_dates",
                violation_error_message=_("The end must lie after the beginning."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.position} → {self.organisation}"


class DecisionAuthority(models.Model):
    """Which position decides on which kind of request: a setting of the mission, never doctrine in code."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="decision_authorities", verbose_name=_("mission")
    )
    kind = models.CharField(_("kind of request"), max_length=20, choices=RequestKind)
    position = models.ForeignKey(
        Position, on_delete=models.CASCADE, related_name="decides", verbose_name=_("position")
    )

    class Meta:
        verbose_name = _("decision authority")
        verbose_name_plural = _("decision authorities")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "kind", "position"], name="mission_decisionauthority_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.position}"


class LeadTime(models.Model):
    """Hours that a state may wait, by priority; overrides the default of the record type's workflow."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="lead_times", verbose_name=_("mission")
    )
    record_type = models.CharField(_("record type"), max_length=40)
    state = models.CharField(_("state"), max_length=40)
    priority = models.PositiveSmallIntegerField(_("priority"), null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours"))

    class Meta:
        verbose_name = _("lead time")
        verbose_name_plural = _("lead times")
        ordering = ["record_type", "state", "priority"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "record_type", "state", "priority"],
                name="mission_leadtime_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.state}: {self.hours} h"


class VocabularyTerm(models.Model):
    """A term of a list that the mission keeps itself (reasons for declining, population groups …)."""

    class Vocabulary(models.TextChoices):
        """The lists a mission keeps."""

        DECLINE_REASON = "decline_reason", _("Reasons for declining")
        POPULATION_GROUP = "population_group", _("Population groups")
        ALTERNATIVE = "alternative", _("Civilian alternatives")

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="terms", verbose_name=_("mission")
    )
    vocabulary = models.CharField(_("list"), max_length=30, choices=Vocabulary)
    code = models.SlugField(_("code"), max_length=40)
    label = models.CharField(_("label"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["vocabulary", "order", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "vocabulary", "code"], name="mission_vocabularyterm_once"
            )
        ]

    def __str__(self) -> str:
        return self.label
