"""Tables of the kernel. All but the workflow's own edges are read through row-level security (`need_to_know`)."""

from .attached import Attachment, Comment, RecordLink
from .history import Addressee, Change, Event, Step, WorkflowEdge
from .labelled import LabelledRow
from .record import Record
from .withheld import Withheld

__all__ = [
    "Addressee",
    "Attachment",
    "Change",
    "Comment",
    "Event",
    "LabelledRow",
    "Record",
    "RecordLink",
    "Step",
    "Withheld",
    "WorkflowEdge",
]
