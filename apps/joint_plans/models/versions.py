"""What a plan said when it circulated: one row for a version, one for each part that it changed. Never changed."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.joint_plans.vocabulary import OpensTo
from apps.mission.models import Position
from apps.records.models import LabelledRow

from .parts import Part
from .plan import JointPlan, text_of


class PlanVersion(models.Model):
    """A version that was circulated, with what the plan said of itself. The database numbers and fills it."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"), default=0, editable=False)
    note = text_of(_("what changed and why"), 2000)
    content = models.JSONField(default=dict, editable=False)
    endorsed_at = models.DateTimeField(_("endorsed"), null=True, editable=False)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(_("circulated"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("version of a plan")
        verbose_name_plural = _("versions of a plan")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="joint_plans_planversion_once")
        ]

    def __str__(self) -> str:
        return str(self.number)


class PartVersion(LabelledRow):
    """A part as it was in the versions from `number` on, until the next row of that part.

    Read by those who read the part now and would have read it then.
    """

    record_column = "plan_id"

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    is_removed = models.BooleanField(_("taken out"), default=False)
    opens_to = models.CharField(_("who reads it"), max_length=12, choices=OpensTo)
    readers = ArrayField(models.IntegerField(), default=list)
    classification = models.PositiveSmallIntegerField(_("classification"))
    content = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("part of a version")
        verbose_name_plural = _("parts of a version")
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["part", "number"], name="joint_plans_partversion_once")
        ]
        indexes = [models.Index(fields=["plan", "number"], name="joint_plans_partversion_plan")]

    def __str__(self) -> str:
        return f"{self.part_id} {self.number}"
