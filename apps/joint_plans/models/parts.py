"""The parts of a plan. Each has a label of its own, never wider than the plan's; details of a kind have their tables.

A part is read by those to whom it opens, everywhere: a row of its own table, of its kind's, of its earlier versions.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.joint_plans.vocabulary import Assumed, OpensTo, PartKind, Progress, Watch
from apps.mission.models import Area, Organisation, Position, Sector
from apps.mission.vocabulary import Classification
from apps.records.models import LabelledRow

from .plan import JointPlan, text_of

DETAILS_MOST = 10_000


def _open(name: str) -> models.GeneratedField:
    # SECURITY: what search reads of a part; nothing of one that not every reader of the plan has.
    is_open = When(opens_to=OpensTo.ALL, classification=0, is_removed=False, then=F(name))
    return models.GeneratedField(
        expression=Case(is_open, default=Value(""), output_field=models.TextField()),
        output_field=models.TextField(), db_persist=True,
    )  # fmt: skip


class Part(LabelledRow):
    """A part of a plan: what is said of it, and who reads it.

    COMPUTED DATA, kept by the database: `code` (drawn by lot, so that it tells of no other part), `version`,
    `is_changed`: whether it is otherwise than in the version that circulates. `readers` are principals of
    contributing organisations, for a part that opens to named ones.
    """

    record_column = "plan_id"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(_("part"), max_length=16, choices=PartKind)
    code = models.CharField(_("code"), max_length=8, db_default="", editable=False)
    order = models.PositiveIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    details = text_of(_("details"), DETAILS_MOST)
    opens_to = models.CharField(_("who reads it"), max_length=12, choices=OpensTo, default=OpensTo.ALL)
    readers = ArrayField(
        models.IntegerField(), verbose_name=_("organisations that read it"), default=list, blank=True
    )
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    is_removed = models.BooleanField(_("taken out"), default=False, editable=False)
    is_changed = models.BooleanField(db_default=True, editable=False)
    version = models.PositiveIntegerField(db_default=1, editable=False)
    open_title = _open("title")
    open_text = _open("details")

    class Meta:
        verbose_name = _("part of a plan")
        verbose_name_plural = _("parts of a plan")
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["plan", "kind", "order", "id"], name="joint_plans_part_order")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_narrow(self) -> bool:
        """Whether not every reader of the plan reads it."""
        return self.opens_to != OpensTo.ALL or self.classification > 0


def _of_plan() -> models.ForeignKey[JointPlan, JointPlan]:
    """The plan of the part, once more: what a plan's details of a kind are found by, and their wall tested by."""
    return models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="+", editable=False)


class Activity(Part):
    """Who does what, where, from when until when."""

    part_ptr = models.OneToOneField(
        Part, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="activity"
    )
    of_plan = _of_plan()
    # WHY: the objective may be hidden from whoever reads the activity; it is then not named.
    objective = models.ForeignKey(
        Part, on_delete=models.SET_NULL, null=True, blank=True, related_name="serves",
        verbose_name=_("objective"), limit_choices_to=Q(kind=PartKind.OBJECTIVE),
    )  # fmt: skip
    lead = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead"),
    )
    supports = ArrayField(models.BigIntegerField(), verbose_name=_("supported by"), default=list, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    needs = text_of(_("what it takes"), 2000)
    progress = models.CharField(
        _("progress"), max_length=12, choices=Progress, default=Progress.PLANNED, editable=False
    )
    report = text_of(_("where it stands"), 2000, editable=False)
    reported_at = models.DateTimeField(_("reported"), null=True, editable=False)
    may_hint = models.BooleanField(
        _("others may learn whom to ask"), default=True,
        help_text=_(
            "If others, who cannot read it, plan something in the same area and time, they learn which position "
            "to coordinate with. They learn nothing else."
        ),
    )  # fmt: skip

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(fields=["area", "starts_on", "ends_on"], name="joint_plans_activity_place"),
            models.Index(fields=["lead", "starts_on"], name="joint_plans_activity_lead"),
        ]


class Assumption(Part):
    """What is taken for granted, until when, and which record breaks it.

    `watched` is the UUID of a record, `breaks_in` are its states that break the assumption. Whoever ties an
    assumption to a record reads that record; readers of the assumption learn that it does not hold any more, and
    no more.
    """

    part_ptr = models.OneToOneField(
        Part, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="assumption"
    )
    of_plan = _of_plan()
    holds_until = models.DateField(_("assumed until"), null=True, blank=True)
    watched = models.UUIDField(null=True, editable=False)
    watch = models.CharField(_("breaks when"), max_length=8, choices=Watch, blank=True, default="")
    breaks_in = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    then = text_of(_("what must happen then"), 2000)
    assumed = models.CharField(
        _("still assumed"), max_length=8, choices=Assumed, default=Assumed.HOLDS, editable=False
    )
    tripped_at = models.DateTimeField(_("does not hold since"), null=True, editable=False)

    class Meta:
        verbose_name = _("assumption")
        verbose_name_plural = _("assumptions")
        indexes = [models.Index(fields=["watched"], name="joint_plans_assumption_watch")]


class DecisionPoint(Part):
    """What has to be decided, by whom, until when; and what was."""

    part_ptr = models.OneToOneField(
        Part, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="decision_point"
    )
    of_plan = _of_plan()
    decide_by = models.DateTimeField(_("to be decided by"), null=True, blank=True)
    decider = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    outcome = text_of(_("what was decided"), 2000, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)

    class Meta:
        verbose_name = _("decision point")
        verbose_name_plural = _("decision points")


def _scale(label: object) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)],  # type: ignore[arg-type]
        help_text=_("1 to 5"),
    )  # fmt: skip


class Risk(Part):
    """What may go wrong, how likely, how bad, and what is done about it."""

    part_ptr = models.OneToOneField(
        Part, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="risk"
    )
    of_plan = _of_plan()
    likelihood = _scale(_("likelihood"))
    impact = _scale(_("impact"))
    mitigation = text_of(_("what is done about it"), 2000)
    owner = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")

    @property
    def weight(self) -> int | None:
        """Likelihood times impact, 1 to 25; None where one of them is not said."""
        return self.likelihood * self.impact if self.likelihood and self.impact else None


class Indicator(Part):
    """By what it is seen whether the plan works."""

    part_ptr = models.OneToOneField(
        Part, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="indicator"
    )
    of_plan = _of_plan()
    objective = models.ForeignKey(
        Part, on_delete=models.SET_NULL, null=True, blank=True, related_name="measured_by",
        verbose_name=_("objective"), limit_choices_to=Q(kind=PartKind.OBJECTIVE),
    )  # fmt: skip
    unit = models.CharField(_("unit"), max_length=60, blank=True, default="")
    baseline = models.DecimalField(_("baseline"), max_digits=16, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=2, null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")


class Reading(models.Model):
    """What an indicator showed on a day: appended; a mistake is mended by another reading of that day."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="+", editable=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="readings")
    on = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    note = models.CharField(_("where it comes from"), max_length=300, blank=True, default="")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.value}"
