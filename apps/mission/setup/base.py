"""What every set-up page shares: it shows, offers and saves only what belongs to missions one administers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import DatabaseError, models, transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Mission
from apps.mission.setup.access import administered

#: The database's own word that records would be left without a manager.
_UNMANAGED = "CP011"
UNMANAGED = _(
    "Records would be left that nobody manages. "
    "First let another position of this organisation be its release authority."
)


def leaves_unmanaged(error: DatabaseError) -> bool:
    """Whether the database refused a change because records would be left without anybody who manages them."""
    return getattr(error.__cause__, "pgcode", None) == _UNMANAGED


def would_leave_unmanaged(change: Callable[[], object]) -> bool:
    """Try a change, take it back, and say whether the database refused it for want of a manager."""
    try:
        with transaction.atomic():
            change()
            transaction.set_rollback(True)
    except DatabaseError as error:
        if not leaves_unmanaged(error):
            raise
        return True
    return False


def mission_of(thing: Any) -> Mission | None:
    """The mission that a piece of structure belongs to, directly or through its position or protocol."""
    if isinstance(thing, Mission):
        return thing
    if hasattr(type(thing), "mission"):
        return thing.mission if thing.mission_id else None
    whole = getattr(thing, "position", None) or getattr(thing, "protocol", None)
    return mission_of(whole) if whole is not None else None


class StructureForm(forms.ModelForm):
    """Refuses whatever points at another mission's structure."""

    def clean(self) -> dict[str, Any] | None:
        """Every piece of structure named must be of the mission of the thing itself."""
        cleaned = super().clean()
        own = (cleaned or {}).get("mission") or mission_of(self.instance)
        for name, value in list((cleaned or {}).items()):
            many = value if isinstance(value, models.QuerySet) else [value]
            for each in many:
                other = mission_of(each) if isinstance(each, models.Model) else None
                if own and other and other.pk != own.pk:
                    self.add_error(name, _("This belongs to another mission."))
                    break
        return cleaned


class MissionFilter(admin.SimpleListFilter):
    """Filters by mission; offers only those administered, and nothing if there is one."""

    title = _("mission")
    parameter_name = "mission"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The missions to choose from."""
        found = administered(request)
        return [(mission.code, mission.name) for mission in found] if len(found) > 1 else []

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The chosen mission's things."""
        return queryset.filter(mission__code=self.value()) if self.value() else queryset


class Scoped:
    """Mixed into admins and inlines: rights by mission instead of Django's permissions.

    SECURITY: nothing is deleted here. Records refer to structure, and must stay readable;
    things end by a date or a tick. `removable` marks settings that no record refers to.
    """

    removable = False

    def _within(self, request: HttpRequest, obj: Any = None) -> bool:
        missions = administered(request)
        if obj is None or getattr(obj, "pk", None) is None:
            return bool(missions)
        return mission_of(obj) in missions

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown to everybody whom the site lets in."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the missions administered."""
        return self._within(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To the missions administered."""
        return self._within(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the missions administered."""
        return self._within(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only settings that no record refers to."""
        return self.removable and self._within(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only what belongs to the missions administered."""
        model = db_field.remote_field.model
        if model is Mission:
            missions = administered(request)
            kwargs["queryset"] = Mission.objects.filter(pk__in=[mission.pk for mission in missions])
            current = getattr(request, "mission", None)
            if current in missions or len(missions) == 1:
                kwargs.setdefault("initial", current if current in missions else missions[0])
        elif any(each.name == "mission" for each in model._meta.get_fields()):
            kwargs["queryset"] = model._default_manager.filter(mission__in=administered(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only what belongs to the missions administered."""
        kwargs["queryset"] = db_field.remote_field.model._default_manager.filter(
            mission__in=administered(request)
        )
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class StructureAdmin(Scoped, admin.ModelAdmin):
    """The set-up page of one kind of structure."""

    form = StructureForm
    actions = None
    view_on_site = False
    save_as = False
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """What belongs to the missions administered."""
        return super().get_queryset(request).filter(mission__in=administered(request))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """The form. A change that would leave records without anybody who manages them is undone and told."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except DatabaseError as error:
            if not leaves_unmanaged(error):
                raise
            messages.error(request, UNMANAGED)
            return redirect(request.get_full_path())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nothing moves from one mission to another."""
        fixed = ("mission",) if obj is not None and hasattr(obj, "mission_id") else ()
        return (*super().get_readonly_fields(request, obj), *fixed)


class StructureInline(Scoped, admin.TabularInline):
    """Rows on the set-up page of something else, under the same rights."""

    form = StructureForm
    extra = 0
    show_change_link = False
