"""JointPlan: what for, where, from when until when, with whom; what contributors said of it. Parts have a module."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.joint_plans.vocabulary import Answer, PlanKind, Standing
from apps.mission.models import Mission, Organisation, Position
from apps.records.models import Record, RecordLink


def text_of(label: Any, most: int = 4000, **more: Any) -> models.TextField[str, str]:
    """A text of at most so many characters, empty unless something is said."""
    return models.TextField(
        label, max_length=most, blank=True, default="", validators=[MaxLengthValidator(most)], **more
    )


class JointPlan(Record):
    """A plan of several organisations.

    COMPUTED DATA, kept by the database: `edition` is the number of the version that circulates (0: none yet),
    `trips_at` the moment at which the clock reopens the plan: an assumption that does not hold any more, one that is
    not assumed for longer, or the day of its review.
    """

    record_ptr = models.OneToOneField(
        Record, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_joint_plan"
    )
    purpose = text_of(_("purpose"))
    end_state = text_of(_("what is reached when it is done"))
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    coordinator = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("coordinated by"),
    )  # fmt: skip
    lessons = text_of(_("after-action review"), 10_000)
    edition = models.PositiveIntegerField(_("version"), db_default=0, editable=False)
    trips_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("joint plan")
        verbose_name_plural = _("joint plans")

    def clean(self) -> None:
        """The end does not lie before the beginning, nor the review before it."""
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _now("The end must not lie before the beginning.")})
        if self.pk and not self.mission.is_exercise:
            self._stays_what_it_is()

    def _stays_what_it_is(self) -> None:
        """Once it circulated, an exercise stays one and real work stays real; the database holds to the same."""
        before = JointPlan.objects.filter(pk=self.pk).values_list("kind", "edition").first()
        if before is None or before[0] == self.kind or PlanKind.EXERCISE not in (before[0], self.kind):
            return
        if before[1]:
            raise ValidationError(
                {"kind": [_now("It has circulated: an exercise stays one, and real work stays real.")]}
            )
        if RecordLink.objects.filter(Q(source_id=self.pk) | Q(target_id=self.pk)).exists():
            raise ValidationError(
                {"kind": [_now("It is linked to other records. An exercise and real work are never linked.")]}
            )


class Contributor(models.Model):
    """An organisation that takes part, and the position that answers for it.

    COMPUTED DATA, kept by the database: `asked` is the last version that changed something which this organisation
    reads, `answered` the version that it answered last, `answer` what it said then. An answer holds until something
    changes that the organisation reads.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="contributors")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("who answers for it")
    )
    standing = models.CharField(
        _("takes part as"), max_length=12, choices=Standing, default=Standing.CONTRIBUTOR
    )
    asked = models.PositiveIntegerField(db_default=0, editable=False)
    answered = models.PositiveIntegerField(_("version answered"), db_default=0, editable=False)
    answer = models.CharField(
        _("answer"), max_length=12, choices=Answer, blank=True, db_default="", editable=False
    )

    class Meta:
        verbose_name = _("contributing organisation")
        verbose_name_plural = _("contributing organisations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "organisation"], name="joint_plans_contributor_once")
        ]
        indexes = [models.Index(fields=["position", "plan"], name="joint_plans_contributor_post")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.standing}"

    @property
    def is_awaited(self) -> bool:
        """Whether it has not answered what it was last asked."""
        return self.standing != Standing.INFORMED and self.answered < self.asked


class Concurrence(models.Model):
    """What an organisation said of a version: appended, never changed. Every reader of the plan reads it."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="concurrences")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    number = models.PositiveIntegerField(_("version"))
    answer = models.CharField(_("answer"), max_length=12, choices=Answer)
    comment = text_of(_("comment"))
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("answer of a contributing organisation")
        verbose_name_plural = _("answers of contributing organisations")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number} {self.answer}"


class PlanRule(models.Model):
    """Who endorses plans of a kind, and how often they are reviewed: a setting of the mission, no doctrine in code."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="plan_rules", verbose_name=_("mission")
    )
    kind = models.CharField(_("kind of plan"), max_length=12, choices=PlanKind)
    endorsed_by = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("endorsed by"), help_text=_("Left empty: any position that is a decision authority."),
    )  # fmt: skip
    review_days = models.PositiveSmallIntegerField(
        _("days after which an active plan is reviewed"), default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("Proposed as the day of its review; whoever keeps the plan may set another."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rule on a kind of plan")
        verbose_name_plural = _("rules on kinds of plans")
        ordering = ["kind", "id"]
        constraints = [models.UniqueConstraint(fields=["mission", "kind"], name="joint_plans_planrule_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def clean(self) -> None:
        """A position of the same mission."""
        super().clean()
        if self.endorsed_by is not None and self.endorsed_by.mission_id != self.mission_id:
            raise ValidationError({"endorsed_by": _now("Choose a position of this mission.")})
