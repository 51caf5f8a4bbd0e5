"""Pages of requests for information: the portal's own record pages bound to this type, and drafting the answer."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from apps.information_requests.answering import answer_draft
from apps.information_requests.models import InformationRequest
from apps.information_requests.record import InformationRequestType
from apps.mission.vocabulary import Role
from apps.pages import views
from apps.pages.names import Names
from apps.records.default_labels import default_label
from apps.records.errors import NotPermitted
from apps.records.models import Record
from apps.records.originators import FiledAs
from apps.records.registry import RecordType
from apps.records.transitions import exercised_by
from apps.releases.models import Release
from apps.releases.record import ReleaseType


class InformationRequestList(views.RecordList):
    """The list people work from."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestNew(views.RecordNew):
    """Starting a request."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestPdf(views.RecordPdf):
    """The print as a file."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType


class InformationRequestDetail(views.RecordDetail):
    """The request's page."""

    record_type: ClassVar[type[RecordType]] = InformationRequestType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """The way to the answer, for the position that drafts it."""
        if record.state != "assigned" or exercised_by(self.actor, record, Role.UNIT) is None:
            return {}
        return {"answer_url": InformationRequestType.url(record, "answer")}

    def template(self) -> str:
        """The generic page with the way to the answer."""
        return "information_requests/detail.html"


class AnswerDraft(views.RecordNew):
    """Starting the release that is to answer a request."""

    record_type: ClassVar[type[RecordType]] = ReleaseType
    request_asked: InformationRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, for the position that drafts."""
        self.uuid: UUID = kwargs.pop("uuid")
        return super().dispatch(request, *args, **kwargs)

    def forms(self, data: Any) -> tuple[Any, Any, Any]:
        """The forms; Http404 alike for a hidden and for a missing request, NotPermitted for all but the drafter."""
        found = InformationRequest.objects.filter(uuid=self.uuid, mission=self.actor.mission).first()
        if found is None:
            raise Http404
        self.request_asked = found
        self.position = exercised_by(self.actor, found, Role.UNIT)
        if self.position is None or found.state != "assigned":
            raise NotPermitted(_("Only the position to which it is assigned drafts the answer."))
        form, label, position = super().forms(data)
        form.fields["source"] = forms.CharField(
            label=_("Reference of the record it is drawn from"), max_length=30, required=False,
            help_text=_("The answer then has at least its label until its release authority signs."),
        )  # fmt: skip
        return form, label, position

    def proposed(self) -> Any:
        """A release on the place and sector asked about."""
        asked = self.request_asked
        return Release(
            mission=self.actor.mission, type=ReleaseType.key, state=ReleaseType.workflow.initial,
            area_id=asked.area_id, sector_id=asked.sector_id, priority=asked.priority,
            **default_label(self.actor, ReleaseType.key),
        )  # fmt: skip

    def ways(self) -> list[FiledAs]:
        """The position that drafts."""
        assert self.position is not None
        return [FiledAs(self.position, self.position.organisation)]

    def intro(self) -> str:
        """The question."""
        return _("Answer to %(reference)s: %(question)s") % {
            "reference": self.request_asked.reference,
            "question": self.request_asked.question,
        }

    def file(self, record: Any, filed_as: FiledAs) -> Any:
        """Store it, tied to the request; a hidden source and a missing one give the same answer."""
        wanted, source = self.source_named(), None
        if wanted:
            source = Record.objects.filter(reference=wanted, mission=self.actor.mission).first()
            if source is None:
                raise ValidationError({"source": [_("There is no such record that you can open.")]})
        return answer_draft(self.actor, request=self.request_asked, release=record, source=source)

    def source_named(self) -> str:
        """The reference typed, as references are written."""
        return str(self.request.POST.get("source", "")).replace("\0", "").strip().upper()
