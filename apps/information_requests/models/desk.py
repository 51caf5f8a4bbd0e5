"""Which organisation of a mission takes in requests for information that name nobody: a setting, never code."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Mission, Organisation


class InformationDesk(models.Model):
    """The organisation that is asked where the asker names none; without a row, the one with the JOC."""

    mission = models.OneToOneField(
        Mission, on_delete=models.CASCADE, related_name="information_desk", verbose_name=_("mission")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )

    class Meta:
        verbose_name = _("desk for requests for information")
        verbose_name_plural = _("desks for requests for information")

    def __str__(self) -> str:
        return str(self.organisation)

    def clean(self) -> None:
        """An organisation of the mission, with a position that takes requests in."""
        from apps.information_requests.positions import takes_requests

        if not self.organisation_id:
            return
        if self.organisation.mission_id != self.mission_id:
            raise ValidationError({"organisation": _("Choose an organisation of this mission.")})
        if not takes_requests(self.organisation_id).exists():
            raise ValidationError({"organisation": _("Nobody there takes in requests for information.")})
