"""What was planned, said and agreed with whom, and what follows from it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.liaison_offices.vocabulary import FollowUpState
from apps.mission.models import Position
from apps.records.models import Record
from apps.stakeholders.models import Stakeholder

TEXT_MOST = 5000


def _text(label: Any) -> models.TextField[str, str]:
    return models.TextField(
        label, max_length=TEXT_MOST, blank=True, default="", validators=[MaxLengthValidator(TEXT_MOST)]
    )


class Engagement(Record):
    """A contact, a meeting or a key-leader engagement: planned, then reported.

    What was said, its assessment and the plan are for the record's parties; what was agreed is for every reader.
    """

    # WHY: by its own name the way back would meet a field of stakeholders, which are records too.
    record_ptr = models.OneToOneField(
        Record, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_engagement"
    )
    planned_for = models.DateTimeField(_("planned for"), null=True, blank=True)
    objective = _text(_("objective"))
    cultural_notes = _text(_("customs to mind"))
    talking_points = _text(_("talking points"))
    plan = _text(_("plan of the engagement"))
    red_lines = _text(_("red lines"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True, default="")
    participants = _text(_("who took part"))
    said = _text(_("what was said"))
    agreed = _text(_("what was agreed"))
    assessment = _text(_("assessment"))

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")


class Counterpart(models.Model):
    """With whom; visible if, and only if, both records are."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="counterparts")
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="engagements")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("counterpart")
        verbose_name_plural = _("counterparts")
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "stakeholder"], name="liaison_offices_counterpart_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.stakeholder_id}"


class FollowUp(models.Model):
    """What somebody is to do after it. The position that owns it settles it without the right to edit the record."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="follow_ups")
    what = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("by whom"))
    due = models.DateField(_("by when"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=FollowUpState, default=FollowUpState.OPEN)
    note = models.CharField(_("what came of it"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("due", "id")
        indexes = [models.Index(fields=["owner", "state"], name="liaison_offices_followup_owner")]

    def __str__(self) -> str:
        return self.what
