"""Pages of projects: criteria, the duplication check's help, an instalment, a visit, the final report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.joint_plans import rules as plan_rules
from apps.joint_plans.models import JointPlan
from apps.joint_plans.models.projects import Instalment, MonitoringVisit, Project
from apps.joint_plans.projects import forms, looking, rules, services, shown
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.views.parts import OfParts
from apps.pages import errors, once
from apps.pages.names import Names
from apps.pages.views.base import head
from apps.records.errors import NotPermitted, RecordError
from apps.records.services import is_editor
from apps.records.transitions import may_take


class OfProject(OfParts):
    """A page of a project; of a plan of another kind there is none."""

    def loaded(self, uuid: UUID) -> JointPlan:
        """The plan, or Http404."""
        plan = super().loaded(uuid)
        if not rules.is_project(plan):
            raise Http404
        return plan

    def kept(self, plan: JointPlan, states: tuple[str, ...]) -> None:
        """NotPermitted unless the actor keeps the plan and it is in one of these states."""
        if not is_editor(self.actor, plan) or plan.state not in states:
            raise NotPermitted

    def form_page(
        self, plan: JointPlan, title: str, form: Any, status: int = 200, **more: Any
    ) -> HttpResponse:
        """Draw a form."""
        context = {
            **head(self.record_type, plan, Names(self.actor), tabs=False),
            "form": form,
            "lines": form.in_lines(),
            "page_title": title,
            **more,
        }
        return render(self.request, "joint_plans/project_form.html", context, status=status)


class ProjectCriteria(OfProject):
    """The criteria of the mission, answered one by one."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The form with what is answered."""
        plan = self.loaded(uuid)
        self.kept(plan, plan_rules.OPEN)
        return self.form_page(plan, _("Criteria"), forms.CriteriaForm(plan=plan))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Store what is answered; the rest may wait."""
        plan = self.loaded(uuid)
        self.kept(plan, plan_rules.OPEN)
        form = forms.CriteriaForm(request.POST, plan=plan)
        if not form.is_valid():
            return self.form_page(plan, _("Criteria"), form, errors.UNPROCESSABLE)
        services.criteria_answer(self.actor, plan=plan, said=form.said())
        messages.success(request, _("The answers are saved."))
        return redirect(f"{JointPlanType.url(plan)}#criteria")


class ProjectDuplication(OfProject):
    """Who else is active there, for whoever checks; under their own rights."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page."""
        plan = self.loaded(uuid)
        step = JointPlanType.workflow.transition("check_duplication")
        may_say = (
            plan.state in step.sources
            and plan.edition > 0
            and plan.author_id != self.actor.user_id
            and may_take(self.actor, plan, step) is not None
        )
        context = {
            **head(self.record_type, plan, Names(self.actor), tabs=False),
            "around": looking.around(self.actor, plan),
            "plan": plan,
            "say_url": JointPlanType.url(plan, "transition", name=step.name) if may_say else "",
        }
        return render(request, "joint_plans/duplication.html", context)


class ProjectInstalment(OfProject):
    """An instalment: paid, or not paid at all."""

    def row(self, plan: JointPlan, item: UUID) -> Instalment:
        """The instalment, or Http404."""
        found = Instalment.objects.filter(plan_id=plan.pk, uuid=item).first()
        if found is None:
            raise Http404
        self.kept(plan, shown.PAYS)
        found.plan = plan
        return found

    def get(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """The form."""
        plan = self.loaded(uuid)
        row = self.row(plan, item)
        return self.form_page(plan, self.title(row), forms.PayForm(instalment=row))

    def post(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """Note it."""
        plan = self.loaded(uuid)
        row = self.row(plan, item)
        form = forms.PayForm(request.POST, instalment=row)
        if form.is_valid():
            given = form.cleaned_data
            try:
                if given["paid_on"]:
                    services.instalment_pay(
                        self.actor, instalment=row, on=given["paid_on"], reference=given["reference"]
                    )
                else:
                    services.instalment_drop(self.actor, instalment=row, because=given["unpaid_because"])
            except (ValidationError, RecordError) as refusal:
                errors.put(form, refusal, JointPlanType)
            else:
                messages.success(request, _("It is noted."))
                return redirect(f"{JointPlanType.url(plan)}#money")
        return self.form_page(plan, self.title(row), form, errors.UNPROCESSABLE)

    def title(self, row: Instalment) -> str:
        """What the page is called."""
        return _("Instalment %(number)d") % {"number": row.number}


class ProjectVisit(OfProject):
    """A visit to the project."""

    def allowed(self, plan: JointPlan) -> None:
        """NotPermitted for whoever takes no part."""
        takes_part = is_editor(self.actor, plan) or plan_rules.contributes(self.actor, plan)
        if not takes_part or plan.state not in shown.PAYS:
            raise NotPermitted

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """An empty form."""
        plan = self.loaded(uuid)
        self.allowed(plan)
        key = once.key_for(self.actor)
        return self.form_page(plan, _("Monitoring visit"), forms.VisitForm(), idempotency_key=key)

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Append it, once however often the form is sent."""
        plan = self.loaded(uuid)
        self.allowed(plan)
        key = request.POST.get("idempotency_key", "")
        form = forms.VisitForm(request.POST, instance=MonitoringVisit(plan=plan))
        if form.is_valid():
            try:
                once.once(
                    self.actor, once.read(self.actor, key),
                    lambda: services.visit_add(self.actor, visit=form.instance),
                )  # fmt: skip
            except (ValidationError, RecordError) as refusal:
                errors.put(form, refusal, JointPlanType)
            else:
                messages.success(request, _("The visit is noted."))
                return redirect(f"{JointPlanType.url(plan)}#monitoring")
        return self.form_page(plan, _("Monitoring visit"), form, errors.UNPROCESSABLE, idempotency_key=key)


class ProjectReport(OfProject):
    """The final report."""

    def row(self, plan: JointPlan) -> Project:
        """What is built, or Http404."""
        self.kept(plan, shown.REPORTS)
        found = Project.objects.filter(plan_id=plan.pk).first()
        if found is None:
            raise Http404
        found.plan = plan
        return found

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The form with what is written."""
        plan = self.loaded(uuid)
        form = forms.ReportForm(initial={"final_report": self.row(plan).final_report})
        return self.form_page(plan, _("Final report"), form)

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Store it."""
        plan = self.loaded(uuid)
        row = self.row(plan)
        form = forms.ReportForm(request.POST)
        if form.is_valid():
            services.final_report_write(self.actor, project=row, text=form.cleaned_data["final_report"])
            messages.success(request, _("The final report is saved."))
            return redirect(f"{JointPlanType.url(plan)}#monitoring")
        return self.form_page(plan, _("Final report"), form, errors.UNPROCESSABLE)
