"""Tables of liaison; what hangs on a record is never wider than it, what stands between two is seen from both ends."""

from .engagement import Counterpart, Engagement, FollowUp
from .links import LiaisonLink
from .office import Channel, Host, LiaisonOffice, Officer, Responsibility, Shift
from .rules import LiaisonRule

__all__ = [
    "Channel",
    "Counterpart",
    "Engagement",
    "FollowUp",
    "Host",
    "LiaisonLink",
    "LiaisonOffice",
    "LiaisonRule",
    "Officer",
    "Responsibility",
    "Shift",
]
