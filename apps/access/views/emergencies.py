"""Emergency access: opening a record, and the originator's review of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.access.forms import EmergencyForm, ReviewForm
from apps.mission.models import SharingProtocol
from apps.need_to_know.break_glass import (
    break_glass,
    break_glass_review,
    emergency_positions,
    is_live,
    may_review,
    minutes_most,
    unreviewed_of,
)
from apps.need_to_know.models import EmergencyAccess, ReadLog
from apps.pages import errors
from apps.pages.names import Names
from apps.pages.searching import referenced
from apps.pages.views.base import SignedInPage, head
from apps.records import clock
from apps.records.errors import RecordError
from apps.records.models import Record
from apps.records.services import originates

_SHOWN = 50
_READS = 200


class Emergency(SignedInPage):
    """Opening a record in an emergency: for named positions alone, everybody else finds nothing here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What happens, the form, and one's own uses."""
        positions = self.positions_or_404()
        initial = {"reference": request.GET.get("reference", "")[:30]}
        return self.page(EmergencyForm(positions=positions, most=minutes_most(self.actor), initial=initial))

    def positions_or_404(self) -> list[Any]:
        """The person's emergency roles; Http404 for whoever has none and never used one."""
        positions = emergency_positions(self.actor)
        if not positions and not self.mine().exists():
            raise Http404
        return positions

    def mine(self) -> QuerySet[EmergencyAccess]:
        """One's own uses, the newest first."""
        return EmergencyAccess.objects.filter(mission=self.actor.mission, person=self.actor.user)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open the record and go there."""
        form = EmergencyForm(request.POST, positions=self.positions_or_404(), most=minutes_most(self.actor))
        if not form.positions:
            return self.page(form, 403)
        if not form.is_valid():
            return self.page(form, 422)
        given = form.cleaned_data
        if record := referenced(self.actor, given["reference"].strip().upper()):
            messages.info(request, _("You can read this anyway. Nothing was opened."))
            return redirect(record.get_absolute_url())
        try:
            use = break_glass(
                self.actor, reference=given["reference"], position=form.chosen(), reason=given["reason"],
                minutes=given["minutes"],
            )  # fmt: skip
        except (RecordError, ValidationError) as error:
            for name, texts in errors.errors_of(error).items():
                form.add_error(name if name in form.fields else None, texts)
            return self.page(form, errors.status_of(error))
        if use is None:
            form.add_error("reference", _("There is no such record that can be opened in an emergency."))
            return self.page(form, 422)
        return redirect("pages:reference", reference=use.reference)

    def page(self, form: EmergencyForm, status: int = 200) -> HttpResponse:
        """Draw it; while a use is not reviewed, the form gives way to the reason."""
        protocol = SharingProtocol.objects.in_force(self.actor.mission)
        rows = list(self.mine().select_related("reviewer")[:_SHOWN])
        context = {
            "form": form if form.positions else None,
            "blocked_by": unreviewed_of(self.actor),
            "review_days": protocol.review_days if protocol else 7,
            "uses": [{"use": use, "live": is_live(use)} for use in rows],
        }
        return render(self.request, "access/emergency.html", context, status=status)


class Review(SignedInPage):
    """An emergency access as its originator sees it: who, when, why, what was read, and the verdict."""

    record: Record

    def use_or_404(self, use: UUID) -> EmergencyAccess:
        """The use, for the originator of its record; the same Http404 for all others, auditors included."""
        found = (
            EmergencyAccess.objects.filter(uuid=use, mission=self.actor.mission)
            .select_related("person", "position__organisation", "reviewer", "reviewer_position")
            .first()
        )
        # WHY: whether there is such a use or not, the same is asked.
        key = found.record_id if found else 0
        of = Record.objects.filter(pk=key).select_related("originator").first()
        if found is None or of is None or not originates(self.actor, of):
            raise Http404
        self.record = of
        return found

    def get(self, request: HttpRequest, use: UUID) -> HttpResponse:
        """The page."""
        return self.page(self.use_or_404(use), ReviewForm())

    def post(self, request: HttpRequest, use: UUID) -> HttpResponse:
        """Give the verdict, once."""
        found, form = self.use_or_404(use), ReviewForm(request.POST)
        if not form.is_valid():
            return self.page(found, form, 422)
        given = form.cleaned_data
        try:
            break_glass_review(self.actor, use=found, justified=given["justified"], note=given["note"])
        except (RecordError, ValidationError) as error:
            for name, texts in errors.errors_of(error).items():
                form.add_error(name if name in form.fields else None, texts)
            return self.page(self.use_or_404(use), form, errors.status_of(error))
        messages.success(request, _("The review is closed."))
        return redirect("access:review", use=use)

    def page(self, use: EmergencyAccess, form: ReviewForm, status: int = 200) -> HttpResponse:
        """Draw it under the head of the record."""
        record = self.record
        reads = ReadLog.objects.filter(
            record_id=record.pk, person_id=use.person_id, at__gte=use.at, at__lte=use.expires_at
        ).order_by("at")  # fmt: skip
        context = {
            **head(record.record_type, record, Names(self.actor), tabs=False),
            "use": use,
            "live": is_live(use),
            "overdue": not use.verdict and use.review_due_at < clock.now(),
            "reads": list(reads[:_READS]),
            "form": form if may_review(self.actor, use) else None,
        }
        return render(self.request, "access/review.html", context, status=status)
