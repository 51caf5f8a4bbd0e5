"""Forms of this room: how one wants to be told, and when not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.notifications.models import CalendarFeed, Preference
from apps.notifications.preferences import CHOSEN, Chosen
from apps.notifications.services import preference_problems
from apps.notifications.vocabulary import Frequency
from apps.pages.forms import NativeDateTime

QUIET = ("quiet_from", "quiet_until")
AWAY = ("away_from", "away_until")
DIGESTS = ("digest_hour", "digest_weekday")


class NativeTime(forms.TimeInput):
    """A time of day, in the browser's own control."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class PreferenceForm(forms.ModelForm):
    """What one prefers. Each kind says what is usual for the person's positions: `usual`."""

    class Meta:
        model = Preference
        fields = (*(kind.value for kind in CHOSEN), *DIGESTS, *QUIET, *AWAY)
        labels = {
            "quiet_from": pgettext_lazy("time of day", "From"),
            "quiet_until": pgettext_lazy("time of day", "Until"),
            "away_from": _("From"),
            "away_until": _("Until"),
        }
        widgets = {
            **dict.fromkeys(QUIET, NativeTime),
            **dict.fromkeys(AWAY, NativeDateTime),
        }

    def __init__(self, *args: Any, usual: Chosen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in CHOSEN:
            field: Any = self.fields[kind.value]
            field.label = kind.label
            said = gettext("As usual for my position: %(frequency)s") % {"frequency": usual[kind].label}
            field.choices = [("", said), *Frequency.choices]

    def clean(self) -> dict[str, Any]:
        """What does not go together is said at its field."""
        given = super().clean() or self.cleaned_data
        if not any(name in self.errors for name in (*QUIET, *AWAY)):
            asked = Preference(**{name: given.get(name) for name in (*QUIET, *AWAY)})
            for name, texts in preference_problems(asked).items():
                self.add_error(name, texts)
        return given


class CalendarForm(forms.ModelForm):
    """A name by which one knows a calendar again."""

    class Meta:
        model = CalendarFeed
        fields = ("name",)
