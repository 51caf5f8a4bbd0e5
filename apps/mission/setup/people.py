"""Set-up pages of people: their accounts, and inviting them into positions."""

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
from apps.mission.models import Holding, Mission, Position
from apps.mission.services import person_invite
from apps.mission.setup.access import administered
from apps.mission.setup.base import StructureAdmin
from apps.mission.vocabulary import Capacity


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


def register_people(site: admin.AdminSite) -> None:
    """Put these pages on the site."""
    site.register(User, PeopleAdmin)
