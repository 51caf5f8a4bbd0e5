"""Pages of presence: who does what where, one organisation's rows, who is in which area, overlaps, files."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pages.names import Names
from apps.pages.views.base import RecordPage, SignedInPage, head
from apps.pages.views.outgoing import OutgoingPage
from apps.records.errors import NotPermitted
from apps.records.registry import RecordType
from apps.stakeholders import files
from apps.stakeholders.models import Presence
from apps.stakeholders.presence import overlaps, services, shown, summary
from apps.stakeholders.presence.export import presence_table
from apps.stakeholders.presence.forms import PresenceForm
from apps.stakeholders.presence.listing import PresenceListing
from apps.stakeholders.record import StakeholderType

_LEVELS = ("1", "2")


class PresenceList(SignedInPage):
    """Who does what, where: every activity that one may know, under filters."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        listing = PresenceListing(self.actor, request.GET)
        return render(request, "pages/list.html", shown.list_context(listing, request.GET))


class PresenceExport(OutgoingPage):
    """What the list shows under its filters, as a file that carries its marking."""

    record_type: ClassVar[type[RecordType]] = StakeholderType

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """A CSV file, an Excel workbook (`format=xlsx`), or CSV with HXL hashtags (`format=hxl`)."""
        listing = PresenceListing(self.actor, request.GET)
        table = presence_table(listing)
        asked = self.question([row.stakeholder for row in table.rows], reverse("stakeholders:presence"))
        return asked or files.answer(table, request.GET.get("format", ""))

    post = get


class PresenceSummary(SignedInPage):
    """Who is in which area with which sector, in numbers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The table, of states (level 1) or of districts (level 2)."""
        level = request.GET.get("level", "")
        wanted = int(level) if level in _LEVELS else 2
        sectors, lines = summary.by_area(self.actor, level=wanted)
        return render(
            request, "stakeholders/presence_summary.html", shown.summary_context(wanted, sectors, lines)
        )


class Overlaps(SignedInPage):
    """Civil and mission activities that may do the same in one place, and where somebody should be asked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Pairs under the filters of area and sector, then hints about one's own rows."""
        context = shown.overlaps_context(self.actor, request.GET)
        return render(request, "stakeholders/overlaps.html", context)


class OfStakeholder(RecordPage):
    """What the pages of one organisation's rows share."""

    record_type: ClassVar[type[RecordType]] = StakeholderType

    def kept_or_refused(self, uuid: UUID) -> Any:
        """The record, or the page that says that it is not theirs to change."""
        record = self.record_or_404(uuid)
        if not services.may_write(self.actor, record):
            return self.refused(record, NotPermitted(), 403)
        return record

    def form_page(self, record: Any, form: PresenceForm, status: int = 200, **more: Any) -> HttpResponse:
        """Draw the form of a row."""
        context = {
            **head(StakeholderType, record, Names(self.actor), tabs=False),
            "form": form,
            "lines": form.in_lines(),
            "cancel_url": StakeholderType.url(record, "presence-of"),
            **more,
        }
        return render(self.request, "stakeholders/presence_form.html", context, status=status)

    def saved(self, record: Any, presence: Presence) -> HttpResponse:
        """Back to the rows; with a word where others are active there."""
        met = overlaps.overlaps(self.actor, stakeholder=record.pk)
        near = [each for each in met if presence.pk in each.rows]
        hinted = [hint for hint in overlaps.hints(stakeholder=record.pk) if presence.pk in hint.rows]
        messages.success(self.request, _("Saved."))
        if near:
            messages.warning(
                self.request,
                _("Somebody else is active there in the same sector and time. Look at the overlaps."),
            )
        if hinted:
            messages.warning(
                self.request, _("Somebody you should ask is active there. The CMCoord officer knows whom.")
            )
        return redirect(StakeholderType.url(record, "presence-of"))


class PresenceOf(OfStakeholder):
    """The rows of one organisation."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The list, with what its keeper can do."""
        record = self.record_or_404(uuid)
        listing = PresenceListing(self.actor, request.GET, stakeholder=record)
        writes = services.may_write(self.actor, record)
        context = {
            **head(StakeholderType, record, Names(self.actor), tabs=False),
            **shown.of_stakeholder_context(self.actor, record, listing, writes=writes),
        }
        return render(request, "stakeholders/presence_of.html", context)


class PresenceNew(OfStakeholder):
    """A new row."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """An empty form."""
        record = self.kept_or_refused(uuid)
        if isinstance(record, HttpResponse):
            return record
        proposed = (
            Presence(sector=record.sector, area=record.area)
            if record.area_id
            else Presence(sector=record.sector)
        )
        return self.form_page(
            record, PresenceForm(instance=proposed, actor=self.actor), page_title=_("Add an activity")
        )

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Store it."""
        record = self.kept_or_refused(uuid)
        if isinstance(record, HttpResponse):
            return record
        form = PresenceForm(request.POST, instance=Presence(), actor=self.actor)
        if not form.is_valid():
            return self.form_page(record, form, 422, page_title=_("Add an activity"))
        made = services.presence_save(self.actor, stakeholder=record, presence=form.save(commit=False))
        return self.saved(record, made)


class PresenceEdit(OfStakeholder):
    """One row, changed or taken away."""

    def row_or_404(self, record: Any, row: UUID) -> Presence:
        """The row; one of another record is none."""
        found = Presence.objects.filter(stakeholder=record, uuid=row).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, uuid: UUID, row: UUID) -> HttpResponse:
        """Its form."""
        record = self.kept_or_refused(uuid)
        if isinstance(record, HttpResponse):
            return record
        present = self.row_or_404(record, row)
        return self.form_page(record, PresenceForm(instance=present, actor=self.actor), **self.words())

    def words(self) -> dict[str, Any]:
        """What the form is called, and that a row can be taken away."""
        return {"page_title": _("Change an activity"), "removable": True}

    def post(self, request: HttpRequest, uuid: UUID, row: UUID) -> HttpResponse:
        """Store it, or take it away."""
        record = self.kept_or_refused(uuid)
        if isinstance(record, HttpResponse):
            return record
        present = self.row_or_404(record, row)
        if "remove" in request.POST:
            services.presence_remove(self.actor, presence=present)
            messages.success(request, _("The activity was removed."))
            return redirect(StakeholderType.url(record, "presence-of"))
        form = PresenceForm(request.POST, instance=present, actor=self.actor)
        if not form.is_valid():
            return self.form_page(record, form, 422, **self.words())
        services.presence_save(self.actor, stakeholder=record, presence=form.save(commit=False))
        return self.saved(record, present)
