"""Lesson: what was expected, what happened, why, and what to do next time; and for which records it is shown."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.lessons.teaching import topics
from apps.mission.models import Position
from apps.records.models import Record

TEXT_MOST = 6000
#: The texts that another person validates.
TEXTS = ("expected", "happened", "why", "next_time")


def _text(label: Any) -> models.TextField[str, str]:
    return models.TextField(
        label, max_length=TEXT_MOST, blank=True, default="", validators=[MaxLengthValidator(TEXT_MOST)]
    )


class Lesson(Record):
    """Something that was learnt. It shows on records like those it is for.

    What it arose from stands in a `RecordLink`, seen by those who read both: whoever reads the lesson alone learns
    nothing of it, not even that there is one. `applies_to` holds codes of types and their kinds (`teaching.topic`).
    """

    record_ptr = models.OneToOneField(
        Record, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_lesson"
    )
    expected = _text(_("what was expected"))
    happened = _text(_("what happened"))
    why = _text(_("why"))
    next_time = _text(_("what to do next time"))
    applies_to = ArrayField(
        models.CharField(max_length=82, choices=topics), verbose_name=_("what it is for"), default=list,
        blank=True,
    )  # fmt: skip
    validator = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("who validates it"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def clean(self) -> None:
        """A draft does not protect less than what it arose from; opening it further is a step of its own."""
        from apps.action_points.labels import below_sources

        super().clean()
        if self.pk is not None and (wrong := below_sources(self)):
            raise ValidationError(wrong)
