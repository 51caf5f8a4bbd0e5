"""Who takes part in a meeting: noting it, adding guests, inviting a position."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.pages import errors
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.records.errors import IllegalTransition, NotPermitted, RecordError
from apps.records.registry import RecordType
from apps.records.services import is_editor
from apps.working_groups import attending
from apps.working_groups.minutes.document import quorum_words
from apps.working_groups.minutes.proceedings import Proceedings, proceedings_of
from apps.working_groups.models import Meeting
from apps.working_groups.record import MeetingType


class MeetingAttendance(RecordPage):
    """One form for all who are expected; one press saves it."""

    record_type: ClassVar[type[RecordType]] = MeetingType

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page."""
        meeting = self.record_or_404(uuid)
        try:
            self.check(meeting)
        except RecordError as refusal:
            return self.refused(meeting, refusal, errors.status_of(refusal))
        return self.page(meeting)

    def check(self, meeting: Meeting) -> None:
        """NotPermitted for whoever does not keep the meeting, IllegalTransition when there is nothing to note."""
        if not is_editor(self.actor, meeting):
            raise NotPermitted
        if not attending.is_marked(meeting) and meeting.state not in attending.INVITED_IN:
            raise IllegalTransition(
                _("Who took part is noted while the meeting goes on, until its minutes are adopted.")
            )

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Invite a position, take a guest off the list, or note who took part."""
        meeting = self.record_or_404(uuid)
        try:
            self.check(meeting)
            if "invite" in request.POST:
                return self.invite(meeting)
            if "remove" in request.POST:
                return self.remove(meeting)
            return self.note(meeting)
        except RecordError as refusal:
            return self.refused(meeting, refusal, errors.status_of(refusal))

    def note(self, meeting: Meeting) -> HttpResponse:
        """Who took part."""
        if not attending.is_marked(meeting):
            raise IllegalTransition(_("Who took part is noted from when the meeting is opened."))
        found = proceedings_of(self.actor, meeting, Names(self.actor))
        marking = attending.Marking(meeting, found.presence, self.request.POST)
        if not marking.is_valid():
            return self.page(meeting, 422, found=found, marking=marking)
        marking.save()
        return self.done(meeting, _("Attendance is noted."))

    def invite(self, meeting: Meeting) -> HttpResponse:
        """Let a position in."""
        form = attending.InviteForm(self.request.POST, actor=self.actor, meeting=meeting)
        if not form.is_valid():
            return self.page(meeting, 422, invite=form)
        form.save()
        title = form.cleaned_data["position"].title
        return self.done(meeting, _("%(position)s is invited and reads the meeting.") % {"position": title})

    def remove(self, meeting: Meeting) -> HttpResponse:
        """Take a guest off the list."""
        try:
            row = UUID(self.request.POST["remove"])
        except ValueError:
            raise Http404 from None
        if not attending.guest_remove(meeting, row):
            raise Http404
        return self.done(meeting, _("The guest is off the list."))

    def done(self, meeting: Meeting, said: str) -> HttpResponse:
        """Back to the list."""
        messages.success(self.request, said)
        return redirect(self.record_type.url(meeting, "attendance"))

    def page(
        self, meeting: Meeting, status: int = 200, *, found: Proceedings | None = None, marking: Any = None,
        invite: Any = None,
    ) -> HttpResponse:  # fmt: skip
        """Draw it."""
        names = Names(self.actor)
        found = found or proceedings_of(self.actor, meeting, names)
        marked = attending.is_marked(meeting)
        invited = meeting.state in attending.INVITED_IN
        marking = marking or attending.Marking(meeting, found.presence)
        context = {
            **head(self.record_type, meeting, names, tabs=False),
            "marking": marking if marked else None,
            "expected": marking.rows,
            "quorum": quorum_words(found) if marked else "",
            "invite": (invite or attending.InviteForm(None, actor=self.actor, meeting=meeting))
            if invited
            else None,
        }
        return render(self.request, "working_groups/attendance.html", context, status=status)
