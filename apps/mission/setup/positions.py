"""Set-up pages of positions with their roles and holders, and of people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.accounts.services import invite
from apps.mission.models import Holding, Mission, Position, PositionRole
from apps.mission.services import person_invite
from apps.mission.setup.access import administered, holds_now_or_later
from apps.mission.setup.base import MissionFilter, StructureAdmin, StructureForm, StructureInline
from apps.mission.vocabulary import Capacity


class HoldingForm(StructureForm):
    """A holding is given to others, ends by its date, and keeps its person. `editor_id` is who edits."""

    editor_id: int | None = None

    def clean(self) -> dict[str, Any] | None:
        """Refuse oneself."""
        cleaned = super().clean()
        person = (cleaned or {}).get("person")
        if self.has_changed() and person and person.pk == self.editor_id:
            # SECURITY: an administrator reads no records; giving oneself a position would be the way around.
            self.add_error("person", _("Another administrator must put you in a position."))
        if self.instance.pk and "person" in self.changed_data:
            self.add_error("person", _("End this holding and add another for the next person."))
        return cleaned


class RoleInline(StructureInline):
    """The roles of a position."""

    model = PositionRole
    removable = True
    verbose_name_plural = gettext_lazy("roles")
    autocomplete_fields = ("sector",)


class HoldingInline(StructureInline):
    """Who holds the position, when, and who stands in."""

    model = Holding
    form = HoldingForm
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

    list_display = ("title", "organisation", "area", "clearance", "holders", "is_active")
    list_filter = (MissionFilter, "is_active", "clearance")
    list_select_related = ("organisation", "area")
    search_fields = ("title", "organisation__name", "organisation__acronym")
    autocomplete_fields = ("organisation", "component", "area", "reports_to", "compartments")
    inlines = (RoleInline, HoldingInline)

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
        """Names of those in the position now."""
        return ", ".join(holding.person.name for holding in position.held_now)  # type: ignore[attr-defined]


class PositionChoice(forms.ModelChoiceField):
    """Positions, each with its organisation, because titles repeat."""

    def label_from_instance(self, obj: Any) -> str:
        """Organisation and title."""
        return f"{obj.organisation} – {obj.title}"


class InviteForm(forms.Form):
    """Somebody new in a position."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    position = PositionChoice(label=gettext_lazy("Position"), queryset=Position.objects.none())
    capacity = forms.ChoiceField(label=gettext_lazy("Capacity"), choices=Capacity.choices)
    starts = forms.SplitDateTimeField(
        label=gettext_lazy("From"), widget=AdminSplitDateTime, initial=timezone.now
    )
    until = forms.SplitDateTimeField(label=gettext_lazy("Until"), widget=AdminSplitDateTime, required=False)
    edits_structure = forms.BooleanField(
        label=gettext_lazy("May edit the mission's structure"), required=False,
        help_text=gettext_lazy("Needed besides a position with the administrator's role."),
    )  # fmt: skip

    def __init__(self, *args: Any, missions: list[Mission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["position"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Position.objects.filter(mission__in=missions, is_active=True).select_related(
            "organisation"
        )


def people_of(missions: list[Mission]) -> models.QuerySet[User]:
    """People who hold or held a position in one of the missions."""
    return User.objects.filter(
        models.Exists(Holding.objects.filter(person=models.OuterRef("pk"), position__mission__in=missions))
    )


class PeopleAdmin(StructureAdmin):
    """People. SECURITY: passwords, superuser flag, groups and permissions are not edited anywhere.

    Who works in another mission too is shown, not edited: an account is more than one mission's matter.
    """

    list_display = ("name", "email", "positions", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    fields = ("name", "email", "is_active", "is_staff", "language", "time_zone", "positions", "last_login")
    change_form_template = "admin/accounts/user/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The people of the missions administered."""
        held = models.Prefetch(
            "holdings",
            Holding.objects.current()
            .filter(position__mission__in=administered(request))
            .select_related("position"),
            to_attr="held_now",
        )
        return people_of(administered(request)).prefetch_related(held).order_by("name")

    def get_urls(self) -> list[URLPattern]:
        """The list, the form, and sending an invitation again."""
        again = self.admin_site.admin_view(self.invite_again)
        return [path("<int:pk>/invite/", again, name="accounts_user_invite"), *super().get_urls()]

    def _within(self, request: HttpRequest, obj: Any = None) -> bool:
        missions = administered(request)
        if obj is None or obj.pk is None:
            return bool(missions)
        return people_of(missions).filter(pk=obj.pk).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of people who work, and worked, in missions administered only; never of oneself."""
        if obj is None or obj.pk is None:
            return self._within(request)
        elsewhere = Holding.objects.filter(person=obj).exclude(position__mission__in=administered(request))
        own_or_super = obj.pk == request.user.pk or obj.is_superuser
        return self._within(request, obj) and not own_or_super and not elsewhere.exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The address opens the account by mail, so it stays as it is once the person has signed in."""
        fixed = ("language", "time_zone", "positions", "last_login")
        return fixed if obj is not None and obj.last_login is None else ("email", *fixed)

    @admin.display(description=gettext_lazy("positions now"))
    def positions(self, person: User) -> str:
        """Titles of the positions held now in the missions administered."""
        return ", ".join(holding.position.title for holding in person.held_now)  # type: ignore[attr-defined]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Invite somebody into a position; a person without any position has no use for an account."""
        form = InviteForm(request.POST or None, missions=administered(request))
        if request.method == "POST" and form.is_valid():
            try:
                person_invite(request, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                # SECURITY: the same words whether or not the address was known.
                text = _(
                    "%(email)s is in the position %(title)s. Whoever has no password yet gets an invitation."
                )
                title = form.cleaned_data["position"].title
                messages.success(request, text % {"email": form.cleaned_data["email"], "title": title})
                return redirect(reverse("admin:accounts_user_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
        }
        status = 422 if form.is_bound else 200
        page = "admin/accounts/user/invite.html"
        return TemplateResponse(request, page, {**context, "title": _("Invite a person")}, status=status)

    def invite_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the invitation once more to somebody who has not set a password."""
        person = people_of(administered(request)).filter(pk=pk).first()
        if person is None or request.method != "POST" or not self.has_change_permission(request, person):
            raise Http404
        invite(request, person)
        messages.success(request, _("The invitation has been sent again, unless a password is set already."))
        return redirect(reverse("admin:accounts_user_change", args=[pk]))


def register_positions(site: admin.AdminSite) -> None:
    """Put these pages on the site."""
    site.register(Position, PositionAdmin)
    site.register(User, PeopleAdmin)
