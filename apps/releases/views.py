"""Pages of releases: the portal's own record pages bound to this type, and drawing one from a record."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pages import errors, views
from apps.pages.forms import LabelForm
from apps.pages.names import Names
from apps.records import exercises
from apps.records.errors import RecordError
from apps.records.models import Record
from apps.records.originators import FiledAs
from apps.records.registry import RecordType
from apps.records.services import may_edit
from apps.records.workflow import Transition
from apps.releases.forms import DrawnLabelForm, SourceForm
from apps.releases.labels import label_of
from apps.releases.models import Release
from apps.releases.record import ReleaseType
from apps.releases.selectors import is_raised
from apps.releases.services import derive, drafting_position, release_draft


class ReleaseList(views.RecordList):
    """The list people work from."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseNew(views.RecordNew):
    """Starting a release that is drawn from no record of the portal."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseDraw(views.RecordNew):
    """Starting a release beside the record that it is drawn from, with that record's label."""

    record_type: ClassVar[type[RecordType]] = ReleaseType
    source: Record

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, for a record that the person reads."""
        self.uuid: UUID = kwargs.pop("uuid")
        return super().dispatch(request, *args, **kwargs)

    def forms(self, data: Any) -> tuple[Any, LabelForm, Any]:
        """The forms; Http404 alike for a hidden and for a missing record."""
        found = Record.objects.filter(uuid=self.uuid, mission=self.actor.mission)
        source = found.select_related("originator").first()
        if source is None or exercises.stands_apart(self.actor, source):
            raise Http404
        self.source = source
        return super().forms(data)

    def proposed(self) -> Any:
        """A release with the label, place and sector of its source."""
        return Release(
            mission=self.actor.mission, type=ReleaseType.key, state=ReleaseType.workflow.initial,
            area_id=self.source.area_id, sector_id=self.source.sector_id, priority=self.source.priority,
            **label_of(self.source).values(),
        )  # fmt: skip

    def label_form(self, data: Any, record: Any) -> LabelForm:
        """A label that is not below the source's."""
        return DrawnLabelForm(data, actor=self.actor, record=record, source=self.source)

    def ways(self) -> list[FiledAs]:
        """The position in which it is drafted."""
        position = drafting_position(self.actor, self.source)
        return [FiledAs(position, position.organisation)]

    def intro(self) -> str:
        """What it is drawn from, and whose word it needs."""
        return _(
            "Drawn from %(reference)s. Its release authority signs, and only then a lower label can be put in force."
        ) % {"reference": self.source.reference}

    def file(self, record: Any, filed_as: FiledAs) -> Any:
        """Store it together with what it is drawn from."""
        return release_draft(self.actor, source=self.source, release=record, position=filed_as.position)


class ReleaseEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseDetail(views.RecordDetail):
    """The release's page."""

    record_type: ClassVar[type[RecordType]] = ReleaseType
    refused_source: Any = None

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """A form for one more source while it is a draft; a warning when a source was labelled higher."""
        context: dict[str, Any] = {}
        if may_edit(self.actor, record):
            context["source"] = {
                "url": ReleaseType.url(record, "source"),
                "form": self.refused_source or SourceForm(),
            }
        if record.state == "released" and is_raised(record):
            context["alerts"] = [
                {
                    "tone": "warn",
                    "text": _(
                        "What this was drawn from has been labelled higher since. The release authority"
                        " reviews whether it may stay out."
                    ),
                }
            ]
        return context

    def template(self) -> str:
        """The generic page with a form for sources."""
        return "releases/detail.html"


class SourceAdd(ReleaseDetail):
    """Notes one more record that a draft is drawn from."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Note it and go back to the linked records."""
        record = self.record_or_404(uuid)
        form = SourceForm(request.POST)
        if form.is_valid():
            try:
                derive(self.actor, derived=record, source=form.cleaned_data["source"])
                return redirect(f"{ReleaseType.url(record)}#links")
            except (RecordError, ValidationError) as error:
                errors.put(form, error, ReleaseType)
        self.refused_source = form
        return self.page(record, status=422)


class ReleaseTransition(views.RecordTransition):
    """A step of the workflow; signing shows who will read it under the label chosen."""

    record_type: ClassVar[type[RecordType]] = ReleaseType

    def template(self) -> str:
        """The generic page with a preview of the audience."""
        return "releases/transition.html"

    def more(self, record: Any, step: Transition) -> dict[str, Any]:
        """Where to ask who would read it, for steps that put a label in force."""
        if step.form is None:
            return {}
        return {"audience_preview_url": f"{reverse('releases:preview')}?record={record.uuid}"}


class ReleaseHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleasePrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleasePdf(views.RecordPdf):
    """The print as a file."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = ReleaseType


class ReleaseLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = ReleaseType
