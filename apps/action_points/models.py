"""ActionPoint: what is to be done, by which position, until when, and who verifies it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Position
from apps.records.models import Record

TEXT_MOST = 5000


class ActionPoint(Record):
    """Something that one position is to do. Its title says what; `needed_by` is its due moment.

    `verifier` empty means the position that filed it. `body` is the principal of the working group it belongs to,
    set by services. The record it arose from stands in a `RecordLink`, seen by those who read both.
    """

    record_ptr = models.OneToOneField(
        Record, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_action_point"
    )
    details = models.TextField(
        _("details"), max_length=TEXT_MOST, blank=True, default="", validators=[MaxLengthValidator(TEXT_MOST)]
    )
    owner = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    verifier = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who verifies it"),
    )  # fmt: skip
    body = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("working group"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("action point")
        verbose_name_plural = _("action points")

    def clean(self) -> None:
        """Refuse people who cannot be given it, one position twice, and a label below that of what it arose from."""
        from apps.action_points import labels, rules

        super().clean()
        errors: dict[str, Any] = {**rules.people_refused(self)}
        if self.pk is not None:
            errors |= labels.below_sources(self)
        if errors:
            raise ValidationError(errors)
