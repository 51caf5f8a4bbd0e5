"""Pages of groups: the portal's own record pages bound to this type."""

from __future__ import annotations

from typing import Any, ClassVar

from apps.pages import views
from apps.pages.names import Names
from apps.records.registry import RecordType
from apps.working_groups.group_shown import group_page
from apps.working_groups.record import WorkingGroupType


class GroupList(views.RecordList):
    """The list as people work from it."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupNew(views.RecordNew):
    """Starting one."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupPdf(views.RecordPdf):
    """The record as PDF."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType


class GroupDetail(views.RecordDetail):
    """The page of a group: when it meets, what it decided, what is open."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """Meetings, terms in force, decisions and action points."""
        return group_page(self.actor, record, contents, names)

    def template(self) -> str:
        """The generic page with the meetings above everything else."""
        return "working_groups/group.html"
