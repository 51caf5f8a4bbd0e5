"""Forms of this room: asking, deciding, emergencies, reviews, and what narrows the audit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.access.selectors import ReadFilters
from apps.mission.models import Position
from apps.need_to_know.models import AccessRequest, Channel, Wanted
from apps.need_to_know.models.reading import Via
from apps.pages.forms import NativeDate, NativeDateTime
from apps.records import clock
from apps.releases.models import Release

REFUSE = "refuse"
_DATE = "date"
_MINUTES = (30, 60, 120, 180)


class _AsPosition(forms.Form):
    """Base of forms in which somebody says in which of their positions they act; asked only of those with several."""

    def __init__(self, *args: Any, positions: list[Position], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.positions = positions
        if len(positions) > 1:
            self.fields["position"].choices = [  # type: ignore[attr-defined]
                (str(p.uuid), f"{p.title}, {p.organisation.name}") for p in positions
            ]
        else:
            del self.fields["position"]

    def chosen(self) -> Position:
        """The position chosen, or the only one."""
        wanted = self.cleaned_data.get("position")
        return next((p for p in self.positions if str(p.uuid) == wanted), self.positions[0])


class AskForm(_AsPosition):
    """A request for access by reference."""

    reference = forms.CharField(
        label=_("Reference"), max_length=30, help_text=_("As somebody gave it to you, such as RFA-2026-40318."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    wanted = forms.ChoiceField(
        label=_("What you need"), choices=Wanted.choices, initial=Wanted.SUMMARY, widget=forms.RadioSelect,
        help_text=_("Ask for the least that does. What is asked for least is given soonest."),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("What you need it for"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever decides goes by this. Name the task, not the topic."),
    )  # fmt: skip
    period = forms.ChoiceField(
        label=_("For how long"), widget=forms.RadioSelect, initial="2",
        choices=[
            ("1", _("A day")), ("2", _("Two days")), ("7", _("A week")), ("30", _("30 days")),
            (_DATE, _("Until a day and time of your choice")),
        ],
    )  # fmt: skip
    until = forms.DateTimeField(label=_("Until"), required=False, widget=NativeDateTime)
    position = forms.ChoiceField(label=_("Asking as"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].show_when = f"period={_DATE}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The moment until which access is asked for."""
        given = super().clean() or self.cleaned_data
        period = given.get("period")
        if period == _DATE:
            if not given.get("until") and "until" not in self.errors:
                self.add_error("until", gettext("Say until when."))
        elif period:
            given["until"] = clock.now() + timedelta(days=int(period))
        return given


class DecideForm(forms.Form):
    """A decision on a request for access."""

    given = forms.ChoiceField(
        label=_("What you give"), widget=forms.RadioSelect,
        choices=[
            (Wanted.FULL, _("The record itself, for a time")),
            (Wanted.SUMMARY, _("A releasable summary")),
            (Wanted.EXISTENCE, _("That it exists, and whom to speak to")),
            (REFUSE, _("Nothing. They are not told, and see what they would see if there were no such record")),
        ],
    )  # fmt: skip
    until = forms.DateTimeField(label=_("Until"), required=False, widget=NativeDateTime)
    release = forms.ChoiceField(label=_("Summary"), required=False, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("What you tell them"), required=False, max_length=1900, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The asker reads this. For a mere confirmation, say whom they may speak to."),
    )  # fmt: skip
    remark = forms.CharField(
        label=_("Remark for ourselves"), required=False, max_length=300,
        help_text=_("Kept beside the record; the asker never reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, request: AccessRequest, releases: list[Release], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"until": request.until, "given": request.wanted})
        super().__init__(*args, **kwargs)
        self.request, self.releases = request, releases
        fields: Any = self.fields
        fields["until"].show_when = f"given={Wanted.FULL}|{Wanted.SUMMARY}"
        fields["until"].help_text = _("Not later than they asked for.")
        fields["answer"].show_when = f"given={Wanted.FULL}|{Wanted.SUMMARY}|{Wanted.EXISTENCE}"
        fields["remark"].show_when = f"given={REFUSE}"
        if releases:
            fields["release"].choices = [(str(r.uuid), f"{r.reference} – {r.title}") for r in releases]
            fields["release"].show_when = f"given={Wanted.SUMMARY}"
            fields["release"].initial = str(releases[0].uuid)
        else:
            del self.fields["release"]
            fields["given"].choices = [c for c in fields["given"].choices if c[0] != Wanted.SUMMARY]
            if request.wanted == Wanted.SUMMARY:
                self.initial["given"] = None

    def clean_until(self) -> datetime | None:
        """Not later than was asked for."""
        until: datetime | None = self.cleaned_data["until"]
        # WHY: the browser's calendar knows no seconds, so the moment asked for comes back without them.
        if until is not None and until > self.request.until:
            raise forms.ValidationError(gettext("They asked for less. Choose an earlier end."))
        if until is not None and until <= clock.now():
            raise forms.ValidationError(gettext("The end lies in the past."))
        return until

    def chosen(self) -> Release | None:
        """The summary chosen."""
        wanted = self.cleaned_data.get("release")
        return next((r for r in self.releases if str(r.uuid) == wanted), None)


class EmergencyForm(_AsPosition):
    """Opening a record in an emergency."""

    reference = forms.CharField(
        label=_("Reference"), max_length=30,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("What happened, and why you must read this now"), max_length=500, min_length=10,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The originator reads this at once, and reviews it."),
    )  # fmt: skip
    minutes = forms.TypedChoiceField(label=_("For how long"), coerce=int, widget=forms.RadioSelect)
    position = forms.ChoiceField(label=_("Acting as"))

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = sorted({minutes for minutes in _MINUTES if minutes < most} | {most})
        self.fields["minutes"].choices = [(m, _span(m)) for m in offered]  # type: ignore[attr-defined]
        self.fields["minutes"].initial = offered[0]


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest or not hours:
        return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}
    return ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}


class ReviewForm(forms.Form):
    """The verdict on an emergency access."""

    justified = forms.TypedChoiceField(
        label=_("Was it justified?"), coerce=lambda value: value == "yes", empty_value=None,
        choices=[("yes", _("Justified")), ("no", _("Not justified"))], widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("What the review found"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by whoever opened it, and by auditors."),
    )  # fmt: skip


class AuditForm(forms.Form):
    """What narrows the log of reads."""

    person = forms.CharField(label=_("Person"), max_length=100, required=False)
    reference = forms.CharField(label=_("Reference"), max_length=30, required=False)
    channel = forms.ChoiceField(label=_("How"), choices=[("", _("All")), *Channel.choices], required=False)
    via = forms.ChoiceField(label=_("Let in by"), choices=[("", _("All")), *Via.choices], required=False)
    first_day = forms.DateField(label=_("From"), required=False, widget=NativeDate)
    last_day = forms.DateField(label=_("To"), required=False, widget=NativeDate)

    def filters(self) -> ReadFilters:
        """The sound ones among the answers; what is wrong narrows nothing and is told at its field."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return ReadFilters(**given)


class ChainForm(forms.Form):
    """Whose chain of reads is computed anew."""

    reference = forms.CharField(label=_("Reference"), max_length=30)
