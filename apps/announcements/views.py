"""Pages of announcements: the portal's own record pages bound to this type, who has read one, and CAP."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.announcements import cap, reading, selectors
from apps.announcements.record import AnnouncementType
from apps.announcements.services import acknowledge
from apps.mission.vocabulary import Scope
from apps.pages import errors, readers, views
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.pages.views.outgoing import OutgoingPage
from apps.records.errors import IllegalTransition, NotPermitted, RecordError, StaleRecord
from apps.records.originators import FiledAs
from apps.records.registry import RecordType
from apps.records.services import originates
from apps.records.workflow import Transition


class AnnouncementList(views.RecordList):
    """The list people work from."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementNew(views.RecordNew):
    """Starting an announcement."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementDetail(views.RecordDetail):
    """The announcement's page."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """How it stands, whether the reader has said to have read it, who sees that, and the way to CAP."""
        if not record.edition:
            return {}
        context: dict[str, Any] = {
            "cap_url": AnnouncementType.url(record, "cap"),
            "alerts": reading.alerts(record, contents.timeline),
        }
        if record.needs_acknowledgement:
            wrote = {row.actor_id for row in contents.children["editions"] if row.number == record.edition}
            ours = originates(self.actor, record)
            context["reading"] = {
                "url": AnnouncementType.url(record, "acknowledge"),
                "edition": record.edition,
                "said": selectors.acknowledgement_of(self.actor, record),
                "asked": record.state == "issued" and self.actor.user_id not in wrote,
                "page_url": AnnouncementType.url(record, "acknowledgements") if ours else "",
            }
        return context

    def template(self) -> str:
        """The generic page with the reader's own word."""
        return "announcements/detail.html"


class Acknowledge(RecordPage):
    """The button “I have read this”."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType
    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Note it and go back to the announcement; pressed again, nothing changes."""
        record = self.record_or_404(uuid)
        shown = request.POST.get("edition", "")
        try:
            if not shown.isdecimal() or len(shown) > 4:
                raise StaleRecord
            acknowledge(self.actor, record=record, edition=int(shown))
        except RecordError as error:
            return self.refused(record, error, errors.status_of(error))
        messages.success(request, _("Noted: you have read this."))
        return redirect(AnnouncementType.url(record))


class Acknowledgements(RecordPage):
    """Who has said that they read the edition in force and who has not, for the originator's own people."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Numbers by organisation, and a page of those who have not."""
        record, names = self.record_or_404(uuid), Names(self.actor)
        if not originates(self.actor, record):
            return self.refused(record, NotPermitted(_("Only the originator’s own people see this.")), 403)
        context = head(AnnouncementType, record, names)
        context["announcement"] = {"edition": record.edition, "asks": record.needs_acknowledgement}
        if record.edition:
            asked = reading.wanted(request.GET)
            roll = selectors.read_by(self.actor, record, asked.page)
            context |= reading.page_context(roll, asked, AnnouncementType.url(record, "acknowledgements"))
        return render(request, "announcements/acknowledgements.html", context)


class CapFile(RecordPage, OutgoingPage):
    """The announcement as CAP 1.2, with its marking."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        """The file, once it was issued."""
        record = self.record_or_404(uuid)
        if not record.edition:
            return self.refused(record, IllegalTransition(cap.NOT_ISSUED), 409)
        asked = self.question([record], AnnouncementType.url(record))
        return asked or cap.answer(self.actor, record, request.build_absolute_uri(record.get_absolute_url()))

    post = get


class AnnouncementTransition(views.RecordTransition):
    """A step of the workflow; issuing shows who will be told."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType

    def template(self) -> str:
        """The generic page with a preview of the audience."""
        return "announcements/transition.html"

    def more(self, record: Any, step: Transition) -> dict[str, Any]:
        """For issuing: who would be told, and where to ask again for another choice."""
        if step.name != "issue":
            return {}
        wanted = self.request.POST.get("scope", "")
        proposed = Scope.PRIVATE if record.scope == Scope.PRIVATE else Scope.MISSION
        return {
            "audience": readers.proposed(
                self.actor, record=record, filed_as=FiledAs(record.author_position, record.originator),
                scope=wanted if wanted in Scope.values else proposed,
                classification=record.classification, compartments=record.compartments,
                data_types=record.data_types,
            ),
            "audience_preview_url": f"{reverse('announcements:preview')}?record={record.uuid}",
        }  # fmt: skip


class AnnouncementHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementPdf(views.RecordPdf):
    """The print as a file."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType


class AnnouncementLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = AnnouncementType
