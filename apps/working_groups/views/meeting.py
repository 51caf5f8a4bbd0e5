"""Pages of meetings: the portal's own record pages bound to this type, with agenda, minutes and attendance."""

from __future__ import annotations

from typing import Any, ClassVar

from apps.pages import views
from apps.pages.documents import Document
from apps.pages.names import Names
from apps.records.registry import RecordType
from apps.working_groups import shown
from apps.working_groups.record import MeetingType


class MeetingList(views.RecordList):
    """The list as people work from it."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingNew(views.RecordNew):
    """Starting one."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingPrint(views.RecordPrint):
    """The minutes on paper; before there are any, the agenda."""

    record_type: ClassVar[type[RecordType]] = MeetingType
    template_name = "working_groups/print.html"

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """The parts of the document in place of the record's sections."""
        return shown.meeting_print(self.actor, record)


class MeetingPdf(views.RecordPdf):
    """The same as PDF."""

    record_type: ClassVar[type[RecordType]] = MeetingType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """The same parts."""
        return shown.meeting_print(self.actor, record)

    def document(self, context: dict[str, Any]) -> Document:
        """The minutes."""
        return shown.minutes_on_paper(context)


class MeetingExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = MeetingType


class MeetingDetail(views.RecordDetail):
    """The page of a meeting: when and where, its agenda with minutes and what came of them, who takes part."""

    record_type: ClassVar[type[RecordType]] = MeetingType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """All of that."""
        return shown.meeting_page(self.actor, record, names, contents)

    def template(self) -> str:
        """The generic page with the meeting above everything else."""
        return "working_groups/meeting.html"
