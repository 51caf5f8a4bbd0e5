"""Which roles of a mission announce what, and how long an emergency may hold: a setting, never code."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.announcements.vocabulary import (
    EMERGENCIES_BY,
    EMERGENCY_HOURS,
    EMERGENCY_HOURS_MOST,
    NOTICES_BY,
    Kind,
)
from apps.mission.models import Mission
from apps.mission.vocabulary import Role


def notices_by() -> list[str]:
    """Roles that issue notices unless the mission says otherwise."""
    return [role.value for role in NOTICES_BY]


def emergencies_by() -> list[str]:
    """Roles that issue emergencies unless the mission says otherwise."""
    return [role.value for role in EMERGENCIES_BY]


class IssuingRules(models.Model):
    """Who may announce in a mission; without a row, the defaults hold."""

    mission = models.OneToOneField(
        Mission, on_delete=models.CASCADE, related_name="issuing_rules", verbose_name=_("mission")
    )
    notice_roles = ArrayField(
        models.CharField(max_length=4, choices=Role), verbose_name=_("roles that issue notices"), blank=True,
        default=notices_by,
    )  # fmt: skip
    emergency_roles = ArrayField(
        models.CharField(max_length=4, choices=Role), verbose_name=_("roles that issue emergencies"), blank=True,
        default=emergencies_by,
    )  # fmt: skip
    emergency_hours = models.PositiveSmallIntegerField(
        _("hours after which an emergency is over"), default=EMERGENCY_HOURS,
        validators=[MinValueValidator(1), MaxValueValidator(EMERGENCY_HOURS_MOST)],
        help_text=_("At the latest. Whoever issues one says an earlier moment; a new edition can extend it."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rules of who may announce")
        verbose_name_plural = _("rules of who may announce")

    def __str__(self) -> str:
        return str(self.mission)

    @classmethod
    def of(cls, mission_id: int) -> IssuingRules:
        """The mission's rules, or the defaults; one query."""
        return cls.objects.filter(mission_id=mission_id).first() or cls(mission_id=mission_id)

    def roles(self, kind: str) -> list[str]:
        """Roles whose positions may issue that kind; for no kind yet, those that may issue any."""
        if kind == Kind.EMERGENCY:
            return list(self.emergency_roles)
        return list(self.notice_roles) if kind else sorted({*self.notice_roles, *self.emergency_roles})

    def refusal(self, kind: str) -> str:
        """Why a position may not announce that kind, in words."""
        said = (
            _now("Your position does not issue emergencies. In this mission these do: %(roles)s.")
            if kind == Kind.EMERGENCY
            else _now("Your position does not issue notices. In this mission these do: %(roles)s.")
        )
        return said % {
            "roles": ", ".join(str(Role(role).label) for role in self.roles(kind)) or _now("nobody")
        }
