"""The words of notifications: why somebody is told, how often, by which channel, and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a person is told, the strongest first: whoever has several reasons is told once, for the first of them."""

    EMERGENCY = "emergency", _("Emergency")
    NEEDS_ME = "needs_me", _("Needs me")
    MENTION = "mention", _("Mentioned")
    SHARED = "shared", _("Shared with me")
    ANNOUNCEMENT = "announcement", _("Announcement")
    PART = "part", _("I take part")
    FOLLOW = "follow", _("I follow it")


class Topic(models.TextChoices):
    """What a notification without an event is about; its `subject` is the UUID of that thing."""

    ACCESS_ANSWERED = "access_answered", _("Your request for access was answered")
    EMERGENCY_REVIEWED = "emergency_reviewed", _("Your emergency access was reviewed")
    HANDOVER = "handover", _("You took over a position")
    RESOURCE_ASKED = "resource_asked", _("A resource is asked of you")
    RESOURCE_PROMISED = "resource_promised", _("A resource that you asked for is promised")
    RESOURCE_DECLINED = "resource_declined", _("A resource that you asked for is declined")
    RESOURCE_RELEASED = "resource_released", _("A resource is released")


class Kind(models.TextChoices):
    """What people set a frequency for."""

    NEEDS_ME = "needs_me", _("What needs me")
    MENTIONS = "mentions", _("Mentions, and what is shared with me")
    ANNOUNCEMENTS = "announcements", _("Announcements")
    PART = "part", _("What I filed or take part in")
    FOLLOW = "follow", _("What I follow")


class Frequency(models.TextChoices):
    """When mail about it goes out. The inbox of the portal has all of it at once."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("In a daily digest")
    WEEKLY = "weekly", _("In a weekly digest")
    INBOX = "inbox", _("Only in the inbox")


class Channel(models.TextChoices):
    """Ways to a person beside the inbox."""

    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Push message")


class MessageState(models.TextChoices):
    """What became of a message."""

    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Not needed any more")
    DEAD = "dead", _("Failed")


KIND_OF: dict[str, Kind] = {
    Reason.EMERGENCY: Kind.NEEDS_ME,
    Reason.NEEDS_ME: Kind.NEEDS_ME,
    Reason.MENTION: Kind.MENTIONS,
    Reason.SHARED: Kind.MENTIONS,
    Reason.ANNOUNCEMENT: Kind.ANNOUNCEMENTS,
    Reason.PART: Kind.PART,
    Reason.FOLLOW: Kind.FOLLOW,
}

#: Why a message was not sent or was given up; codes alone, never what a server said.
CODES = {
    "gone": _("The reader may not read it any more, or it is settled."),
    "read": _("It was read before it was due."),
    "bounced": _("Mail to this address comes back."),
    "inactive": _("The account is closed, or holds no position any more."),
    "no_device": _("No device takes push messages any more."),
    "refused": _("The other server refused it."),
    "unreachable": _("The other server could not be reached."),
    "forbidden": _("The address may not be reached from the portal."),
    "broken": _("The portal could not write it. The log says more."),
}
