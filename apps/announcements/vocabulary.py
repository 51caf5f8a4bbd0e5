"""Fixed terms of announcements: kinds, and the code lists of CAP 1.2 (OASIS, July 2010). No models."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What sort of announcement it is."""

    NOTICE = "notice", _("Notice")
    EMERGENCY = "emergency", _("Emergency")


class Category(models.TextChoices):
    """CAP 1.2, alert.info.category."""

    GEO = "Geo", _("Geophysical, landslides included")
    MET = "Met", _("Weather, floods included")
    SAFETY = "Safety", _("Public safety")
    SECURITY = "Security", _("Security")
    RESCUE = "Rescue", _("Rescue and recovery")
    FIRE = "Fire", _("Fire")
    HEALTH = "Health", _("Health")
    ENV = "Env", _("Environment and pollution")
    TRANSPORT = "Transport", _("Transport")
    INFRA = "Infra", _("Infrastructure, supplies and telecommunication")
    CBRNE = "CBRNE", _("Chemical, biological, radiological, nuclear or explosive hazard")
    OTHER = "Other", pgettext_lazy("category", "Other")


class Urgency(models.TextChoices):
    """CAP 1.2, alert.info.urgency."""

    IMMEDIATE = "Immediate", _("Act at once")
    EXPECTED = "Expected", _("Act soon, within the next hour")
    FUTURE = "Future", _("Act in the near future")
    PAST = "Past", _("No action is needed any more")
    UNKNOWN = "Unknown", pgettext_lazy("urgency", "Not known")


class Severity(models.TextChoices):
    """CAP 1.2, alert.info.severity."""

    EXTREME = "Extreme", _("Extreme threat to life or property")
    SEVERE = "Severe", _("Significant threat to life or property")
    MODERATE = "Moderate", _("Possible threat to life or property")
    MINOR = "Minor", _("Minimal or no threat to life or property")
    UNKNOWN = "Unknown", pgettext_lazy("severity", "Not known")


class Certainty(models.TextChoices):
    """CAP 1.2, alert.info.certainty."""

    OBSERVED = "Observed", _("It has happened, or goes on")
    LIKELY = "Likely", _("Likely, more than 50%")
    POSSIBLE = "Possible", _("Possible, but not likely")
    UNLIKELY = "Unlikely", _("Not expected to happen")
    UNKNOWN = "Unknown", pgettext_lazy("certainty", "Not known")
