"""Pages on which whoever keeps a meeting captures what came of it: decisions and action points."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.pages import errors, once
from apps.pages.names import Names
from apps.pages.views.base import head
from apps.records.errors import IllegalTransition, NotPermitted, RecordError
from apps.records.services import may_edit
from apps.working_groups.agenda import OFF_AGENDA
from apps.working_groups.assigning import action_point_assign, assigns_as, begins_with
from apps.working_groups.calling_forms import in_lines
from apps.working_groups.capture_forms import AssignForm, DecideForm
from apps.working_groups.deciding import CAPTURED_IN, decision_record, floor_of
from apps.working_groups.models import AgendaItem, Meeting
from apps.working_groups.positions import group_of
from apps.working_groups.record import MeetingType
from apps.working_groups.views.kept import KeptMeetingPage


class Capture(KeptMeetingPage):
    """One form, for an item or for the meeting as a whole; sent twice, it records once."""

    heading: ClassVar[str | Promise]
    saved: ClassVar[str | Promise]

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The form, with the label that it begins with."""
        meeting, item = self.kept(uuid)
        return self.page(meeting, item, self.form(meeting, item), once.key_for(self.actor))

    def kept(self, uuid: UUID) -> tuple[Meeting, AgendaItem | None]:
        """The meeting and the item, if the actor records what comes of them now."""
        meeting = self.meeting = self.record_or_404(uuid)
        if meeting.state not in CAPTURED_IN:
            raise IllegalTransition(
                _("What comes of a meeting is recorded from its call until its minutes are adopted.")
            )
        if not may_edit(self.actor, meeting):
            raise NotPermitted
        named = self.request.GET.get("item", "")
        if not named:
            return meeting, None
        try:
            return meeting, meeting.items.exclude(state__in=OFF_AGENDA).get(uuid=UUID(named))
        except (ValueError, ObjectDoesNotExist):
            raise Http404 from None

    def form(self, meeting: Meeting, item: AgendaItem | None, data: Any = None) -> Any:
        """The form."""
        raise NotImplementedError

    def record(self, meeting: Meeting, item: AgendaItem | None, said: dict[str, Any]) -> Any:
        """Record it by the service."""
        raise NotImplementedError

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Record it; back to the item, or on to another."""
        meeting, item = self.kept(uuid)
        key = request.POST.get("idempotency_key", "")
        form = self.form(meeting, item, request.POST)
        if not form.is_valid():
            return self.page(meeting, item, form, key, errors.UNPROCESSABLE)
        try:
            once.once(
                self.actor,
                once.read(self.actor, key),
                lambda: self.record(meeting, item, dict(form.cleaned_data)),
            )
        except (RecordError, ValidationError) as error:
            errors.put(form, error, MeetingType)
            return self.page(meeting, item, form, key, errors.status_of(error))
        messages.success(request, str(self.saved))
        return redirect(request.get_full_path() if "another" in request.POST else self.back(meeting, item))

    def back(self, meeting: Meeting, item: AgendaItem | None) -> str:
        """The item on the meeting's page, or what concerns the whole."""
        return f"{self.record_type.url(meeting)}#{f'item-{item.uuid}' if item else 'agenda'}"

    def page(
        self, meeting: Meeting, item: AgendaItem | None, form: Any, key: str, status: int = 200
    ) -> HttpResponse:
        """Draw it."""
        context = {
            **head(self.record_type, meeting, Names(self.actor), tabs=False),
            "heading": self.heading, "item": item, "form": form, "lines": in_lines(form), "idempotency_key": key,
            "back_url": self.back(meeting, item),
        }  # fmt: skip
        return render(self.request, "working_groups/capture.html", context, status=status)


class MeetingDecide(Capture):
    """Recording a decision."""

    heading = gettext_lazy("Record a decision")
    saved = gettext_lazy("The decision is recorded.")

    def form(self, meeting: Meeting, item: AgendaItem | None, data: Any = None) -> DecideForm:
        """Begins with the least label."""
        floor = floor_of(meeting, item)
        return DecideForm(data, actor=self.actor, floor=floor, begins=floor)

    def record(self, meeting: Meeting, item: AgendaItem | None, said: dict[str, Any]) -> Any:
        """Into the register."""
        return decision_record(self.actor, meeting=meeting, item=item, **said)


class MeetingAssign(Capture):
    """Recording an action point."""

    heading = gettext_lazy("Record an action point")
    saved = gettext_lazy("The action point is recorded and open.")

    def form(self, meeting: Meeting, item: AgendaItem | None, data: Any = None) -> AssignForm:
        """Begins with the mission's label for action points, but no less than the least."""
        position = assigns_as(self.actor, meeting, group_of(meeting.body_id))
        begins = begins_with(self.actor, meeting, item, position)
        return AssignForm(data, actor=self.actor, floor=floor_of(meeting, item), begins=begins)

    def record(self, meeting: Meeting, item: AgendaItem | None, said: dict[str, Any]) -> Any:
        """File and open it."""
        due = said.pop("needed_by")
        return action_point_assign(self.actor, meeting=meeting, item=item, due=due, **said)
