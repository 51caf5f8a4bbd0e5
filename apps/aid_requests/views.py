"""Pages of aid requests: the portal's own record pages bound to this type, and the decision sheet."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from apps.aid_requests.record import CRITERIA_FIELDS, AidRequestType
from apps.joint_plans.raising import RaisedFromActivity
from apps.pages import views
from apps.records.registry import RecordType


class AidRequestList(views.RecordList):
    """The list people work from."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestNew(RaisedFromActivity, views.RecordNew):
    """Starting a request, by itself or from the activity of a plan that the address names."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestDetail(views.RecordDetail):
    """The request's page."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestPdf(views.RecordPdf):
    """The print as a file."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


class AidRequestLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = AidRequestType


# They stand on the sheet as a table of their own, the title above all.
_SHOWN_ALREADY = frozenset({"title", "kind", "priority", *CRITERIA_FIELDS})


def _brief(section: dict[str, Any]) -> dict[str, Any]:
    """A section with its answers alone: without what stands elsewhere on the sheet, and what nobody answered."""
    answered = [
        field for field in section["fields"] if field.get("key") and field["key"] not in _SHOWN_ALREADY
    ]
    tables = [{**table, "hide_caption": len(section["tables"]) == 1} for table in section["tables"]]
    return {**section, "fields": answered, "tables": tables}


class DecisionSheet(views.RecordPrint):
    """The decision on one page, to be printed: what was asked, tested, advised and decided."""

    record_type: ClassVar[type[RecordType]] = AidRequestType
    template_name = "aid_requests/decision_sheet.html"
    printed: ClassVar[tuple[str, ...]] = (
        "need", "place", "last_resort", "escort", "uav", "humanitarian_side", "assessment",
    )  # fmt: skip

    def context_of(self, record: Any) -> dict[str, Any]:
        """The parts of the print view that a decision rests on, with the decision in front."""
        context = super().context_of(record)
        sections = {section["key"]: section for section in context["sections"]}
        return {
            **context,
            "heading": _("Decision sheet"),
            "decision": _brief(sections["decision"]) if "decision" in sections else None,
            "sections": [_brief(sections[key]) for key in self.printed if key in sections],
            "sheet_class": "brief",
            "criteria": [
                {"label": criterion.label, "text": text, "met": met}
                for criterion, text, met in record.criteria()
            ]
            if record.is_escort
            else [],
            "links": [],
            "timeline": [],
        }
