"""Set-up pages of positions with their roles and holders."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.mission.handover import planned_handovers, tenures
from apps.mission.models import Holding, Position, PositionRole
from apps.mission.setup.access import administered, holds_now_or_later
from apps.mission.setup.base import (
    UNMANAGED,
    MissionFilter,
    StructureAdmin,
    StructureForm,
    StructureInline,
    would_leave_unmanaged,
)
from apps.mission.setup.handover import cancel, hand_over
from apps.mission.setup.people import people_of
from apps.mission.vocabulary import Capacity, Role


class PositionForm(StructureForm):
    """A position is taken out of use only if somebody else manages the records it filed."""

    def clean(self) -> dict[str, Any] | None:
        """Ask the database, which has the last word; so its refusal stands at the field."""
        cleaned = super().clean()
        closing = (
            self.instance.pk and "is_active" in self.changed_data and not (cleaned or {}).get("is_active")
        )
        if closing and would_leave_unmanaged(self._close):
            self.add_error("is_active", UNMANAGED)
        return cleaned

    def _close(self) -> None:
        Position.objects.filter(pk=self.instance.pk).update(is_active=False)


class RoleForm(StructureForm):
    """A role stays as it was entered: it is removed, and another added."""

    def clean(self) -> dict[str, Any] | None:
        """Refuse to turn one role into another."""
        cleaned = super().clean()
        if self.instance.pk and self.has_changed():
            self.add_error(None, _("Remove this role and add another."))
        return cleaned


class RoleFormSet(forms.BaseInlineFormSet):
    """The roles of a position; the last release authority of an organisation may have to stay."""

    def clean(self) -> None:
        """Say at the row what the database would refuse."""
        super().clean()
        for form in self.deleted_forms:
            role = form.instance
            if role.role == Role.RELEASE and would_leave_unmanaged(
                PositionRole.objects.filter(pk=role.pk).delete
            ):
                raise ValidationError(UNMANAGED)


class HoldingForm(StructureForm):
    """A holding is given to others, ends by its date, and keeps its person. `editor_id` is who edits."""

    editor_id: int | None = None

    def clean(self) -> dict[str, Any] | None:
        """Refuse oneself, and an end before the beginning."""
        cleaned = super().clean()
        starts, until = (cleaned or {}).get("starts"), (cleaned or {}).get("until")
        if starts and until and until <= starts:
            self.add_error("until", _("The end must lie after the beginning."))
        person = (cleaned or {}).get("person")
        if self.has_changed() and person and person.pk == self.editor_id:
            # SECURITY: an administrator reads no records; giving oneself a position would be the way around.
            self.add_error("person", _("Another administrator must put you in a position."))
        if self.instance.pk and "person" in self.changed_data:
            self.add_error("person", _("End this holding and add another for the next person."))
        return cleaned


class HoldingFormSet(forms.BaseInlineFormSet):
    """Everybody in a position. Several may be in it at once, but nobody twice at the same time."""

    def clean(self) -> None:
        """Refuse a second time of the same person that overlaps another, at the field where it begins."""
        super().clean()
        kept = [
            form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("person")
        ]
        for form in kept:
            others = [other for other in kept if other is not form]
            if form.has_changed() and any(
                _overlap(form.cleaned_data, other.cleaned_data) for other in others
            ):
                form.add_error("starts", _("This person is in the position at that time already."))


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["person"] != other["person"] or not (one.get("starts") and other.get("starts")):
        return False
    return all(
        first.get("until") is None or first["until"] > second["starts"]
        for first, second in ((one, other), (other, one))
    )


class RoleInline(StructureInline):
    """The roles of a position."""

    model = PositionRole
    form = RoleForm
    formset = RoleFormSet
    removable = True
    verbose_name_plural = gettext_lazy("roles")
    autocomplete_fields = ("sector",)


class HoldingInline(StructureInline):
    """Who holds the position, when, and who stands in."""

    model = Holding
    form = HoldingForm
    formset = HoldingFormSet
    verbose_name_plural = gettext_lazy("holders, acting holders and substitutes")
    autocomplete_fields = ("person",)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Tell the forms who edits."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = type("OwnHoldingForm", (formset.form,), {"editor_id": request.user.pk})
        return formset

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the people of the missions administered."""
        if db_field.name == "person":
            kwargs["queryset"] = people_of(administered(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PositionAdmin(StructureAdmin):
    """Positions. SECURITY: nobody changes a position that they are in, for its rights would be their own."""

    form = PositionForm
    list_display = ("title", "organisation", "area", "clearance", "holders", "is_active")
    list_filter = (MissionFilter, "is_active", "clearance", "breaks_glass")
    list_select_related = ("organisation", "area")
    search_fields = ("title", "organisation__name", "organisation__acronym")
    autocomplete_fields = ("organisation", "component", "area", "reports_to", "compartments")
    inlines = (RoleInline, HoldingInline)
    change_form_template = "admin/mission/position/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """The list, the form, and handing over."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/handover/", wrap(partial(hand_over, self)), name="mission_position_handover"),
            path("handovers/<int:pk>/cancel/", wrap(partial(cancel, self)), name="mission_handover_cancel"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a position filed stays with its organisation, so the position does too once it was held."""
        held = obj is not None and obj.holdings.exists()
        return (*super().get_readonly_fields(request, obj), *(("organisation",) if held else ()))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The form, with who holds the position now and next."""
        position = context.get("original")
        if position is not None:
            context |= {"tenures": tenures(position), "handovers": planned_handovers(position)}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With holders, for the list."""
        held = models.Prefetch(
            "holdings", Holding.objects.current().select_related("person"), to_attr="held_now"
        )
        return super().get_queryset(request).prefetch_related(held)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the missions administered, save the positions one is in."""
        return self._within(request, obj) and not (obj and obj.pk and holds_now_or_later(request, obj))

    @admin.display(description=gettext_lazy("held by"))
    def holders(self, position: Position) -> str:
        """Names of those in the position now, and in which capacity if not as holders."""
        return ", ".join(_named(holding) for holding in position.held_now)  # type: ignore[attr-defined]


def _named(holding: Holding) -> str:
    if holding.capacity == Capacity.HOLDER:
        return str(holding.person.name)
    words = {"name": holding.person.name, "capacity": holding.get_capacity_display().lower()}
    return _("%(name)s (%(capacity)s)") % words


def register_positions(site: admin.AdminSite) -> None:
    """Put these pages on the site."""
    site.register(Position, PositionAdmin)
