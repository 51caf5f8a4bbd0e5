"""What an organisation can give, by what it can do and never by unit, place or number; and what is promised of it.

A resource has row policies of its own; a promise is read by who reads its activity, and by who keeps the resource.
That one resource is not promised twice for the same time is an exclusion constraint, `joint_plans_promise_once`.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.joint_plans.vocabulary import OffersTo, Promised, ResourceBasis
from apps.mission.models import Mission, Organisation, Position
from apps.mission.vocabulary import RequestKind
from apps.records.models import Record

from .parts import Part
from .plan import JointPlan, text_of


class Resource(models.Model):
    """A class of what an organisation can give, such as “heavy lift”; `readers` are principals of organisations."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+", editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("given by")
    )
    keeper = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("promised by")
    )
    capability = models.CharField(_("what it can do"), max_length=200)
    kind = models.CharField(_("kind of support"), max_length=24, choices=RequestKind)
    notice_hours = models.PositiveSmallIntegerField(
        _("hours of notice"), default=48, validators=[MaxValueValidator(2160)]
    )
    basis = models.CharField(_("cost"), max_length=16, choices=ResourceBasis, default=ResourceBasis.NO_COST)
    conditions = text_of(_("conditions"), 1000)
    opens_to = models.CharField(
        _("who learns of it"), max_length=12, choices=OffersTo, default=OffersTo.MISSION
    )
    readers = ArrayField(
        models.IntegerField(), verbose_name=_("organisations that learn of it"), default=list, blank=True
    )
    is_active = models.BooleanField(_("is offered"), default=True)

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["kind", "capability", "id"]
        indexes = [
            models.Index(fields=["mission", "kind"], name="joint_plans_resource_kind"),
            models.Index(fields=["keeper"], name="joint_plans_resource_keeper"),
        ]

    def __str__(self) -> str:
        return self.capability


class Promise(models.Model):
    """A resource asked for, for an activity, from a moment until another; and what its keeper said."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="promises", editable=False)
    # WHY: the database takes promises away with a part that never circulated, also those that its planner has not.
    part = models.ForeignKey(Part, on_delete=models.DO_NOTHING, related_name="+", editable=False)
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="promises", verbose_name=_("resource")
    )
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    state = models.CharField(
        _("state"), max_length=12, choices=Promised, default=Promised.ASKED, editable=False
    )
    note = text_of(_("what for"), 500)
    reason = text_of(_("reason"), 500, editable=False)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(_("asked"), db_default=Now(), editable=False)
    settled_at = models.DateTimeField(_("answered"), null=True, editable=False)

    class Meta:
        verbose_name = _("promise of a resource")
        verbose_name_plural = _("promises of resources")
        ordering = ["starts", "id"]
        indexes = [models.Index(fields=["resource", "state", "starts"], name="joint_plans_promise_when")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.state}"


class PartLink(models.Model):
    """A record that was raised from a part of a plan: read by who reads the part and the record."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.DO_NOTHING, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("record raised from a plan")
        verbose_name_plural = _("records raised from plans")
        ordering = ["id"]
        indexes = [models.Index(fields=["plan", "part"], name="joint_plans_partlink_part")]

    def __str__(self) -> str:
        return f"{self.part_id} {self.record_id}"
