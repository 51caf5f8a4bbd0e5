"""The fixed terms of liaison: codes that code compares, labels that people read. No models."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Cover(models.TextChoices):
    """When an office says that somebody is on duty."""

    ALWAYS = "always", _("Day and night, every day")
    DAILY = "daily", _("Every day between these hours")
    NONE = "none", _("It has no duty roster")


class ChannelKind(models.TextChoices):
    """How an office is reached."""

    PHONE = "phone", _("Telephone")
    MOBILE = "mobile", _("Mobile telephone")
    SATELLITE = "satellite", _("Satellite telephone")
    RADIO = "radio", _("Radio")
    EMAIL = "email", _("E-mail")
    OTHER = "other", _("Other channel")


#: Channels that one dials.
DIALLED = (ChannelKind.MOBILE, ChannelKind.PHONE, ChannelKind.SATELLITE)


class OfficerFunction(models.TextChoices):
    """What a position is to an office."""

    PRIMARY = "primary", _("Primary")
    ALTERNATE = "alternate", _("Alternate")


class Level(models.TextChoices):
    """At which level two organisations speak to each other."""

    STRATEGIC = "strategic", _("Strategic")
    OPERATIONAL = "operational", _("Operational")
    TACTICAL = "tactical", _("Tactical")


class Mode(models.TextChoices):
    """How two organisations are in touch."""

    COLOCATION = "co_location", _("Co-location")
    EXCHANGE = "exchange", _("Liaison exchange")
    INTERLOCUTOR = "interlocutor", _("Interlocutor")
    AD_HOC = "ad_hoc", _("Ad hoc")


class EngagementKind(models.TextChoices):
    """What kind of encounter it was."""

    CONTACT = "contact", _("Contact report")
    MEETING = "meeting", _("Meeting")
    KEY_LEADER = "key_leader", _("Key-leader engagement")


class FollowUpState(models.TextChoices):
    """How far a follow-up has come."""

    OPEN = "open", pgettext_lazy("follow-up", "Open")
    DONE = "done", pgettext_lazy("follow-up", "Done")
    DROPPED = "dropped", pgettext_lazy("follow-up", "Dropped")
