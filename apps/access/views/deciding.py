"""Deciding on requests for access: for whoever may give access to the record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.access.forms import REFUSE, DecideForm
from apps.access.selectors import releases_of
from apps.need_to_know.access_requests import access_decide, access_requests_to_decide
from apps.need_to_know.audience import readers_of
from apps.need_to_know.models import AccessRequestTarget
from apps.pages import errors
from apps.pages.names import Names
from apps.pages.views.base import SignedInPage, head
from apps.records import clock
from apps.records.errors import RecordError
from apps.records.models import Record


class ToDecide(SignedInPage):
    """Requests that wait for one's decision."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, what lapses first at the top."""
        context = {"targets": list(access_requests_to_decide(self.actor)[:100])}
        return render(request, "access/to_decide.html", context)


class Decide(SignedInPage):
    """One request: who asks, what for, who would read, and the choices."""

    def target_or_404(self, asked: UUID) -> AccessRequestTarget:
        """The request on a record to which the person may give access; the same 404 for all others."""
        found = (
            AccessRequestTarget.objects.filter(request__uuid=asked, request__mission=self.actor.mission)
            .select_related(
                "request__asker", "request__position__organisation", "request__reader__organisation",
                "record__originator", "decided_by", "decided_position",
            )
            .first()
        )  # fmt: skip
        if found is None:
            raise Http404
        return found

    def form(self, target: AccessRequestTarget, data: Any = None) -> DecideForm:
        """The form, with the summaries that there are."""
        return DecideForm(data, request=target.request, releases=list(releases_of(target.record)))

    def get(self, request: HttpRequest, asked: UUID) -> HttpResponse:
        """The page."""
        target = self.target_or_404(asked)
        return self.page(target, self.form(target))

    def post(self, request: HttpRequest, asked: UUID) -> HttpResponse:
        """Decide, once."""
        target = self.target_or_404(asked)
        form = self.form(target, request.POST)
        if not form.is_valid():
            return self.page(target, form, 422)
        given = form.cleaned_data
        try:
            access_decide(
                self.actor, target=target, given="" if given["given"] == REFUSE else given["given"],
                answer=given["answer"], until=given["until"], release=form.chosen(), remark=given["remark"],
            )  # fmt: skip
        except ObjectDoesNotExist:
            raise Http404 from None
        except (RecordError, ValidationError) as error:
            for name, texts in errors.errors_of(error).items():
                form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, texts)
            return self.page(self.target_or_404(asked), form, errors.status_of(error))
        messages.success(request, _("Your decision is in force."))
        return redirect("access:deciding")

    def page(self, target: AccessRequestTarget, form: DecideForm, status: int = 200) -> HttpResponse:
        """Draw the request with its record's head."""
        request, record = target.request, target.record
        context = {
            **head(record.record_type, record, Names(self.actor), tabs=False),
            "target": target,
            "request_": request,
            "form": form if _waits(target) else None,
            "readers": self._readers(target),
            "draw_url": reverse("releases:draw", kwargs={"uuid": record.uuid}),
        }
        return render(self.request, "access/decide.html", context, status=status)

    def _readers(self, target: AccessRequestTarget) -> dict[str, Any]:
        """Who would read the record if it were given in full, by name."""
        record: Record = target.record
        found = readers_of(
            record.mission_id, [target.request.reader.group_id], record.classification,
            list(record.compartments), data_types=list(record.data_types),
        )  # fmt: skip
        # WHY: whoever asks has named themselves; for the rest of the position names are as anywhere else.
        seen = found.as_seen_by(self.actor)
        named = {reader.user_id: reader.name for reader in seen.readers}
        return {"names": sorted(named.values()), "unnamed": seen.unnamed_people, "none": not found.readers}


def _waits(target: AccessRequestTarget) -> bool:
    """Whether it can still be decided."""
    request = target.request
    return target.decided_at is None and request.withdrawn_at is None and request.lapses_at > clock.now()
