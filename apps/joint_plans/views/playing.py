"""The page on which it is said where an exercise is played."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apps.joint_plans.models import JointPlan, Play
from apps.joint_plans.playing import PlayForm, play_set
from apps.joint_plans.record import JointPlanType
from apps.pages import errors
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.records.errors import RecordError
from apps.records.exercises import stands_apart
from apps.records.registry import RecordType
from apps.records.services import is_editor


class PlayedIn(RecordPage):
    """Names the mission of an exercise; there is no such page of any other plan, nor for whoever may not change it."""

    record_type: ClassVar[type[RecordType]] = JointPlanType

    def loaded(self, uuid: UUID) -> JointPlan:
        """The plan of an exercise that the person keeps, or Http404."""
        plan: JointPlan = self.record_or_404(uuid)
        if not (stands_apart(self.actor, plan) and is_editor(self.actor, plan)):
            raise Http404
        return plan

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The form, with what was said already."""
        plan = self.loaded(uuid)
        said = Play.objects.filter(plan=plan).values_list("mission__code", flat=True).first()
        return self.page(plan, PlayForm(actor=self.actor, initial={"mission": said or ""}))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Keep it and go back to the plan."""
        plan, form = self.loaded(uuid), PlayForm(request.POST, actor=self.actor)
        if not form.is_valid():
            return self.page(plan, form, status=422)
        try:
            play_set(self.actor, plan=plan, mission=form.chosen())
        except RecordError as refusal:
            return self.refused(plan, refusal, errors.status_of(refusal))
        return redirect(self.record_type.url(plan))

    def page(self, plan: JointPlan, form: PlayForm, status: int = 200) -> HttpResponse:
        """The page."""
        context: dict[str, Any] = {
            **head(self.record_type, plan, Names(self.actor), tabs=False),
            "form": form,
        }
        return render(self.request, "joint_plans/played_in.html", context, status=status)
