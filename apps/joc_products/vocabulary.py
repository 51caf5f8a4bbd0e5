"""Kinds of products and what became of a section. Codes and words alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What the Joint Operations Centre reports with."""

    DAILY = "daily", _("Daily situation report")
    WEEKLY = "weekly", _("Weekly situation report")
    MONTHLY = "monthly", _("Monthly report")
    SPECIAL = "special_incident", _("Special incident report")
    FLASH = "flash", _("Flash report")


#: Kinds that follow each other, each on its period; the others answer an incident.
PERIODIC = (Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY)


class SectionState(models.TextChoices):
    """What became of a section that somebody was asked for."""

    AWAITED = "awaited", pgettext_lazy("section", "Awaited")
    GIVEN = "given", pgettext_lazy("section", "Given")
    NOTHING = "nothing", _("Nothing to report")
    MISSING = "missing", _("Not received")
