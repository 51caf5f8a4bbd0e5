"""Pages of engagements: the portal's own record pages bound to this type, and with whom they were held."""

from __future__ import annotations

from typing import Any, ClassVar

from apps.liaison_offices import shown
from apps.liaison_offices.record import EngagementType
from apps.liaison_offices.views.naming import Naming
from apps.pages import views
from apps.pages.names import Names
from apps.records.registry import RecordType


class EngagementList(views.RecordList):
    """The list as people work from it."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementNew(views.RecordNew):
    """Starting one."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementPdf(views.RecordPdf):
    """The print as a file."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = EngagementType


class EngagementDetail(views.RecordDetail):
    """The page of an engagement: with whom, what was agreed, what follows."""

    record_type: ClassVar[type[RecordType]] = EngagementType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """With whom it is held, and which follow-ups may become action points."""
        return shown.engagement_page(self.actor, record, contents)

    def template(self) -> str:
        """The generic page with the counterparts above everything else."""
        return "liaison_offices/engagement.html"


class EngagementCounterparts(Naming):
    """With whom it is held."""

    record_type: ClassVar[type[RecordType]] = EngagementType
