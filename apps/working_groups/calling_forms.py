"""Forms that call meetings: one of a group, and the rule of a series."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from apps.mission.vocabulary import Scope
from apps.pages.forms import LABEL, LabelForm, NativeDate, NativeDateTime
from apps.records import clock
from apps.records.actors import Actor
from apps.working_groups.models import Series, WorkingGroup
from apps.working_groups.vocabulary import Weekday

#: Nobody plans farther ahead or looks farther back; days at the ends of the calendar have no hour in some zones.
REACH = timedelta(days=5 * 366)
FAR = _("This day lies more than five years away.")
LOWER = _("This is lower than the label of the group.")


def _within_reach(day: date) -> bool:
    return abs(day - clock.now().date()) <= REACH


class CallForm(forms.Form):
    """One meeting of a group."""

    pairs: ClassVar[dict[str, str]] = {"starts": "ends"}

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("Every reader of the meeting sees it.")
    )
    starts = forms.DateTimeField(label=_("Begins"), widget=NativeDateTime())
    ends = forms.DateTimeField(label=_("Ends"), widget=NativeDateTime())
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    joining = forms.CharField(
        label=_("How to join from elsewhere"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The end lies after the beginning, and both where clocks and calendars reach."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("starts", "ends"):
            if name in cleaned and not _within_reach(cleaned[name].date()):
                self.add_error(name, FAR)
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("The end must lie after the beginning."))
        return cleaned


class CallLabelForm(LabelForm):
    """The label of a meeting: the group's, or more; and who reads it beside the group."""

    def __init__(self, data: Any = None, *, actor: Actor, group: WorkingGroup) -> None:
        self.group = group
        initial = {name: getattr(group, name) for name in LABEL} | {"scope": Scope.PRIVATE.value}
        super().__init__(data, actor=actor, record=group, initial=initial)
        audience: Any = self.fields["scope"]
        audience.label, audience.help_text = _("Who reads it beside the group"), ""
        audience.choices = [
            (Scope.PRIVATE.value, _("Nobody")),
            (Scope.ORGANISATION.value, _("My organisation")),
            (Scope.MISSION.value, Scope.MISSION.label),
        ]

    def clean(self) -> dict[str, Any]:
        """It is no lower than the group's."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("classification", "sensitivity"):
            if name in cleaned and cleaned[name] < getattr(self.group, name):
                self.add_error(name, LOWER)
        for name in ("compartments", "data_types"):
            if name in cleaned and not set(getattr(self.group, name)) <= set(cleaned[name]):
                self.add_error(name, LOWER)
        return cleaned


class Days(forms.CharField):
    """Days, one on each line, as 2026-12-25. The cleaned value is a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """Days on lines."""
        return "\n".join(str(day) for day in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Every line is a day."""
        found: list[date] = []
        for line in str(super().clean(value) or "").split():
            try:
                day = parse_date(line.strip(",;"))
            except ValueError:
                day = None
            if day is None:
                raise ValidationError(
                    _("“%(line)s” is no day. Write it as 2026-12-25."), params={"line": line}
                )
            found.append(day)
        return sorted(set(found))


class SeriesForm(forms.ModelForm):
    """When a group meets."""

    pairs: ClassVar[dict[str, str]] = {"first_on": "last_on", "at": "lasts", "time_zone": "ahead"}

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"), choices=Weekday.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Left empty: the weekday of the first day."),
    )  # fmt: skip
    except_on = Days(
        label=_("Not on"), required=False, help_text=_("One day on each line, for example 2026-12-25.")
    )

    class Meta:
        model = Series
        fields = (
            "title", "frequency", "weekdays", "first_on", "last_on", "except_on", "at", "lasts", "time_zone", "ahead",
            "place", "joining",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "first_on": NativeDate(), "last_on": NativeDate(), "joining": forms.Textarea(attrs={"rows": 2}),
            "at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "time_zone": _("For example Africa/Juba. The hour stays the same there when clocks change."),
            "ahead": _("So many meetings can be seen and prepared. After each meeting one more is called."),
        }

    def clean(self) -> dict[str, Any]:
        """The first day is within reach, and the last does not lie before it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("first_on") and not _within_reach(cleaned["first_on"]):
            self.add_error("first_on", FAR)
        if cleaned.get("first_on") and cleaned.get("last_on") and cleaned["last_on"] < cleaned["first_on"]:
            self.add_error("last_on", _("The end must lie after the beginning."))
        return cleaned


def in_lines(form: Any) -> list[list[forms.BoundField]]:
    """The fields of a form, each on a line of its own or beside the one it belongs to."""
    seconds = set(form.pairs.values())
    return [
        [form[name], *([form[form.pairs[name]]] if name in form.pairs else [])]
        for name in form.fields
        if name not in seconds
    ]
