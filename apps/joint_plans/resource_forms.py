"""Forms of resources: the offer, asking for one, and what its keeper says."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.joint_plans.models import JointPlan, Promise, Resource
from apps.joint_plans.resources import days_of, keepers, open_steps, resources_of
from apps.joint_plans.vocabulary import OffersTo, Promised
from apps.need_to_know.known import known_organisations, unknown
from apps.pages.forms import NativeDateTime, field_for
from apps.records.actors import Actor

_HINTS: dict[str, Any] = {
    "capability": _(
        "As a class, such as “heavy lift, palletised”. No unit, no place, no number of vehicles or people."
    ),
    "keeper": _("What is asked of it waits for this position."),
    "notice_hours": _("From the promise until it is there."),
    "conditions": _("What must be given for it. No unit, no place, no number."),
    "opens_to": _("Who learns of it also learns at which times it is promised, not to whom."),
    "is_active": _("Take this away when it cannot be asked for any more. What is promised stays promised."),
}


class ResourceForm(forms.ModelForm):
    """What an organisation can give."""

    readers = forms.TypedMultipleChoiceField(
        label=_("Organisations that learn of it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For a resource that opens to named organisations."),
    )  # fmt: skip

    class Meta:
        model = Resource
        fields = (
            "capability", "kind", "keeper", "notice_hours", "basis", "conditions", "opens_to", "readers", "is_active",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {"opens_to": forms.RadioSelect}
        formfield_callback = field_for

    def __init__(self, data: Any = None, *, actor: Actor, instance: Resource) -> None:
        super().__init__(data, instance=instance)
        fields: Any = self.fields
        for name, field in fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
        fields["conditions"].widget.attrs["rows"] = 3
        fields["opens_to"].choices = OffersTo.choices
        fields["keeper"].queryset = keepers(actor, instance)
        known = known_organisations(actor).order_by("name", "pk")
        fields["readers"].choices = [(each.group_id, str(each)) for each in known]
        if instance.pk is None:
            del fields["is_active"]

    def clean(self) -> dict[str, Any]:
        """One that opens to named organisations names one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            cleaned.get("opens_to") == OffersTo.NAMED
            and not cleaned.get("readers")
            and "readers" not in self.errors
        ):
            self.add_error("readers", _now("Name the organisations that learn of it."))
        return cleaned


class AskForm(forms.Form):
    """Which resource, from when until when, and what for."""

    resource = forms.ModelChoiceField(label=_("Resource"), queryset=Resource.objects.none())
    starts = forms.DateTimeField(label=_("From"), widget=NativeDateTime())
    ends = forms.DateTimeField(label=_("Until"), widget=NativeDateTime())
    note = forms.CharField(
        label=_("What for"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever keeps the resource reads this, the times and your position, even without the plan."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, plan: JointPlan, activity: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["resource"]
        rows = resources_of(actor).filter(is_active=True).exclude(unknown(actor, "organisation"))
        field.queryset, field.empty_label = rows.order_by("kind", "capability", "pk"), _now("Choose one")
        field.label_from_instance = lambda r: f"{r.get_kind_display()}: {r.capability} – {r.organisation}"
        starts, ends = days_of(actor.mission, activity)
        self.initial.update(starts=_local(starts), ends=_local(ends))

    def clean(self) -> dict[str, Any]:
        """The end lies after the beginning."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _now("The end must lie after the beginning."))
        return cleaned


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


class SettleForm(forms.Form):
    """What becomes of it, and why."""

    state = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to decline or to release. Whoever asked reads it, and whoever reads the activity."),
    )  # fmt: skip

    _WORDS: ClassVar[dict[str, Any]] = {
        Promised.PROMISED: _("Promise it"), Promised.DECLINED: _("Decline"), Promised.RELEASED: _("Release it"),
    }  # fmt: skip

    def __init__(self, data: Any = None, *, promise: Promise) -> None:
        super().__init__(data)
        steps: Any = self.fields["state"]
        steps.choices = [(each, self._WORDS[each]) for each in open_steps(promise, True)]

    def clean(self) -> dict[str, Any]:
        """Whoever does not promise says why."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("state") not in (None, Promised.PROMISED) and not cleaned.get("reason", "").strip():
            self.add_error("reason", _now("Say why."))
        return cleaned
