"""Where an exercise is played: a mission of its own, that is an exercise as a whole."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Mission

from .plan import JointPlan


class Play(models.Model):
    """The mission in which the exercise of a plan is played; who holds no position there is not told its name."""

    id = models.BigAutoField(primary_key=True)
    plan = models.OneToOneField(JointPlan, on_delete=models.CASCADE, related_name="play")
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="+", verbose_name=_("played in")
    )

    class Meta:
        verbose_name = _("where an exercise is played")
        verbose_name_plural = _("where exercises are played")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.mission_id}"
