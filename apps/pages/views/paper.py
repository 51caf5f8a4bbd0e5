"""A record as PDF: its print, set as a file that carries its marking inside, in its name and in the answer."""

from __future__ import annotations

import io
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone

from apps.pages.documents import Document
from apps.pages.leaving import put_headers
from apps.pages.record_document import document_of
from apps.pages.typesetting import NotSet, pdf_of
from apps.pages.views.record import RecordPrint
from apps.records.marking import Marking

PDF = "application/pdf"


class RecordPdf(RecordPrint):
    """The print as a tagged PDF, to be saved. Its times are the mission's: paper goes on to other hands."""

    def answer(self, record: Any) -> HttpResponseBase:
        """The file; a page that says so when none could be made."""
        with timezone.override(ZoneInfo(self.actor.mission.time_zone)):
            context = self.context_of(record)
            try:
                made = pdf_of(self.document(context))
            except NotSet as error:
                return self.refused(record, error, 503)
            return pdf_answer(made, context["marking"])

    def document(self, context: dict[str, Any]) -> Document:
        """What is set; a domain app may have a layout of its own."""
        return document_of(context)


def pdf_answer(made: bytes, marking: Marking) -> FileResponse:
    """A PDF of ours, to be saved and not shown, named by its marking and the moment in the active time zone."""
    response = FileResponse(
        io.BytesIO(made), as_attachment=True, content_type=PDF,
        filename=marking.file_name(f"{timezone.localtime(marking.at):%Y-%m-%d-%H%M}.pdf"),
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    put_headers(response, marking)
    return response
