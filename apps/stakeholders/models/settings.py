"""Settings of a mission's register: who keeps files on organisations."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Mission
from apps.mission.vocabulary import Role


def keepers_by() -> list[str]:
    """Roles that keep files on organisations unless the mission says otherwise."""
    return [
        Role.CMCOORD.value, Role.CIMIC.value, Role.JOC.value, Role.CLUSTER.value, Role.REQUESTER.value,
        Role.SECURITY.value,
    ]  # fmt: skip


class Register(models.Model):
    """Which roles keep files on organisations; a mission without a row has the usual ones."""

    mission = models.OneToOneField(
        Mission, on_delete=models.CASCADE, related_name="register", verbose_name=_("mission")
    )
    keepers = ArrayField(
        models.CharField(max_length=4, choices=Role), verbose_name=_("roles that keep files on organisations"),
        default=keepers_by,
    )  # fmt: skip

    class Meta:
        verbose_name = _("register of stakeholders")
        verbose_name_plural = _("registers of stakeholders")

    def __str__(self) -> str:
        return str(self.mission)
