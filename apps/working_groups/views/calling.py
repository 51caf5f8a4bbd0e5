"""Pages on which whoever leads a group calls its meetings: one, or those of a series."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pages import errors, once, readers
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import RecordError
from apps.records.originators import FiledAs
from apps.records.registry import RecordType
from apps.working_groups.calling import body_of, leading_position, meeting_call
from apps.working_groups.calling_forms import CallForm, CallLabelForm, SeriesForm, in_lines
from apps.working_groups.models import Meeting, Series, WorkingGroup
from apps.working_groups.positions import leads
from apps.working_groups.record import MeetingType, WorkingGroupType
from apps.working_groups.recurrence import in_words, slots
from apps.working_groups.series import ahead_of, series_save, series_stop

SHOWN_DATES = 12


class OfGroup(RecordPage):
    """A page of a group for whoever leads it; to everybody else it is missing."""

    record_type: ClassVar[type[RecordType]] = WorkingGroupType

    def led(self, uuid: UUID) -> WorkingGroup:
        """The group, if the actor leads it and it meets."""
        group: WorkingGroup = self.record_or_404(uuid)
        if group.state != "active" or not leads(self.actor, group):
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
        label = CallLabelForm(actor=self.actor, group=group)
        return self.page(group, CallForm(), label, once.key_for(self.actor))

    def page(
        self, group: WorkingGroup, form: CallForm, label: CallLabelForm, key: str, status: int = 200
    ) -> HttpResponse:
        """Draw it, with who would read the meeting."""
        return self.drawn(
            "working_groups/call.html", group, status, form=form, forms=[label], lines=in_lines(form), label_form=label,
            has_errors=bool(form.errors or label.errors), audience=who_reads(self.actor, group, label),
            audience_preview_url=reverse("working_groups:call-preview", kwargs={"uuid": group.uuid}),
            idempotency_key=key, cancel_url=WorkingGroupType.url(group),
        )  # fmt: skip

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        """Call it, once however often the form is sent."""
        group, key = self.led(uuid), request.POST.get("idempotency_key", "")
        form, label = CallForm(request.POST), CallLabelForm(request.POST, actor=self.actor, group=group)
        if not (form.is_valid() & label.is_valid()):
            return self.page(group, form, label, key, errors.UNPROCESSABLE)
        try:
            made = once.once(
                self.actor, once.read(self.actor, key),
                lambda: meeting_call(self.actor, group=group, **form.cleaned_data, **label.cleaned_data),
            )  # fmt: skip
        except (RecordError, ValidationError) as error:
            errors.put(
                label if set(errors.errors_of(error)) & set(label.fields) else form, error, MeetingType
            )
            return self.page(group, form, label, key, errors.status_of(error))
        return redirect(MeetingType.url(Meeting.objects.get(uuid=made)))


class GroupCallPreview(OfGroup):
    """Who would read a meeting of the group under the label of a form. Nothing is saved."""

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The fragment `_audience.html`."""
        group = self.led(uuid)
        label = CallLabelForm(request.POST, actor=self.actor, group=group)
        found = who_reads(self.actor, group, label)
        asked = _("Choose a label to see who will read this.")
        return render(
            request, "pages/_audience.html", {"audience": found} if found else {"audience_error": asked}
        )


def who_reads(actor: Actor, group: WorkingGroup, label: CallLabelForm) -> dict[str, Any] | None:
    """Who would read a meeting under that label: the group, and whoever the label names. None for no sound label."""
    if label.is_bound and not label.is_valid():
        return None
    said = label.cleaned_data if label.is_bound else label.initial
    position = leading_position(actor, group)
    return readers.proposed(
        actor, record=None, filed_as=FiledAs(position, position.organisation), scope=said["scope"],
        classification=said["classification"],
        compartments=said.get("compartments", group.compartments),
        data_types=said.get("data_types", group.data_types), also=[body_of(group)],
    )  # fmt: skip


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
            stop_url=self.stop_url(group, series), cancel_url=WorkingGroupType.url(group),
        )  # fmt: skip

    def stop_url(self, group: WorkingGroup, series: Series) -> str:
        """Where a series is stopped; nothing for a new one."""
        keys = {"uuid": group.uuid, "row": series.uuid}
        return reverse("working_groups:series-stop", kwargs=keys) if series.pk else ""

    def post(self, request: HttpRequest, uuid: UUID, row: UUID | None = None) -> HttpResponseBase:
        """Show the dates, or save the rule."""
        group, key = self.led(uuid), request.POST.get("idempotency_key", "")
        series = self.series(group, row)
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
        series: Series = form.instance
        series_save(self.actor, series=series)
        return series


class GroupSeriesStop(OfGroup):
    """Stopping a series, once one has seen which meetings do not take place then."""

    def get(self, request: HttpRequest, uuid: UUID, row: UUID) -> HttpResponseBase:
        """The question."""
        group = self.led(uuid)
        series = self.series(group, row)
        return self.page(group, series) if series.is_active else redirect(WorkingGroupType.url(group))

    def series(self, group: WorkingGroup, row: UUID) -> Series:
        """The series named, stopped already or not."""
        found = Series.objects.filter(group=group, uuid=row).first()
        if found is None:
            raise Http404
        return found

    def page(self, group: WorkingGroup, series: Series, problem: Any = "", status: int = 200) -> HttpResponse:
        """Draw it."""
        return self.drawn(
            "working_groups/series_stop.html", group, status, series=series, said=in_words(series),
            ahead=ahead_of(series), problems=[{"text": problem}] if problem else [],
            cancel_url=reverse("working_groups:series-change", kwargs={"uuid": group.uuid, "row": series.uuid}),
        )  # fmt: skip

    def post(self, request: HttpRequest, uuid: UUID, row: UUID) -> HttpResponseBase:
        """Stop it; pressing twice stops it once."""
        group = self.led(uuid)
        series = self.series(group, row)
        try:
            with transaction.atomic():
                series_stop(self.actor, series=series)
        except RecordError as error:
            return self.page(group, series, error.message, errors.status_of(error))
        return redirect(WorkingGroupType.url(group))
