"""Pages of resources, of what is asked of them, and of a plan's conflicts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.action_points.views import ActionPointNew
from apps.joint_plans import parts, resource_shown, resources
from apps.joint_plans.deconfliction import conflicts_of
from apps.joint_plans.models import Part, Promise, Resource
from apps.joint_plans.raising import RaisedFromActivity
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.resource_forms import AskForm, ResourceForm, SettleForm
from apps.joint_plans.shown import part_url
from apps.joint_plans.vocabulary import PartKind, Promised
from apps.mission.vocabulary import RequestKind
from apps.pages import errors, once
from apps.pages.names import Names
from apps.pages.views.base import SignedInPage, head
from apps.records.errors import NotPermitted, RecordError
from apps.working_groups.views.meeting import MeetingNew

from .parts import OfParts

PAGE = 100


class Resources(SignedInPage):
    """What organisations can give."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; an unknown kind is none."""
        kind = request.GET.get("kind", "")
        rows = resources.resources_of(self.actor).order_by("-is_active", "kind", "capability", "pk")
        if kind in RequestKind.values:
            rows = rows.filter(kind=kind)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context = {
            "rows": resource_shown.resource_rows(self.actor, page.object_list),
            "page": page,
            "kind": kind,
            "kinds": RequestKind.choices,
            "may_offer": resources.offering(self.actor).exists(),
        }
        return render(request, "joint_plans/resources.html", context)


class _ResourceForm(SignedInPage):
    """The form of an offer."""

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        """Draw it."""
        context = {"form": form, "resource": form.instance if form.instance.pk else None}
        if not form.instance.pk:
            given = self.request.POST.get("idempotency_key", "")
            context["idempotency_key"] = given or once.key_for(self.actor)
        return render(self.request, "joint_plans/resource_form.html", context, status=status)

    def saved(self, form: Any, save: Any) -> HttpResponse:
        """Save, or say at the field why not."""
        if form.is_valid():
            try:
                save()
            except (RecordError, ValidationError) as error:
                errors.put(form, error, JointPlanType)
                return self.page(form, errors.status_of(error))
            messages.success(self.request, _("Saved."))
            return redirect("joint_plans:resources")
        return self.page(form, errors.UNPROCESSABLE)


class ResourceNew(_ResourceForm):
    """Offering something."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form; whose organisation cannot offer is told so."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotPermitted:
            context = {"message": _("None of your positions may offer something.")}
            return render(request, "pages/not_filed.html", context, status=403)

    def form(self, data: Any) -> ResourceForm:
        """An empty one, for whoever's organisation can offer."""
        if not resources.offering(self.actor).exists():
            raise NotPermitted
        return ResourceForm(data, actor=self.actor, instance=Resource(keeper=self.actor.positions[0]))

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.page(self.form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Offer it, once however often the form is sent."""
        form = self.form(request.POST)
        key = once.read(self.actor, request.POST.get("idempotency_key", ""))
        return self.saved(
            form,
            lambda: once.once(
                self.actor, key, lambda: resources.resource_save(self.actor, resource=form.instance)
            ),
        )


class ResourceChange(_ResourceForm):
    """Changing an offer."""

    def form(self, item: UUID, data: Any) -> ResourceForm:
        """One of the actor's organisation's, or Http404."""
        found = Resource.objects.filter(uuid=item, mission=self.actor.mission).first()
        if found is None or not resources.is_ours(self.actor, found):
            raise Http404
        return ResourceForm(data, actor=self.actor, instance=found)

    def get(self, request: HttpRequest, item: UUID) -> HttpResponse:
        """As it stands."""
        return self.page(self.form(item, None))

    def post(self, request: HttpRequest, item: UUID) -> HttpResponse:
        """Save it."""
        form = self.form(item, request.POST)
        return self.saved(form, lambda: resources.resource_save(self.actor, resource=form.instance))


class AskedOfMine(SignedInPage):
    """What is asked of my resources, and what I promised."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Open ones first, by their time."""
        rows = resources.asked_of(self.actor)
        open_ones = rows.filter(state__in=(Promised.ASKED, Promised.PROMISED))
        closed = rows.exclude(state__in=(Promised.ASKED, Promised.PROMISED)).order_by("-settled_at", "-pk")
        context = {
            "rows": resource_shown.asked_rows(self.actor, [*open_ones[: PAGE * 2], *closed[:20]]),
        }
        return render(request, "joint_plans/asked.html", context)


class PromisePage(SignedInPage):
    """What is asked of a resource that I keep, and my answer."""

    def found(self, item: UUID) -> Promise:
        """One of the actor's, or Http404."""
        row = resources.asked_of(self.actor).filter(uuid=item).first()
        if row is None:
            raise Http404
        return row

    def get(self, request: HttpRequest, item: UUID) -> HttpResponse:
        """The page."""
        row = self.found(item)
        return self.page(row, SettleForm(promise=row))

    def post(self, request: HttpRequest, item: UUID) -> HttpResponse:
        """Promise, decline or release."""
        row = self.found(item)
        form = SettleForm(request.POST, promise=row)
        if not form.is_valid():
            return self.page(row, form, errors.UNPROCESSABLE)
        try:
            resources.promise_settle(
                self.actor, promise=row, state=form.cleaned_data["state"], reason=form.cleaned_data["reason"]
            )
        except (RecordError, ValidationError) as error:
            errors.put(form, error, JointPlanType)
            return self.page(self.found(item), form, errors.status_of(error))
        messages.success(request, _("Saved."))
        return redirect("joint_plans:asked")

    def page(self, row: Promise, form: Any, status: int = 200) -> HttpResponse:
        """Draw it."""
        context = {"row": resource_shown.asked_rows(self.actor, [row])[0], "form": form}
        return render(self.request, "joint_plans/promise.html", context, status=status)


class PartResources(OfParts):
    """What is asked for, for an activity; the form that asks; releasing what is needed no more."""

    def part(self, uuid: UUID, item: UUID) -> Part:
        """The activity, or Http404."""
        part = parts.part_get(self.loaded(uuid), item)
        if part.kind != PartKind.ACTIVITY:
            raise Http404
        return part

    def get(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """The page."""
        part = self.part(uuid, item)
        return self.page(part, AskForm(actor=self.actor, plan=self.plan, activity=part))

    def post(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """Ask, once however often the form is sent; or release."""
        part = self.part(uuid, item)
        if "release" in request.POST:
            row = self.promise(part, request.POST["release"])
            resources.promise_settle(self.actor, promise=row, state=Promised.RELEASED)
            messages.success(request, _("It is released."))
            return redirect(part_url(self.plan, part, "part-resources"))
        form = AskForm(request.POST, actor=self.actor, plan=self.plan, activity=part)
        if not form.is_valid():
            return self.page(part, form, errors.UNPROCESSABLE)
        key = once.read(self.actor, request.POST.get("idempotency_key", ""))
        try:
            once.once(
                self.actor,
                key,
                lambda: resources.promise_ask(self.actor, plan=self.plan, part=part, **form.cleaned_data),
            )
        except (RecordError, ValidationError) as error:
            errors.put(form, error, JointPlanType)
            return self.page(part, form, errors.status_of(error))
        messages.success(request, _("It is asked for."))
        return redirect(part_url(self.plan, part, "part-resources"))

    def promise(self, part: Part, given: str) -> Promise:
        """What is released; ObjectDoesNotExist for a broken name as well."""
        try:
            return Promise.objects.get(part_id=part.pk, uuid=UUID(given))
        except ValueError:
            raise ObjectDoesNotExist from None

    def page(self, part: Part, form: Any, status: int = 200) -> HttpResponse:
        """Draw it."""
        context = {
            **head(self.record_type, self.plan, Names(self.actor), tabs=False),
            **resource_shown.part_resources(self.actor, self.plan, part),
            "part": part,
            "part_url": part_url(self.plan, part),
            "form": form,
            "idempotency_key": self.request.POST.get("idempotency_key", "") or once.key_for(self.actor),
        }
        return render(self.request, "joint_plans/part_resources.html", context, status=status)


class PlanConflicts(OfParts):
    """What a plan's activities meet, and whom to ask."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page."""
        plan = self.loaded(uuid)
        context = {
            **head(self.record_type, plan, Names(self.actor), tabs=False),
            **resource_shown.conflict_rows(self.actor, plan, conflicts_of(self.actor, plan)),
        }
        return render(request, "joint_plans/conflicts.html", context)


class ActivityActionPointNew(RaisedFromActivity, ActionPointNew):
    """Starting an action point from an activity."""


class ActivityMeetingNew(RaisedFromActivity, MeetingNew):
    """Calling a meeting on an activity."""

    dated = False
