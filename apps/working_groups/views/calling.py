"""Pages on which whoever leads a group calls its meetings: one, or those of a series."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from apps.pages import errors, once
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.records import clock
from apps.records.errors import RecordError
from apps.records.registry import RecordType
from apps.working_groups.calling import ahead_of, meeting_call, series_change, series_extend
from apps.working_groups.calling_forms import CallForm, SeriesForm, in_lines
from apps.working_groups.models import Meeting, Series, WorkingGroup
from apps.working_groups.positions import leaders
from apps.working_groups.record import MeetingType, WorkingGroupType
from apps.working_groups.recurrence import in_words, slots

SHOWN_DATES = 12


class OfGroup(RecordPage):
    """A page of a group for whoever leads it; to everybody else it is missing."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType

    def led(self, uuid: UUID) -> WorkingGroup:
        """The group, if the actor leads it and it meets."""
        group: WorkingGroup = self.record_or_404(uuid)
        if group.state != "active" or not set(leaders(group)) & set(self.actor.position_ids):
            raise Http404
        return group

    def drawn(self, template: str, group: WorkingGroup, status: int = 200, **more: Any) -> HttpResponse:
        """The page, under the group's head."""
        context = {**head(self.record_type, group, Names(self.actor), tabs=False), "group": group, **more}
        return render(self.request, template, context, status=status)


class GroupCall(OfGroup):
    """Calling one meeting."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        """The empty form."""
        group = self.led(uuid)
        return self.page(group, CallForm(actor=self.actor, group=group), once.key_for(self.actor))

    def page(self, group: WorkingGroup, form: CallForm, key: str, status: int = 200) -> HttpResponse:
        """Draw it."""
        return self.drawn(
            "working_groups/call.html", group, status, form=form, lines=in_lines(form), idempotency_key=key,
            cancel_url=WorkingGroupType.url(group),
        )  # fmt: skip

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        """Call it, once however often the form is sent."""
        group, key = self.led(uuid), request.POST.get("idempotency_key", "")
        form = CallForm(request.POST, actor=self.actor, group=group)
        if not form.is_valid():
            return self.page(group, form, key, errors.UNPROCESSABLE)
        try:
            made = once.once(
                self.actor,
                once.read(self.actor, key),
                lambda: meeting_call(self.actor, group=group, **form.cleaned_data),
            )
        except (RecordError, ValidationError) as error:
            errors.put(form, error, MeetingType)
            return self.page(group, form, key, errors.status_of(error))
        return redirect(MeetingType.url(Meeting.objects.get(uuid=made)))


class GroupSeries(OfGroup):
    """A new series: its rule, the dates that follow from it, and its meetings once it is saved."""

    def series(self, group: WorkingGroup, row: UUID | None) -> Series:
        """The series named, or a new one that begins like the group's others."""
        if row is None:
            zone = self.actor.mission.time_zone
            return Series(group=group, title=group.title[:150], time_zone=zone, first_on=clock.now().date())
        found = Series.objects.filter(group=group, uuid=row, is_active=True).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, uuid: UUID, row: UUID | None = None) -> HttpResponseBase:
        """The rule as it stands."""
        group = self.led(uuid)
        series = self.series(group, row)
        return self.page(group, series, SeriesForm(instance=series), once.key_for(self.actor))

    def page(
        self,
        group: WorkingGroup,
        series: Series,
        form: SeriesForm,
        key: str,
        status: int = 200,
        dates: Any = None,
    ) -> HttpResponse:
        """Draw it, with the dates where they were asked for."""
        return self.drawn(
            "working_groups/series.html", group, status, form=form, lines=in_lines(form), idempotency_key=key,
            dates=dates, said=in_words(form.instance) if dates is not None else "", is_new=series.pk is None,
            ahead=ahead_of(series) if series.pk else [], cancel_url=WorkingGroupType.url(group),
        )  # fmt: skip

    def post(self, request: HttpRequest, uuid: UUID, row: UUID | None = None) -> HttpResponseBase:
        """Show the dates, save the rule, or stop the series."""
        group, key = self.led(uuid), request.POST.get("idempotency_key", "")
        series = self.series(group, row)
        if "stop" in request.POST and series.pk:
            return self.stopped(group, series)
        form = SeriesForm(request.POST, instance=series)
        form.instance.group = group
        if not form.is_valid():
            return self.page(group, series, form, key, errors.UNPROCESSABLE)
        if "preview" in request.POST:
            dates = slots(form.instance, clock.now(), min(form.instance.ahead, SHOWN_DATES))
            return self.page(group, series, form, key, dates=dates)
        try:
            once.once(self.actor, once.read(self.actor, key), lambda: self.saved(form))
        except (RecordError, ValidationError) as error:
            errors.put(form, error, MeetingType)
            return self.page(group, series, form, key, errors.status_of(error))
        return redirect(WorkingGroupType.url(group))

    def saved(self, form: SeriesForm) -> Series:
        """The rule, with its meetings."""
        is_new = form.instance.pk is None
        series: Series = form.save()
        if is_new:
            series_extend(self.actor, series=series)
        else:
            series_change(self.actor, series=series)
        return series

    def stopped(self, group: WorkingGroup, series: Series) -> HttpResponseBase:
        """It goes on no more: what lies ahead is left out, and the group is told."""
        series.is_active = False
        series.save(update_fields=["is_active"])
        series_change(self.actor, series=series)
        return redirect(WorkingGroupType.url(group))
