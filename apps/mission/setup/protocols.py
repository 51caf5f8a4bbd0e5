"""Set-up pages of how the mission shares information: kinds of protected data, versions of its protocol."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.mission import record_types
from apps.mission.models import DataType, DefaultLabel, Mission, ProtocolLine, SharingProtocol
from apps.mission.protocols import protocol_copy, protocol_put_in_force
from apps.mission.setup.base import MissionFilter, StructureAdmin, StructureForm, StructureInline
from apps.mission.vocabulary import ProtectedData, Sensitivity, Side

#: Decimals of a degree -> how far a point may lie from the place it stands for.
_EXACTNESS = {
    5: gettext_lazy("exact, to about 1 m"),
    4: gettext_lazy("to about 10 m"),
    3: gettext_lazy("to about 100 m"),
    2: gettext_lazy("to about 1 km"),
    1: gettext_lazy("to about 11 km"),
    0: gettext_lazy("to about 110 km"),
    -1: gettext_lazy("no coordinates at all"),
}


class DataTypeForm(StructureForm):
    """Sides as boxes to tick; what the field protects stays barred to the military side and in use."""

    barred_sides = forms.MultipleChoiceField(
        label=gettext_lazy("Sides that never read it"), choices=Side.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Whatever is granted or opened in an emergency. It takes effect at once."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        """The three kinds that every mission has stay in use."""
        cleaned = super().clean()
        if cleaned and self.instance.code in ProtectedData.values and not cleaned.get("is_active", True):
            self.add_error("is_active", _("Every mission protects this. It cannot be taken out of use."))
        return cleaned


class DataTypeAdmin(StructureAdmin):
    """Kinds of protected data. None is ever deleted: records name them."""

    form = DataTypeForm
    fields = ("mission", "code", "name", "description", "barred_sides", "is_active")
    list_display = ("__str__", "code", "barred", "is_active")
    list_filter = (MissionFilter, "is_active")
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Programs know a kind by its code."""
        return (*super().get_readonly_fields(request, obj), *(("code",) if obj is not None else ()))

    @admin.display(description=gettext_lazy("never read by"))
    def barred(self, kind: DataType) -> str:
        """The sides that it is barred to, by name."""
        return ", ".join(str(Side(code).label) for code in kind.barred_sides if code in Side.values)


def _exactness(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, choices=list(_EXACTNESS.items()))


class ProtocolForm(StructureForm):
    """Coordinates are asked for in distances, for each sensitivity; never more exact than for a lower one."""

    exactness_0 = _exactness(gettext_lazy("In records of low sensitivity"))
    exactness_1 = _exactness(gettext_lazy("In records of moderate sensitivity"))
    exactness_2 = _exactness(gettext_lazy("In records of high sensitivity"))
    exactness_3 = _exactness(gettext_lazy("In records of severe sensitivity"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in Sensitivity:
            if (field := self.fields.get(f"exactness_{level}")) is not None:
                field.initial = self.instance.decimals[level]

    def clean(self) -> dict[str, Any] | None:
        """What is more sensitive is shown no more exactly than what is less."""
        cleaned = super().clean() or {}
        chosen = [cleaned.get(f"exactness_{level}") for level in Sensitivity]
        known = [number for number in chosen if number is not None]
        if len(known) == len(chosen):
            for level in list(Sensitivity)[1:]:
                if known[level] > known[level - 1]:
                    self.add_error(
                        f"exactness_{level}", _("This is more exact than for what is less sensitive.")
                    )
            self.instance.decimals = known
        return cleaned


class DefaultLabelForm(StructureForm):
    """Offers the record types that are there."""

    record_type = forms.ChoiceField(label=gettext_lazy("Record type"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["record_type"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "–"), *record_types.choices()]


class DraftInline(StructureInline):
    """Rows of a version; those of a version that is, or was, in force stay as they are."""

    removable = True

    def _within(self, request: HttpRequest, obj: Any = None) -> bool:
        return super()._within(request, obj) and (obj is None or obj.state == SharingProtocol.State.DRAFT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Also of versions that are closed to editing."""
        return super()._within(request, obj)


class LineInline(DraftInline):
    """The table of the protocol: data, label, audience, channel."""

    model = ProtocolLine
    verbose_name_plural = gettext_lazy(
        "the table: which label data have at least, who may have them, and how"
    )
    autocomplete_fields = ("data_type",)


class DefaultLabelInline(DraftInline):
    """The label that a new record begins with."""

    model = DefaultLabel
    form = DefaultLabelForm
    verbose_name_plural = gettext_lazy("labels that new records begin with")
    readonly_fields = ("type_name",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The type as a choice, or by its name where nothing can be chosen any more."""
        draft = obj is None or obj.state == SharingProtocol.State.DRAFT
        return ("record_type" if draft else "type_name", "classification", "sensitivity", "scope")

    @admin.display(description=gettext_lazy("Record type"))
    def type_name(self, label: DefaultLabel) -> str:
        """The name that people know the type by."""
        return str(label)


class ProtocolAdmin(StructureAdmin):
    """Versions of the protocol: a draft is edited, put in force, and then only superseded."""

    form = ProtocolForm
    inlines = (LineInline, DefaultLabelInline)
    list_display = ("title", "version", "state", "in_force_from", "review")
    list_filter = (MissionFilter, "state")
    search_fields = ("title", "version")
    autocomplete_fields = ("breach_position",)
    change_form_template = "admin/mission/sharingprotocol/change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The version, emergencies and requests, places, breaches."""
        draft = obj is None or obj.state == SharingProtocol.State.DRAFT
        places = tuple(f"exactness_{level}" for level in Sensitivity) if draft else ("places",)
        standing = () if draft else ("state", "in_force_from")
        head = ("mission", "title", "version", *standing, "scope", "endorsed_by", "endorsed_on", "review_on")
        return [
            (None, {"fields": head}),
            (
                _("Time limits and purposes"),
                {"fields": ("break_glass_minutes", "review_days", "request_days", "ask_purpose")},
            ),
            (
                _("How exactly places are shown"),
                {
                    "fields": places,
                    "description": _(
                        "Whoever edits a record, and whoever it was passed on to for work, has its exact places. "
                        "For all other readers they are rounded in the portal, before they reach pages, files "
                        "or programs."
                    ),
                },
            ),
            (_("Breaches"), {"fields": ("breach_position", "breach_procedure")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What the portal itself notes."""
        return (*super().get_readonly_fields(request, obj), "state", "in_force_from", "places")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts alone; the change pages of other versions show them."""
        draft = obj is None or obj.pk is None or obj.state == SharingProtocol.State.DRAFT
        return draft and self._within(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts: nothing refers to one."""
        return obj is not None and self.has_change_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """The list, the form, and the two steps of a version."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/put-in-force/", wrap(self.put_in_force), name="mission_sharingprotocol_enforce"),
            path("<int:pk>/new-version/", wrap(self.new_version), name="mission_sharingprotocol_copy"),
            *super().get_urls(),
        ]

    def _posted(self, request: HttpRequest, pk: int) -> SharingProtocol:
        found = self.get_queryset(request).filter(pk=pk).first()
        if found is None or request.method != "POST":
            raise Http404
        protocol: SharingProtocol = found
        return protocol

    def put_in_force(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a draft in force, from now on."""
        protocol = self._posted(request, pk)
        try:
            before = protocol_put_in_force(protocol)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            self.log_change(request, protocol, _("Put in force."))
            said = _("%(protocol)s is in force from now on.") % {"protocol": protocol}
            if before is not None:
                said += " " + _("It supersedes %(protocol)s.") % {"protocol": before}
            messages.success(request, said)
        return redirect(reverse("admin:mission_sharingprotocol_change", args=[pk]))

    def new_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a draft like this version, and go there."""
        protocol = self._posted(request, pk)
        made = protocol_copy(protocol)
        self.log_addition(request, made, _("Made from version %(version)s.") % {"version": protocol.version})
        messages.success(
            request, _("This is a draft like version %(version)s.") % {"version": protocol.version}
        )
        return redirect(reverse("admin:mission_sharingprotocol_change", args=[made.pk]))

    @admin.display(description=gettext_lazy("to be reviewed on"), ordering="review_on")
    def review(self, protocol: SharingProtocol) -> str:
        """The date, and whether it has passed for a version in force."""
        if protocol.review_on is None:
            return ""
        day = date_format(protocol.review_on, "DATE_FORMAT")
        return _("%(day)s – overdue") % {"day": day} if _is_overdue(protocol) else day

    @admin.display(description=gettext_lazy("places"))
    def places(self, protocol: SharingProtocol) -> str:
        """For each sensitivity, how exactly a place is shown."""
        return "; ".join(
            f"{level.label}: {_EXACTNESS[number]}"
            for level, number in zip(Sensitivity, protocol.decimals, strict=True)
        )


def _is_overdue(protocol: SharingProtocol) -> bool:
    passed = protocol.review_on is not None and protocol.review_on < timezone.localdate()
    return passed and protocol.state == SharingProtocol.State.IN_FORCE


def notices(missions: list[Mission]) -> list[str]:
    """What the front page says about the protocols of these missions: none in force, or one past its review."""
    found = {p.mission_id: p for p in SharingProtocol.objects.filter(mission__in=missions, state="in_force")}
    said = []
    for mission in missions:
        protocol = found.get(mission.pk)
        if protocol is None:
            said.append(
                _("%(mission)s has no information sharing protocol in force.") % {"mission": mission.name}
            )
        elif protocol.review_on is not None and _is_overdue(protocol):
            day = date_format(protocol.review_on, "DATE_FORMAT")
            said.append(
                _("%(mission)s: the information sharing protocol was to be reviewed on %(day)s.")
                % {"mission": mission.name, "day": day}
            )
    return said


def register_protocols(site: admin.AdminSite) -> None:
    """Put these pages on the site."""
    site.register(DataType, DataTypeAdmin)
    site.register(SharingProtocol, ProtocolAdmin)
