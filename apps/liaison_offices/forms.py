"""Forms of liaison: the steps of offices and engagements, naming an organisation, settling a follow-up."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.liaison_offices import effects
from apps.liaison_offices.models import Engagement, LiaisonOffice
from apps.liaison_offices.vocabulary import EngagementKind, FollowUpState
from apps.pages.forms import RecordForm
from apps.records.actors import Actor
from apps.stakeholders.fields import StakeholderField

_OFFICE_HINTS: dict[str, Any] = {
    "title": _("Do not name an organisation here that readers of the office may not know."),
    "time_zone": _("For example Africa/Juba. Left empty, the mission’s own."),
    "by_day": _("Whom to ring first, on which channel, in which language. No private numbers."),
    "by_night": _("Left empty, as by day."),
    "covers": _("Gaps of the duty roster are counted against it."),
    "hours": _("In words, for visitors."),
}
_ENGAGEMENT_HINTS: dict[str, Any] = {
    "title": _("What it is about. Do not name an organisation that readers may not know."),
    "objective": _("What should be different afterwards. Every reader of the record sees it."),
    "cultural_notes": _("Forms of address, gifts, seating, what not to bring up."),
    "talking_points": _("For those who may change the record and positions drawn into it."),
    "plan": _("Who opens, who takes notes, in which order. For the record’s parties alone."),
    "red_lines": _("What is not to be offered, nor discussed. For the record’s parties alone."),
    "said": _("For the record’s parties alone. Readers who are no parties do not see it."),
    "agreed": _("Every reader of the record sees it: write it so that it can be passed on."),
    "assessment": _("Yours, for the record’s parties alone."),
    "participants": _("Functions rather than names."),
}


class _Hinted(RecordForm):
    hints: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = self.hints.get(name, field.help_text)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4


class OfficeForm(_Hinted):
    """The base of every step's form of an office."""

    hints = _OFFICE_HINTS
    pairs: ClassVar[dict[str, str]] = {
        "covers_from": "covers_until", "latitude": "longitude", "hours": "time_zone",
    }  # fmt: skip

    class Meta:
        model = LiaisonOffice
        fields: ClassVar[tuple[str, ...]] = ()


class EngagementForm(_Hinted):
    """The base of every step's form of an engagement."""

    hints = _ENGAGEMENT_HINTS
    pairs: ClassVar[dict[str, str]] = {"held_on": "place"}

    class Meta:
        model = Engagement
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(
                label=_("Kind"), required=False, choices=[("", _("Choose one")), *EngagementKind.choices]
            )


class NamedForm(forms.Form):
    """An organisation that stands with this record: its counterpart, or its host."""

    stakeholder = StakeholderField(
        engaged=True, label=_("Organisation"),
        help_text=_("A part of its name, or its reference. Only organisations that you may engage are found."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        field: Any = self.fields["stakeholder"]
        field.for_actor(actor)


class SettleForm(forms.Form):
    """Which follow-up, and what came of it."""

    follow_up = forms.ChoiceField(label=_("Follow-up"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=_("What came of it"), widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in (FollowUpState.DONE, FollowUpState.DROPPED)],
    )  # fmt: skip
    note = forms.CharField(
        label=_("In a sentence"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when it was dropped. Every reader of the record sees it."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Engagement, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        rows = [(str(row.uuid), row.what) for row in effects.settleable(actor, record)]
        self.fields["follow_up"].choices = rows  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.fields["follow_up"].initial = rows[0][0]

    def clean(self) -> dict[str, Any]:
        """A word why, for what was dropped."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("outcome") == FollowUpState.DROPPED and not cleaned.get("note", "").strip():
            raise ValidationError({"note": _("Say why it was dropped.")})
        return cleaned
