"""Pages on which whoever keeps a meeting builds its agenda."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pages import errors, once
from apps.pages.names import Names
from apps.pages.views.base import head
from apps.records.errors import IllegalTransition
from apps.working_groups import agenda
from apps.working_groups.agenda_forms import DeclineForm, ItemForm
from apps.working_groups.calling_forms import in_lines
from apps.working_groups.minutes.proceedings import proceedings_of
from apps.working_groups.models import AgendaItem, Meeting
from apps.working_groups.record import MeetingType
from apps.working_groups.views.kept import KeptMeetingPage
from apps.working_groups.vocabulary import ItemState


class OfAgenda(KeptMeetingPage):
    """A page of an agenda for whoever keeps the meeting; its other readers are told so, to all else it is missing."""

    def kept(self, uuid: UUID) -> Meeting:
        """The meeting, if the actor builds its agenda now."""
        self.meeting = self.record_or_404(uuid)
        agenda.may_build(self.actor, self.meeting)
        return self.meeting

    def item(self, meeting: Meeting, uuid: str | UUID) -> AgendaItem:
        """An item of it that the actor may know of; ObjectDoesNotExist for any other."""
        try:
            return meeting.items.select_related("meeting").get(uuid=UUID(str(uuid)))
        except ValueError:
            raise Http404 from None

    def done(self, meeting: Meeting, said: str, at: AgendaItem | None = None) -> HttpResponse:
        """Back to the agenda."""
        messages.success(self.request, said)
        url = reverse("meetings:agenda", kwargs={"uuid": meeting.uuid})
        return redirect(f"{url}#item-{at.uuid}" if at is not None else url)


class MeetingAgenda(OfAgenda):
    """The items in their order, what is proposed, and the form of a new one."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page."""
        return self.page(self.kept(uuid))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Move an item, answer a proposal, or add an item."""
        meeting = self.kept(uuid)
        for name in ("up", "down"):
            if name in request.POST:
                item = self.item(meeting, request.POST[name])
                agenda.item_move(self.actor, item=item, up=name == "up")
                return self.done(meeting, _("The order is changed."), item)
        if "take" in request.POST:
            item = self.item(meeting, request.POST["take"])
            agenda.item_take_up(self.actor, item=item)
            return self.done(meeting, _("The proposal is on the agenda."), item)
        if "decline" in request.POST:
            return self.decline(meeting, self.item(meeting, request.POST["decline"]))
        return self.add(meeting)

    def decline(self, meeting: Meeting, item: AgendaItem) -> HttpResponse:
        """Say why a proposal is left out."""
        form = DeclineForm(self.request.POST, item=item)
        if not form.is_valid():
            return self.page(meeting, errors.UNPROCESSABLE, answer=(item.uuid, form))
        agenda.item_decline(self.actor, item=item, reply=form.cleaned_data["reply"])
        return self.done(meeting, _("The proposal is declined."))

    def add(self, meeting: Meeting) -> HttpResponse:
        """Add one, once however often the form is sent."""
        key = self.request.POST.get("idempotency_key", "")
        form = ItemForm(
            self.request.POST, actor=self.actor, meeting=meeting, instance=AgendaItem(meeting=meeting)
        )
        if form.is_valid():
            try:
                made = once.once(self.actor, once.read(self.actor, key), form.save)
                return self.done(meeting, _("The item is on the agenda."), AgendaItem(uuid=made))
            except ValidationError as error:
                errors.put(form, error, MeetingType)
        return self.page(meeting, errors.UNPROCESSABLE, form=form, key=key)

    def page(
        self, meeting: Meeting, status: int = 200, *, form: ItemForm | None = None, key: str = "",
        answer: tuple[UUID, DeclineForm] | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Draw it."""
        names = Names(self.actor)
        found = proceedings_of(self.actor, meeting, names)
        form = form or ItemForm(actor=self.actor, meeting=meeting, instance=AgendaItem(meeting=meeting))
        proposed = [
            (item, answer[1] if answer and answer[0] == item.row.uuid else DeclineForm(item=item.row))
            for item in found.proposed
        ]
        context = {
            **head(self.record_type, meeting, names, tabs=False),
            "meeting": meeting, "found": found, "proposed": proposed, "form": form, "lines": in_lines(form),
            "refused": answer[1] if answer else form, "idempotency_key": key or once.key_for(self.actor),
        }  # fmt: skip
        return render(self.request, "working_groups/agenda.html", context, status=status)


class MeetingAgendaItem(OfAgenda):
    """One item: changing it, or taking it off the agenda."""

    def get(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """The form as the item stands."""
        meeting = self.kept(uuid)
        row = self.on_agenda(meeting, item)
        return self.page(meeting, row.title, ItemForm(actor=self.actor, meeting=meeting, instance=row))

    def on_agenda(self, meeting: Meeting, uuid: UUID) -> AgendaItem:
        """The item; IllegalTransition for a proposal that was declined."""
        row = self.item(meeting, uuid)
        if row.state == ItemState.DECLINED:
            raise IllegalTransition(_("This proposal was answered already."))
        return row

    def post(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """Store it, or remove it."""
        meeting = self.kept(uuid)
        row = self.on_agenda(meeting, item)
        title = row.title
        if "remove" in request.POST:
            agenda.item_remove(self.actor, item=row)
            return self.done(meeting, _("The item is removed."))
        form = ItemForm(request.POST, actor=self.actor, meeting=meeting, instance=row)
        if form.is_valid():
            try:
                return self.done(meeting, _("The item is changed."), form.save())
            except ValidationError as error:
                errors.put(form, error, MeetingType)
        return self.page(meeting, title, form, errors.UNPROCESSABLE)

    def page(self, meeting: Meeting, title: str, form: ItemForm, status: int = 200) -> HttpResponse:
        """Draw it."""
        context = {
            **head(self.record_type, meeting, Names(self.actor), tabs=False),
            "meeting": meeting,
            "title": title,
            "can_be_removed": form.instance.state not in agenda.OFF_AGENDA,
            "form": form,
            "lines": in_lines(form),
        }
        return render(self.request, "working_groups/agenda_item.html", context, status=status)
