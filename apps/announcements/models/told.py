"""What an announcement tells: the columns that it shares with each of its editions."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.announcements.vocabulary import Category, Certainty, Severity, Urgency

TEXT_MOST = 5000

#: Names of the columns below, and of those among them whose values are codes of CAP 1.2.
TEXTS = ("message", "instruction")
CODES = ("category", "urgency", "severity", "certainty")
TOLD = (*TEXTS, *CODES, "effective_at", "expires_at")


class Told(models.Model):
    """What is told, what to do, how urgent it is, and from when until when. Times are UTC."""

    message = models.TextField(
        _("what is told"), max_length=TEXT_MOST, blank=True, default="",
        validators=[MaxLengthValidator(TEXT_MOST)],
    )  # fmt: skip
    instruction = models.TextField(
        _("what to do"), max_length=TEXT_MOST, blank=True, default="",
        validators=[MaxLengthValidator(TEXT_MOST)],
    )  # fmt: skip
    category = models.CharField(_("category"), max_length=10, choices=Category, blank=True, default="")
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, blank=True, default="")
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True, default="")
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty, blank=True, default="")
    effective_at = models.DateTimeField(_("holds from"), null=True, blank=True)
    expires_at = models.DateTimeField(_("holds until"), null=True, blank=True)

    class Meta:
        abstract = True
