"""Announcement: what a mission, or part of it, is told at once, and until when that holds."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.announcements.vocabulary import Kind
from apps.mission.vocabulary import Priority
from apps.records.models import Record

from .told import CODES, TEXTS, Told

__all__ = ["CODES", "TEXTS", "Announcement"]


class Announcement(Told, Record):
    """A notice or an emergency broadcast, read by whoever its label lets in.

    Once issued, its text changes by an `Edition` alone: the database copies the edition here. An emergency has
    priority P1, always asks for acknowledgement and always ends.

    COMPUTED DATA: `edition`, the number of the edition in force; 0 while it is a draft.
    """

    needs_acknowledgement = models.BooleanField(_("readers say that they have read it"), default=False)
    edition = models.PositiveSmallIntegerField(_("edition"), default=0, editable=False)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    @property
    def is_emergency(self) -> bool:
        """Whether it is an emergency broadcast."""
        return self.kind == Kind.EMERGENCY

    def clean(self) -> None:
        """Make an emergency what an emergency is; refuse a kind that its position may not announce, and wrong times."""
        from apps.announcements.rules import kind_refusal

        super().clean()
        if self.is_emergency:
            self.priority, self.needs_acknowledgement = Priority.P1, True
        if self.effective_at and self.expires_at and self.expires_at <= self.effective_at:
            raise ValidationError({"expires_at": _("This lies before the moment from which it holds.")})
        if self.kind and self.author_position_id and (refusal := kind_refusal(self)):
            raise ValidationError({"kind": refusal})
