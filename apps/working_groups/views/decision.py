"""Pages of decisions: the portal's own record pages bound to this type."""

from __future__ import annotations

from typing import Any, ClassVar

from apps.pages import views
from apps.pages.names import Names
from apps.records.registry import RecordType
from apps.working_groups.decision_shown import decision_page
from apps.working_groups.record import DecisionType


class DecisionList(views.RecordList):
    """The list as people work from it."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionNew(views.RecordNew):
    """Starting one."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionPdf(views.RecordPdf):
    """The record as PDF."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = DecisionType


class DecisionDetail(views.RecordDetail):
    """The page of a decision: its words first, then what they replace and where they came from."""

    record_type: ClassVar[type[RecordType]] = DecisionType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """Its words, and what stands around them."""
        return decision_page(self.actor, record, contents, names)

    def template(self) -> str:
        """The generic page with the words above everything else."""
        return "working_groups/decision.html"
