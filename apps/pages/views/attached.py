"""What people hang on a record: comments, files, links. Refused input comes back on the record's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.mission.models import DataType
from apps.need_to_know.mentions import mentionable
from apps.pages import errors, leaving
from apps.pages.forms import AttachmentForm, CommentForm, LinkForm
from apps.pages.views.base import RecordPage
from apps.pages.views.outgoing import OutgoingPage
from apps.pages.views.record import RecordDetail
from apps.records import attachments
from apps.records.errors import RecordError
from apps.records.models import Attachment
from apps.records.services import comment_add, link_add


class _Adding(RecordDetail):
    """Adds something; the record's page shows it again when it was refused."""

    http_method_names = ["post"]


class CommentAdd(_Adding):
    """Adds a comment."""

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Add it and go back to the timeline."""
        record = self.record_or_404(uuid)
        form = CommentForm(request.POST)
        if "mentions" in request.POST:
            form.offer(mentionable(self.actor, record))
        if not form.is_valid():
            return self.page(record, status=422, forms={"comment": form})
        try:
            comment_add(self.actor, record=record, text=form.cleaned_data["text"], mentions=form.mentioned())
        except ValidationError as refusal:
            errors.put(form, refusal, self.record_type)
            return self.page(record, status=422, forms={"comment": form})
        return redirect(f"{self.record_type.url(record)}#timeline")


class LinkAdd(_Adding):
    """Links the record to another that the person can read."""

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Link and go back to the links."""
        record = self.record_or_404(uuid)
        form = LinkForm(request.POST)
        if form.is_valid():
            try:
                link_add(
                    self.actor,
                    source=record,
                    target=form.cleaned_data["reference"],
                    relation=form.cleaned_data["relation"],
                )
                return redirect(f"{self.record_type.url(record)}#links")
            except ValidationError as error:
                form.add_error("reference", error.messages)
        return self.page(record, status=422, forms={"link": form})


class AttachmentAdd(_Adding):
    """Adds a file, after it was checked by its content."""

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Store it and go back to the files; a refused file is named with the reason."""
        record = self.record_or_404(uuid)
        known = DataType.objects.filter(mission=self.actor.mission, is_active=True).values_list("pk", "name")
        form = AttachmentForm(request.POST, request.FILES, data_types=list(known))
        if form.is_valid():
            try:
                attachments.attachment_add(
                    self.actor,
                    record=record,
                    name=form.cleaned_data["file"].name,
                    content=form.cleaned_data["file"],
                    description=form.cleaned_data["description"],
                    data_types=form.cleaned_data.get("data_types", []),
                )
                messages.success(request, _("The file was attached."))
                return redirect(f"{self.record_type.url(record)}#attachments")
            except (RecordError, ValidationError) as error:
                errors.put(form, error, self.record_type)
        return self.page(record, status=422, forms={"attach": form})


class AttachmentDownload(RecordPage, OutgoingPage):
    """A file of a record, for whoever reads the record now, with its marking."""

    def get(self, request: HttpRequest, uuid: UUID, attachment: UUID) -> HttpResponseBase:
        """The file, to be saved and not shown."""
        record = self.record_or_404(uuid)
        found = Attachment.objects.filter(record_id=record.pk, uuid=attachment).first()
        if found is None:
            raise Http404
        asked = self.question([record], f"{self.record_type.url(record)}#attachments")
        if asked is not None:
            return asked
        try:
            response = leaving.file_answer(self.actor, record, found)
        except FileNotFoundError:
            raise Http404 from None
        # SECURITY: whatever the file is, a browser that shows it all the same runs nothing of it.
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    post = get
