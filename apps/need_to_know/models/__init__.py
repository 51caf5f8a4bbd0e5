"""What need-to-know stores: explicit grants, requests for access, emergency accesses, the log of reads."""

from .access import AccessRequest, AccessRequestTarget, Wanted
from .emergency import EmergencyAccess, Verdict
from .grants import Grant, RecordGroupObjectPermission, RecordUserObjectPermission, Right
from .reading import Channel, ReadHead, ReadLog

__all__ = [
    "AccessRequest",
    "AccessRequestTarget",
    "Channel",
    "EmergencyAccess",
    "Grant",
    "ReadHead",
    "ReadLog",
    "RecordGroupObjectPermission",
    "RecordUserObjectPermission",
    "Right",
    "Verdict",
    "Wanted",
]
