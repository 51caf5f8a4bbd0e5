"""Generic pages of records. A domain app binds each in its `urls.py`: `RecordList.as_view(record_type=…)`."""

from .attached import AttachmentAdd, AttachmentDownload, CommentAdd, LinkAdd
from .lists import AudiencePreview, RecordExport, RecordList
from .paper import RecordPdf
from .reads import RecordReads, RecordStill
from .record import RecordDetail, RecordHistory, RecordPrint, RecordTransition
from .share_many import ShareMany
from .sharing import RecordShare
from .steps import RecordEdit, RecordNew

__all__ = [
    "AttachmentAdd",
    "AttachmentDownload",
    "AudiencePreview",
    "CommentAdd",
    "LinkAdd",
    "RecordDetail",
    "RecordEdit",
    "RecordExport",
    "RecordHistory",
    "RecordList",
    "RecordNew",
    "RecordPdf",
    "RecordPrint",
    "RecordReads",
    "RecordShare",
    "RecordStill",
    "RecordTransition",
    "ShareMany",
]
