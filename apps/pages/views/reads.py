"""Who read a record, for its originator's own people; and whether an open page may still show it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from csp.decorators import csp_exempt
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt

from apps.need_to_know.models import ReadLog
from apps.need_to_know.reads import reads_of
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.records.models import Record
from apps.records.reading import is_restricted
from apps.records.services import originates

PAGE = 50


class RecordReads(RecordPage):
    """The log of reads of a record. For everybody but the originator's own people it does not exist."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """A page of reads, the newest first; `before` is the number of the last one shown."""
        record, names = self.record_or_404(uuid), Names(self.actor)
        if not originates(self.actor, record):
            raise Http404
        before = request.GET.get("before", "")
        rows = reads_of(record).filter(number__isnull=False).order_by("-number")
        if before.isdecimal() and len(before) <= 18:
            rows = rows.filter(number__lt=int(before))
        found = list(rows[: PAGE + 1])
        here = self.record_type.url(record, "reads")
        more, found = len(found) > PAGE, found[:PAGE]
        for row in found:
            names.want_row(row)
        context = {
            **head(self.record_type, record, names, current="reads"),
            "reads": [read_words(row, names) for row in found],
            "is_logged": is_restricted(record.classification, record.sensitivity),
            "first_url": here if before else "",
            "older_url": f"{here}?before={found[-1].number}" if more else "",
        }
        return render(request, "pages/reads.html", context)


def read_words(row: ReadLog, names: Names) -> dict[str, Any]:
    """A read in words: who, when, how, under which label, let in by what, for what."""
    return {
        "number": row.number,
        "who": names.person(row.person_id, row.position_id),
        "at": row.at,
        "channel": row.get_channel_display(),
        "via": row.get_via_display(),
        "label": row.get_classification_display() if row.classification is not None else "",
        "is_emergency": row.via == "emergency",
        "purpose": row.purpose,
    }


@method_decorator([csp_exempt(), xframe_options_exempt], name="dispatch")
class RecordStill(RecordPage):
    """Whether the person still reads the record, for a page that is open: 204, or the 404 of a missing one.

    It says nothing, so it is no read: one question to the database, and nothing is loaded.
    """

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Nothing, if it is still theirs to read."""
        wanted = Record.objects.filter(uuid=uuid, mission=self.actor.mission, type=self.record_type.key)
        if not wanted.exists():
            raise Http404
        return HttpResponse(status=204)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As every page, in as few bytes as can be: it is asked twice a minute over thin lines."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        del response["Expires"]
        if response.status_code == 204:
            del response["Content-Type"]
        return response
