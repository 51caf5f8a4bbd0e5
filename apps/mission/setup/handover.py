"""Set-up page on which an administrator hands a position over, or takes a planned handover back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.mission.handover import handover_cancel, planned_handovers, position_hand_over, tenures
from apps.mission.models import Handover, Holding, Position
from apps.mission.setup.people import people_of
from apps.mission.vocabulary import Capacity


class HandoverForm(forms.Form):
    """From whom to whom, when, and what the successor should know."""

    leaver = forms.ModelChoiceField(label=gettext_lazy("Who leaves"), queryset=User.objects.none())
    successor = forms.ModelChoiceField(label=gettext_lazy("Who takes over"), queryset=User.objects.none())
    at = forms.SplitDateTimeField(
        label=gettext_lazy("At"), widget=AdminSplitDateTime, required=False,
        help_text=gettext_lazy("Empty: at once. Otherwise it happens by itself at that moment."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note for the successor"), max_length=5000, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, position: Position, site: admin.AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = [h.person_id for h in tenures(position).now if h.capacity == Capacity.HOLDER]
        leaver, successor = self.fields["leaver"], self.fields["successor"]
        assert isinstance(leaver, forms.ModelChoiceField)
        assert isinstance(successor, forms.ModelChoiceField)
        leaver.queryset = User.objects.filter(pk__in=holders).order_by("name")
        leaver.initial = holders[0] if len(holders) == 1 else None
        successor.queryset = people_of([position.mission]).filter(is_active=True).order_by("name")
        successor.widget = AutocompleteSelect(Holding._meta.get_field("person"), site)
        successor.widget.choices = successor.choices


def hand_over(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and what it does. SECURITY: nobody hands over a position that they are in, nor to themselves."""
    position = page.get_queryset(request).filter(pk=pk).first()
    if position is None:
        raise Http404
    if not page.has_change_permission(request, position) or getattr(request, "actor", None) is None:
        # WHY: the history of records names who ended grants; a superuser without a position is nobody there.
        raise PermissionDenied
    form = HandoverForm(request.POST or None, position=position, site=page.admin_site)
    if request.method == "POST" and form.is_valid():
        try:
            made = position_hand_over(position=position, made_by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except ValidationError as error:
            form.add_error(None, error)
        else:
            page.log_change(request, position, _("Handed over: %(handover)s.") % {"handover": made})
            messages.success(request, told(made))
            return redirect(reverse("admin:mission_position_change", args=[pk]))
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "position": position,
        "form": form,
        "handovers": planned_handovers(position),
        "media": page.media + form.media,
        "title": _("Hand over: %(position)s") % {"position": position.title},
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/mission/position/handover.html", context, status=status)


def cancel(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Take a planned handover back."""
    found = Handover.objects.filter(pk=pk, position__in=page.get_queryset(request)).first()
    if found is None or request.method != "POST" or not page.has_change_permission(request, found.position):
        raise Http404
    try:
        handover_cancel(found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        page.log_change(request, found.position, _("Cancelled: %(handover)s.") % {"handover": found})
        messages.success(request, cancelled(found))
    return redirect(reverse("admin:mission_position_change", args=[found.position_id]))


def told(made: Handover) -> str:
    """What a handover did, or will do, in a sentence."""
    words = {"position": made.position.title, "leaver": made.leaver.name, "successor": made.successor.name}
    if made.at > timezone.now():
        words["at"] = date_format(timezone.localtime(made.at), "DATETIME_FORMAT")
        return _("%(position)s passes from %(leaver)s to %(successor)s at %(at)s.") % words
    return _("%(position)s has passed from %(leaver)s to %(successor)s.") % words


def cancelled(found: Handover) -> str:
    """What cancelling did, and what it cannot bring back."""
    return _(
        "The handover is cancelled, and %(leaver)s stays. What was shared with %(leaver)s in person still ends at that "
        "moment: share it again where it is needed."
    ) % {"leaver": found.leaver.name}
