"""Pages of liaison offices: the portal's own record pages bound to this type, and the host."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.liaison_offices import shown
from apps.liaison_offices.record import LiaisonOfficeType
from apps.liaison_offices.views.naming import Naming
from apps.pages import views
from apps.pages.names import Names
from apps.records.registry import RecordType


class OfficeList(views.RecordList):
    """The list as people work from it."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType

    def context(self, listing: Any, saved: Any) -> dict[str, Any]:
        """With the ways to whom to call, and to who speaks to whom."""
        made = super().context(listing, saved)
        ways = [
            {"label": _("Whom to call"), "url": reverse("liaison_offices:who-to-call"), "icon": "radio"},
            {"label": _("Liaison matrix"), "url": reverse("liaison_offices:matrix"), "icon": "users"},
        ]
        made["actions"] = [*ways, *made["actions"]]
        return made


class OfficeNew(views.RecordNew):
    """Starting one."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficePrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficePdf(views.RecordPdf):
    """The print as a file."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType


class OfficeDetail(views.RecordDetail):
    """The page of an office: who is on duty, and when nobody is."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """Who is on duty now, gaps of the roster, and whose guest it is."""
        return shown.office_page(self.actor, record, contents)

    def template(self) -> str:
        """The generic page with the duty above everything else."""
        return "liaison_offices/office.html"


class OfficeHost(Naming):
    """Whose guest the office is."""

    record_type: ClassVar[type[RecordType]] = LiaisonOfficeType
