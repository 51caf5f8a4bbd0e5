"""Tables of the kernel. All but the workflow's own edges are read through row-level security (`need_to_know`)."""

from .attached import Attachment, Comment, RecordLink
from .history import Addressee, Change, Event, Step, WorkflowEdge
from .record import Record
from .withheld import Withheld

__all__ = [
    "Addressee",
    "Attachment",
    "Change",
    "Comment",
    "Event",
    "Record",
    "RecordLink",
    "Step",
    "Withheld",
    "WorkflowEdge",
]
