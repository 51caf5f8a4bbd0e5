"""Pages of a plan's parts: all of a kind, one, and the form that adds or changes it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.joint_plans import part_clashes, parts, rules, shown
from apps.joint_plans.models import JointPlan, Part
from apps.joint_plans.part_forms import DecidedForm, PartForm, ReadingForm, ReportForm, part_form
from apps.joint_plans.part_shown import part_page
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.vocabulary import PartKind
from apps.pages import errors, once
from apps.pages.names import Names
from apps.pages.views.base import head
from apps.pages.views.below import PageBelow
from apps.records.errors import IllegalTransition
from apps.records.registry import RecordType
from apps.records.services import is_editor

PAGE = 100


class OfParts(PageBelow):
    """A page of a plan's parts."""

    record_type: ClassVar[type[RecordType]] = JointPlanType
    plan: JointPlan

    def loaded(self, uuid: UUID) -> JointPlan:
        """The plan, or Http404."""
        self.plan = self.record_or_404(uuid)
        return self.plan

    def kind(self) -> PartKind:
        """The kind that the address asks for, activities where it asks for none; Http404 for one that there is not."""
        try:
            return PartKind(self.request.GET.get("kind", PartKind.ACTIVITY))
        except ValueError:
            raise Http404 from None


class OfPartForm(OfParts):
    """A page with the form of a part."""

    def draw(self, form: PartForm, kind: PartKind, status: int, **more: Any) -> HttpResponse:
        """The page; `more` is what a new part or one that is there needs beyond the form.

        A form that asks which of two texts stands (409) is not kept by the browser: it would bring back the older one.
        """
        part = more.get("part")
        about = part.uuid if part is not None else f"{kind.value}-{parts.parts_of(self.plan, kind).count()}"
        context = {
            **head(self.record_type, self.plan, Names(self.actor), tabs=False),
            "form": form,
            "lines": form.in_lines(),
            "kind_label": kind.label,
            "keeps": f"joint_plan_part:{about}:{self.actor.user_id}" if status != 409 else "",
            **more,
        }
        return render(self.request, "joint_plans/part_form.html", context, status=status)


class PlanParts(OfParts):
    """All parts of a kind, by pages."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page; a broken number is the first one."""
        plan, kind, names = self.loaded(uuid), self.kind(), Names(self.actor)
        page = Paginator(parts.parts_of(plan, kind), PAGE).get_page(request.GET.get("page"))
        shown.want(page.object_list, names)
        names.load()
        rows = [
            shown.Row(p, shown.part_url(plan, p), shown.facts_of(p, names), shown.badge_of(p))
            for p in page.object_list
        ]
        writes = is_editor(self.actor, plan) and plan.state in rules.OPEN
        add = (
            reverse("joint_plans:part-new", kwargs={"uuid": plan.uuid}) + f"?kind={kind.value}"
            if writes
            else ""
        )
        context = {
            **head(self.record_type, plan, names, tabs=False),
            "group": shown.Group(kind.value, shown.PLURAL[kind], rows, add_url=add),
            "page": page,
            "kind": kind.value,
        }
        return render(request, "joint_plans/parts.html", context)


class PartNew(OfPartForm):
    """The form of a new part."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """An empty one."""
        plan, kind = self.loaded(uuid), self.kind()
        parts.may_write(self.actor, plan)
        return self.page(plan, kind, part_form(self.actor, plan, kind=kind))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Add it, once however often the form is sent."""
        plan, kind = self.loaded(uuid), self.kind()
        if "cancel" in request.POST:
            return redirect(f"{JointPlanType.url(plan)}#{kind.value}")
        form = part_form(self.actor, plan, kind=kind, data=request.POST)
        key = request.POST.get("idempotency_key", "")
        status = errors.UNPROCESSABLE
        if form.is_valid():
            try:
                parts.may_write(self.actor, plan)
                once.once(self.actor, once.read(self.actor, key), lambda: self.added(form))
            except (IllegalTransition, ValidationError) as error:
                errors.put(form, error, JointPlanType)
                status = errors.status_of(error)
            else:
                messages.success(request, _("It is in the plan."))
                if "another" in request.POST:
                    return redirect(request.get_full_path())
                return redirect(f"{JointPlanType.url(plan)}#{kind.value}")
        else:
            parts.may_write(self.actor, plan)
        return self.page(plan, kind, form, status, key)

    def added(self, form: PartForm) -> Part:
        """Store what the form made."""
        part = form.instance
        for name, value in form.mine().items():
            setattr(part, name, value)
        part.plan = self.plan
        return parts.part_add(self.actor, part=part)

    def page(
        self, plan: JointPlan, kind: PartKind, form: PartForm, status: int = 200, key: str = ""
    ) -> HttpResponse:
        """Draw it."""
        return self.draw(form, kind, status, idempotency_key=key or once.key_for(self.actor))


class PartPage(OfParts):
    """One part: what it says, its versions, what is told of it while the plan runs."""

    def get(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """The page."""
        return self.page(parts.part_get(self.loaded(uuid), item))

    def post(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """Say how far it is, what it showed, or what was decided; or change places with another."""
        part: Any = parts.part_get(self.loaded(uuid), item)
        part.plan = self.plan
        for name in ("up", "down"):
            if name in request.POST:
                parts.part_move(self.actor, part=part, up=name == "up")
                return redirect(f"{JointPlanType.url(self.plan)}#{part.kind}")
        told: dict[str, tuple[Any, Any]] = {
            PartKind.ACTIVITY: (ReportForm, lambda d: parts.activity_report(self.actor, activity=part, **d)),
            PartKind.DECISION_POINT: (
                DecidedForm,
                lambda d: parts.decision_note(self.actor, point=part, **d),
            ),
            PartKind.INDICATOR: (ReadingForm, lambda d: parts.reading_add(self.actor, indicator=part, **d)),
        }
        if part.kind not in told:
            raise Http404
        make, write = told[part.kind]
        form = make(request.POST)
        if not form.is_valid():
            return self.page(part, form, errors.UNPROCESSABLE)
        try:
            write(form.cleaned_data)
        except ValidationError as error:
            errors.put(form, error, JointPlanType)
            return self.page(part, form, errors.UNPROCESSABLE)
        messages.success(request, _("Saved."))
        return redirect(shown.part_url(self.plan, part))

    def page(self, part: Part, form: Any = None, status: int = 200) -> HttpResponse:
        """Draw it."""
        names = Names(self.actor)
        part.plan = self.plan
        context = {
            **part_page(self.actor, self.plan, part, names, form),
            **head(self.record_type, self.plan, names, tabs=False),
        }
        return render(self.request, "joint_plans/part.html", context, status=status)


class PartChange(OfPartForm):
    """The form that changes a part, or takes it out."""

    def get(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """As it stands."""
        part = self.part(uuid, item)
        return self.page(part, part_form(self.actor, self.plan, kind=part.kind, part=part))

    def part(self, uuid: UUID, item: UUID) -> Part:
        """The part, if the actor may change it now."""
        part = parts.part_get(self.loaded(uuid), item)
        parts.may_write(self.actor, self.plan)
        part.plan = self.plan
        return part

    def post(self, request: HttpRequest, uuid: UUID, item: UUID) -> HttpResponse:
        """Save it together with what others did meanwhile; where the two do not go together, ask. Nothing is lost."""
        if "cancel" in request.POST:
            return self.back(uuid, item)
        try:
            return self.saved(self.part(uuid, item))
        except IllegalTransition as refusal:
            if "remove" in request.POST:
                raise
            part = parts.part_get(self.plan, item)
            form = part_form(self.actor, self.plan, kind=part.kind, part=part, data=request.POST)
            form.is_valid()
            errors.put(form, refusal, JointPlanType)
            return self.page(part, form, errors.status_of(refusal))
        except ObjectDoesNotExist:
            return self.gone(item)

    def saved(self, part: Part) -> HttpResponse:
        """Take it out, or save what was typed."""
        request = self.request
        if "remove" in request.POST:
            parts.part_remove(self.actor, part=part)
            return self.out()
        form = part_form(self.actor, self.plan, kind=part.kind, part=part, data=request.POST)
        if not form.is_valid():
            return self.page(part, form, errors.UNPROCESSABLE)
        try:
            moved = parts.part_change(self.actor, part=part, base=form.made_from, mine=form.mine())
        except parts.Clash as clash:
            return self.page(part, part_clashes.asked_again(self.actor, self.plan, form, clash), 409)
        except ValidationError as error:
            errors.put(form, error, JointPlanType)
            return self.page(part, form, errors.UNPROCESSABLE)
        said = _("Saved, together with what somebody else changed meanwhile.") if moved else _("Saved.")
        messages.success(request, said)
        return redirect(shown.part_url(self.plan, part))

    def back(self, uuid: UUID, item: UUID) -> HttpResponse:
        """To the part, or to the plan where somebody took it out meanwhile."""
        part = Part.objects.filter(plan=self.loaded(uuid), uuid=item, is_removed=False).first()
        return redirect(shown.part_url(self.plan, part) if part else JointPlanType.url(self.plan))

    def out(self) -> HttpResponse:
        """It is out of the plan."""
        messages.success(self.request, _("It is taken out of the plan."))
        return redirect(JointPlanType.url(self.plan))

    def gone(self, item: UUID) -> HttpResponse:
        """For a part that somebody took out meanwhile: what was typed, to be saved as a new one."""
        part = Part.objects.get(plan=self.plan, uuid=item, is_removed=True)
        if not is_editor(self.actor, self.plan):
            raise ObjectDoesNotExist
        if "remove" in self.request.POST:
            return self.out()
        form = part_clashes.taken_out(self.actor, self.plan, part, self.request.POST)
        action = reverse("joint_plans:part-new", kwargs={"uuid": self.plan.uuid}) + f"?kind={part.kind}"
        return self.draw(
            form, PartKind(part.kind), 409, action=action, idempotency_key=once.key_for(self.actor)
        )

    def page(self, part: Part, form: PartForm, status: int = 200) -> HttpResponse:
        """Draw the form of a part that is there."""
        url = shown.part_url(self.plan, part)
        return self.draw(form, PartKind(part.kind), status, part=part, part_url=url)
