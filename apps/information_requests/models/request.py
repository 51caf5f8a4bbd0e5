"""InformationRequest: what somebody needs to know, what for, by when, and whom they ask."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Organisation
from apps.records.models import Record

TEXT_MOST = 5000


def _text(label: Any) -> models.TextField[Any, Any]:
    return models.TextField(
        label, max_length=TEXT_MOST, blank=True, default="", validators=[MaxLengthValidator(TEXT_MOST)]
    )


class InformationRequest(Record):
    """A request for information (RFI). It is answered by a release and by nothing else.

    `asked_of` empty means the mission's desk for such requests; asking fills it in. Times are UTC.
    """

    question = _text(_("what you need to know"))
    purpose = _text(_("what you need it for"))
    asked_of = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("whom you ask"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("request for information")
        verbose_name_plural = _("requests for information")

    def clean(self) -> None:
        """Refuse an organisation of another mission, or one where nobody takes requests in."""
        from apps.information_requests.positions import takes_requests

        super().clean()
        if self.asked_of_id is None:
            return
        if self.asked_of.mission_id != self.mission_id:  # type: ignore[union-attr]
            raise ValidationError({"asked_of": _("Choose an organisation of this mission.")})
        if not takes_requests(self.asked_of_id).exists():
            raise ValidationError({"asked_of": _("Nobody there takes in requests for information.")})
