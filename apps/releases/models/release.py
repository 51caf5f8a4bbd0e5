"""Release: what may be told of a restricted record, with a label and an audience of its own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.records.models import Record

TEXT_MOST = 10_000


class Release(Record):
    """A tear-line. Until it is signed, its label is at least that of everything it is drawn from.

    It names nothing of what it is drawn from: `Derivation` does, for whoever reads both ends. Its originator is
    the organisation that originated what it is drawn from, whoever wrote it. `valid_until` is UTC.
    """

    summary = models.TextField(
        _("what may be told"), max_length=TEXT_MOST, blank=True, default="",
        validators=[MaxLengthValidator(TEXT_MOST)],
    )  # fmt: skip
    handling = models.TextField(
        _("caveats and handling"), max_length=2000, blank=True, default="",
        validators=[MaxLengthValidator(2000)],
    )  # fmt: skip
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def clean(self) -> None:
        """Refuse a label below what the release is drawn from, each part with a message at its field."""
        super().clean()
        if self.pk is None:
            return
        from apps.releases.labels import label_of
        from apps.releases.selectors import floor_of, last_signature

        signature = last_signature(self)
        lowest = label_of(signature) if signature else floor_of(self)
        if lowest is not None and (below := label_of(self).below(lowest)):
            message: Any = _(
                "This is below what it is drawn from. Only a signature with a reason may lower it."
            )
            raise ValidationError({name: [message] for name in below})
