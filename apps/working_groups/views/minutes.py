"""Live minutes: the page on which they are written, its saves, and what it asks again and again."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pages import errors
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, TypePage, head
from apps.pages.views.steps import is_autosave
from apps.records import clock
from apps.records.errors import IllegalTransition, NotPermitted, RecordError
from apps.records.registry import RecordType
from apps.records.services import is_editor
from apps.working_groups.minutes import saving, state
from apps.working_groups.minutes.proceedings import proceedings_of
from apps.working_groups.minutes.saving import Saved
from apps.working_groups.models import Meeting
from apps.working_groups.models.meeting import MINUTE_MOST, SUMMARY_MOST
from apps.working_groups.record import MeetingType
from apps.working_groups.vocabulary import ItemState

SIGNED_OUT = 401


class MinuteForm(forms.Form):
    """A text, the one it was built on, and the name of the save. What is white stays white."""

    text = forms.CharField(required=False, strip=False)
    base = forms.CharField(required=False, strip=False)
    save = forms.UUIDField(required=False)


class _OfMeeting(RecordPage):
    record_type: ClassVar[type[RecordType]] = MeetingType

    def kept_or_403(self, uuid: UUID) -> Meeting:
        """The meeting, for whoever keeps it; NotPermitted for its readers, Http404 for all others."""
        meeting: Meeting = self.record_or_404(uuid)
        if not is_editor(self.actor, meeting):
            raise NotPermitted
        return meeting

    def draw(
        self, meeting: Meeting, status: int = 200, *, refused: str = "", key: str = "", text: str = ""
    ) -> HttpResponse:
        """The page; where a save was refused, with what was typed and why."""
        names = Names(self.actor)
        found = proceedings_of(self.actor, meeting, names)
        tags = state.tags(meeting.pk)
        fields = [
            _field(meeting, state.SUMMARY, meeting.summary, tags)
            | {"title": _("Summary"), "most": SUMMARY_MOST}
        ]
        fields += [
            _field(meeting, str(item.row.uuid), item.row.minute, tags) | {"item": item, "most": MINUTE_MOST}
            for item in found.agenda
        ]
        for each in fields:
            if refused and each["key"] == key:
                each |= {"text": text, "refused": refused}
        context = {
            **head(self.record_type, meeting, names, current="detail"),
            "meeting": meeting,
            "fields": fields,
            "refused": refused,
            "open": meeting.state in saving.WRITTEN_IN,
            "is_session": meeting.state == "session",
            "is_circulated": meeting.state == "circulated",
            "person": self.actor.user_id,
            "state_url": reverse("meetings:minutes-state", kwargs={"uuid": meeting.uuid}),
            "attendance_url": reverse("meetings:attendance", kwargs={"uuid": meeting.uuid}),
        }
        return render(self.request, "working_groups/minutes.html", context, status=status)


def _field(meeting: Meeting, key: str, text: str, tags: dict[str, str]) -> dict[str, Any]:
    """A text that can be written, as the page draws it."""
    if key == state.SUMMARY:
        url = reverse("meetings:summary", kwargs={"uuid": meeting.uuid})
    else:
        url = reverse("meetings:minute", kwargs={"uuid": meeting.uuid, "item": key})
    return {"key": key, "url": url, "text": text, "base": text, "tag": tags.get(key, ""), "save": uuid4()}


class MeetingMinutes(_OfMeeting):
    """Writing the minutes; once they are adopted, only what somebody had not saved can be seen here."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page."""
        try:
            meeting = self.kept_or_403(uuid)
        except NotPermitted as refusal:
            return self.refused(self.record_or_404(uuid), refusal, 403)
        if meeting.state in ("draft", "planned", "cancelled"):
            try:
                saving.may_write(self.actor, meeting)
            except IllegalTransition as refusal:
                messages.info(request, str(refusal.message))
            return redirect(self.record_type.url(meeting))
        return self.draw(meeting)


class _Save(_OfMeeting):
    http_method_names = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Never under another name than that under which it was written."""
        named = request.POST.get("person") if request.method == "POST" and is_autosave(request) else None
        if named is not None and named != str(request.user.pk):
            return JsonResponse({"saved": False}, status=SIGNED_OUT)
        return super().dispatch(request, *args, **kwargs)

    def save(self, uuid: UUID, item: UUID | None) -> HttpResponse:
        """Save one text; a page that saves by itself is answered by JSON, a pressed button by a page."""
        meeting: Meeting = self.record_or_404(uuid)
        form = MinuteForm(self.request.POST)
        try:
            if not form.is_valid():
                raise ValidationError(form.errors.as_data())
            said = form.cleaned_data
            saved = saving.minute_save(
                self.actor, meeting=meeting, item=item, base=said["base"], text=said["text"],
                key=said["save"] or uuid4(),
            )  # fmt: skip
            if (mark := self.request.POST.get("mark")) and item:
                saving.item_mark(self.actor, meeting=meeting, item=item, state=_marked(mark))
        except ObjectDoesNotExist:
            raise Http404 from None
        except (RecordError, ValidationError) as error:
            return self.not_saved(meeting, item, error)
        return self.saved(meeting, item, saved)

    def saved(self, meeting: Meeting, item: UUID | None, saved: Saved) -> HttpResponse:
        """What stands now."""
        key = str(item or state.SUMMARY)
        if is_autosave(self.request):
            return JsonResponse(
                {
                    "saved": True, "at": clock.now().isoformat(), "text": saved.text, "merged": saved.merged,
                    "conflict": saved.conflict, "changes": saved.changes, "tag": state.tag_of(key, saved.text),
                }
            )  # fmt: skip
        if saved.conflict:
            messages.warning(self.request, _("Both of you changed the same words; both are kept."))
        elif saved.merged:
            messages.success(self.request, _("Saved, together with what others wrote meanwhile."))
        else:
            messages.success(self.request, _("Saved."))
        return redirect(f"{reverse('meetings:minutes', kwargs={'uuid': meeting.uuid})}#minute-{key}")

    def not_saved(
        self, meeting: Meeting, item: UUID | None, error: RecordError | ValidationError
    ) -> HttpResponse:
        """Why not; what was typed is on the page, or still in the browser."""
        status = errors.status_of(error)
        said = " ".join(text for texts in errors.errors_of(error).values() for text in texts)
        if is_autosave(self.request):
            meeting.refresh_from_db(fields=["state"])
            return JsonResponse({"saved": False, "message": said, "state": meeting.state}, status=status)
        if isinstance(error, NotPermitted):
            return self.refused(meeting, error, status)
        text = self.request.POST.get("text", "")
        return self.draw(meeting, status, refused=said, key=str(item or state.SUMMARY), text=text)


def _marked(mark: str) -> ItemState:
    try:
        return ItemState(mark)
    except ValueError:
        raise ValidationError({"mark": _("Choose one of these.")}) from None


class MinuteSave(_Save):
    """Saving the minute of an item, and marking it in session."""

    def post(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """Save."""
        return self.save(uuid, item)


class SummarySave(_Save):
    """Saving the summary."""

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Save."""
        return self.save(uuid, None)


class MinutesState(TypePage):
    """What an open page does not know yet: 204 when that is nothing. `token` asks for a fresh one for its forms."""

    record_type: ClassVar[type[RecordType]] = MeetingType

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The news, for whoever keeps the meeting."""
        found = state.asked(self.actor, uuid)
        if found is None:
            raise Http404
        if not is_editor(self.actor, found):
            return JsonResponse({"message": str(NotPermitted.message)}, status=403)
        if request.GET.get("person", "") not in ("", str(self.actor.user_id)):
            return JsonResponse({}, status=SIGNED_OUT)
        if "token" in request.GET:
            return JsonResponse({"token": get_token(request)})
        news = state.news(found, request.GET.getlist("known"))
        return HttpResponse(status=204) if news is None else JsonResponse(news)
