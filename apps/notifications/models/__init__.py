"""Tables of notifications. The outbox and the clocks are tables without a model: only the database touches them."""

from .calendar import CalendarFeed
from .notification import Digest, Message, Notification
from .outward import Call, PushDevice, Webhook, new_secret
from .preferences import (
    BouncedAddress,
    ClockRule,
    DefaultFrequency,
    Preference,
    Subscription,
)

__all__ = [
    "BouncedAddress", "CalendarFeed", "Call", "ClockRule", "DefaultFrequency", "Digest", "Message", "Notification",
    "Preference", "PushDevice", "Subscription", "Webhook", "new_secret",
]  # fmt: skip
