"""The audit: who read what and why, emergencies, requests, chains. For auditors; never what a record says."""

from __future__ import annotations

import csv
import io
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access import selectors
from apps.access.forms import AuditForm, ChainForm
from apps.access.keyset import newest_first
from apps.access.views.asking import shown
from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.need_to_know.checking import chain_digest
from apps.need_to_know.models import ReadLog
from apps.pages import cursors
from apps.pages.cursors import Place
from apps.pages.exporting import CSV, safe
from apps.pages.leaving import put_headers
from apps.pages.listing import PLACE
from apps.pages.views.base import SignedInPage
from apps.records import clock
from apps.records.marking import Marking, recipient_of

log = logging.getLogger(__name__)

EXPORTED_MOST = 5000


class AuditPage(SignedInPage):
    """A page for auditors. Nobody else finds anything here; that it was opened is written to the service's log."""

    part = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, for auditors."""
        actor = getattr(request, "actor", None)
        if request.user.is_authenticated and actor is not None:
            if not actor.audits:
                raise Http404
            # SECURITY: who watches the watchers: outside the database, which an auditor's pages read.
            log.info("audit opened: person %s, mission %s, %s", actor.user_id, actor.mission.pk, self.part)
        return super().dispatch(request, *args, **kwargs)

    def draw(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """The page under the tabs of the audit."""
        tabs = [
            ("audit", _("Reads")), ("audit-emergencies", _("Emergency accesses")),
            ("audit-requests", _("Requests for access")), ("audit-chains", _("Chains")),
        ]  # fmt: skip
        context["tabs"] = [
            {"label": label, "url": reverse(f"access:{name}"), "current": name == self.part}
            for name, label in tabs
        ]
        return render(request, template, context)

    def places(self, request: HttpRequest, rows: Any, column: str, tie: str) -> dict[str, Any]:
        """One page of rows, with the addresses of the pages before and after it."""
        order = f"{self.part} -{column}"
        found = newest_first(rows, column, tie, cursors.read(request.GET.get(PLACE, ""), order))

        def url(place: Place | None) -> str:
            query = request.GET.copy()
            query.pop(PLACE, None)
            if place:
                query[PLACE] = place.text(order)
            return f"{request.path}?{query.urlencode()}"

        return {
            "rows": found.rows,
            "newer_url": "" if found.is_first else url(found.newer),
            "older_url": url(found.older) if found.older else "",
        }


class Reads(AuditPage):
    """The log of reads."""

    part = "audit"

    def get(self, request: HttpRequest) -> HttpResponse:
        """A page of it, under the filters."""
        form = AuditForm(request.GET)
        rows = selectors.reads_filtered(self.actor, form.filters())
        query = request.GET.copy()
        query.pop(PLACE, None)
        export = f"{reverse('access:audit-export')}?{query.urlencode()}"
        context = {"form": form, "export_url": export, **self.places(request, rows, "at", "hash")}
        return self.draw(request, "access/audit_reads.html", context)


class ReadsExport(AuditPage):
    """The log of reads under the filters, as a file that carries its marking in every row."""

    part = "audit-export"

    def get(self, request: HttpRequest) -> HttpResponse:
        """A CSV file of at most EXPORTED_MOST rows."""
        rows = selectors.reads_filtered(self.actor, AuditForm(request.GET).filters())
        marking = self.marking()
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(_titles())
        for read in rows.order_by("-at", "-hash")[:EXPORTED_MOST]:
            writer.writerow([safe(cell) for cell in _cells(read, marking)])
        answer = HttpResponse("\ufeff" + text.getvalue(), content_type=CSV)
        name = marking.file_name(f"{timezone.localtime(marking.at):%Y-%m-%d-%H%M}.csv")
        answer.headers["Content-Disposition"] = _attachment(name)
        put_headers(answer, marking)
        return answer

    def marking(self) -> Marking:
        """The log's own label: it tells who works on what, so it is confidential and of high sensitivity."""
        mission = self.actor.mission
        return Marking(
            classification=Classification.CONFIDENTIAL, sensitivity=Sensitivity.HIGH, scope=Scope.PRIVATE,
            compartments={}, data_types={}, is_exercise=mission.is_exercise, reference="audit-reads",
            originators=(mission.name,), recipient=recipient_of(self.actor), at=clock.now(),
        )  # fmt: skip


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"


def _titles() -> list[str]:
    return [
        _("When"), _("Reference"), _("Entry"), _("Person"), _("E-mail"), _("Position"), _("Organisation"), _("How"),
        _("Classification"), _("Let in by"), _("Purpose"), _("Label"), _("Drawn out by"), _("Drawn out"),
    ]  # fmt: skip


def _cells(read: ReadLog, marking: Marking) -> list[str]:
    position = read.position
    return [
        timezone.localtime(read.at).isoformat(timespec="seconds"), read.reference, str(read.number or ""),
        read.person.name, read.person.email, position.title if position else "",
        position.organisation.name if position else "", str(read.get_channel_display()),
        str(read.get_classification_display() if read.classification is not None else ""),
        str(read.get_via_display()), read.purpose, marking.line, str(marking.recipient), marking.moment,
    ]  # fmt: skip


class Emergencies(AuditPage):
    """Emergency accesses with their verdicts."""

    part = "audit-emergencies"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The figures, then the newest."""
        context = {
            "counted": selectors.uses_counted(self.actor),
            "now": clock.now(),
            **self.places(request, selectors.uses_of_mission(self.actor), "at", "uuid"),
        }
        return self.draw(request, "access/audit_emergencies.html", context)


class Requests(AuditPage):
    """Requests for access with what came of them; never what they met."""

    part = "audit-requests"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The figures, then the newest."""
        context = {
            "counted": selectors.requests_counted(self.actor),
            **self.places(request, selectors.requests_of_mission(self.actor), "asked_at", "uuid"),
        }
        context["entries"] = [shown(each, set()) for each in context["rows"]]
        return self.draw(request, "access/audit_requests.html", context)


class Chains(AuditPage):
    """Whether a record's chain of reads is whole, and one number for all chains."""

    part = "audit-chains"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; the chain of the reference that the address names, computed anew."""
        asked = "reference" in request.GET
        form = ChainForm(request.GET if asked else None)
        context: dict[str, Any] = {"form": form, "digest": chain_digest(), "asked": asked and form.is_valid()}
        if context["asked"]:
            context["reference"] = form.cleaned_data["reference"].upper()
            context["chains"] = selectors.chains_checked(self.actor, form.cleaned_data["reference"])
        return self.draw(request, "access/audit_chains.html", context)
