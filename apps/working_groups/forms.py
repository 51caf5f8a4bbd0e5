"""Forms of groups, meetings and decisions: the steps of their records, and what their workflow asks for."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Position
from apps.need_to_know.known import unknown
from apps.pages.forms import NativeDate, NativeDateTime, RecordForm, StepForm
from apps.records.actors import Actor
from apps.working_groups import deciding, groups, holding, rules
from apps.working_groups.models import Decision, Meeting, WorkingGroup
from apps.working_groups.vocabulary import (
    Admits,
    Answer,
    CorrectionState,
    GroupKind,
    Session,
)

_GROUP_HINTS: dict[str, Any] = {
    "title": _("As the mission calls it. Every reader of this record sees it."),
    "composition": _("Of a group of humanitarian actors alone, others are observers or invitees."),
    "membership": _(
        "Their names stay away from everybody else: on pages, in lists, files, mails and calendars."
    ),
    "calendar": _("Calendars on people’s own devices are outside the portal."),
    "chair": _("The mission has rules on who leads which kind of group; they are told where they refuse."),
}
_MEETING_HINTS: dict[str, Any] = {
    "title": _("What it is about. Every reader of the meeting sees it."),
    "joining": _("Number and code, or address. Every reader of the meeting sees it."),
    "time_zone": _("For example Africa/Juba. Left empty, the mission’s own."),
    "summary": _("In a few sentences, for whoever was not there."),
}
_DECISION_HINTS: dict[str, Any] = {
    "title": _("In a few words, as people find it in the register."),
    "text": _("As it was decided. It is quoted as it stands here."),
    "made_by": _("A group, or positions. No names of people."),
    "effective_from": _("The day from which it holds."),
}


def known_positions(actor: Actor) -> Any:
    """Positions in use that the actor may know of."""
    rows = Position.objects.filter(mission=actor.mission, is_active=True).exclude(
        unknown(actor, "organisation")
    )
    return rows.select_related("organisation").order_by("title", "pk")


class PositionChoice(forms.ModelChoiceField):
    """A position, called by its title and its organisation."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Position.objects.none(), empty_label=_("Choose one"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Title, organisation."""
        return f"{obj.title}, {obj.organisation}"


class _Hinted(RecordForm):
    hints: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = self.hints.get(name, field.help_text)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4


class GroupForm(_Hinted):
    """The base of every step's form of a group."""

    hints = _GROUP_HINTS
    pairs: ClassVar[dict[str, str]] = {"kind": "composition", "chair": "co_chair", "secretariat": "quorum"}

    class Meta:
        model = WorkingGroup
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(
                label=_("Kind"), required=False, choices=[("", _("Choose one")), *GroupKind.choices]
            )
        if self.instance.pk is not None and self.instance.state != "draft":
            # WHY: rights follow from who leads; once others rely on it, that is a step of its own.
            for office in rules.OFFICES:
                self.fields.pop(office, None)

    def clean(self) -> dict[str, Any]:
        """Whom the mission keeps from leading such a group is told at the office, with the rule."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind", self.instance.kind)
        leads = {office: cleaned.get(office, getattr(self.instance, office)) for office in rules.OFFICES}
        for office, refused in rules.lead_refusals(self.actor.mission.pk, kind, leads).items():
            self.add_error(office if office in self.fields else None, refused)
        return cleaned


class MeetingForm(_Hinted):
    """The base of every step's form of a meeting."""

    hints = _MEETING_HINTS
    pairs: ClassVar[dict[str, str]] = {"needed_by": "ends_at", "place": "time_zone", "chair": "secretary"}

    class Meta:
        model = Meeting
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "needed_by" in self.fields:
            self.fields["needed_by"].label = _("Begins")

    def clean(self) -> dict[str, Any]:
        """The end lies after the beginning."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _span(self, cleaned, "needed_by", "ends_at")
        return cleaned


def _span(form: Any, cleaned: dict[str, Any], begins: str, ends: str) -> None:
    if cleaned.get(begins) and cleaned.get(ends) and cleaned[ends] <= cleaned[begins]:
        form.add_error(ends, _("The end must lie after the beginning."))


class DecisionForm(_Hinted):
    """The base of the form of a decision."""

    hints = _DECISION_HINTS
    pairs: ClassVar[dict[str, str]] = {"effective_from": "review_on", "area": "sector"}

    class Meta:
        model = Decision
        fields: ClassVar[tuple[str, ...]] = ()


class AppointForm(StepForm):
    """Who leads the group."""

    chair = PositionChoice(label=_("Chair"))
    co_chair = PositionChoice(label=_("Co-chair"), required=False)
    secretariat = PositionChoice(label=_("Secretariat"), required=False)

    def prepare(self) -> None:
        """Positions that the actor may know, as they are appointed now."""
        for name, field in self.fields.items():
            if isinstance(field, PositionChoice):
                field.queryset = known_positions(self.actor)
                self.initial.setdefault(name, getattr(self.record, f"{name}_id"))

    def clean(self) -> dict[str, Any]:
        """The mission's rules are told at the office."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        leads = {office: cleaned.get(office) for office in rules.OFFICES}
        for office, refused in rules.lead_refusals(self.record.mission_id, self.record.kind, leads).items():
            self.add_error(office, refused)
        return cleaned


class EndorseForm(StepForm):
    """Which version of the terms, by whom and when."""

    terms = forms.ChoiceField(label=_("Version"), widget=forms.RadioSelect)
    endorsed_on = forms.DateField(label=_("Endorsed on"), widget=NativeDate())
    endorsed_by = forms.CharField(
        label=_("Endorsed by"), max_length=200, help_text=_("A group, or a position.")
    )
    review_on = forms.DateField(label=_("To be reviewed on"), required=False, widget=NativeDate())

    def prepare(self) -> None:
        """Versions that nobody endorsed yet."""
        rows = [
            (str(t.uuid), _("Version %(number)s") % {"number": t.number})
            for t in groups.endorsable(self.record)
        ]
        self.fields["terms"].choices = rows  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.initial.setdefault("terms", rows[0][0])


class AnswerForm(StepForm):
    """Whether one comes."""

    answer = forms.ChoiceField(
        label=_("I come"), widget=forms.RadioSelect, choices=[(a.value, a.label) for a in Answer if a.value]
    )
    substitute = forms.CharField(
        label=_("Who comes instead"),
        required=False,
        max_length=150,
        help_text=_("Their function, no private data."),
    )

    def prepare(self) -> None:
        """As answered before."""
        row = holding.own_rows(self.actor, self.record).first()
        if row is not None:
            self.initial.update(answer=row.answer, substitute=row.substitute)

    def clean(self) -> dict[str, Any]:
        """A substitute is named."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("answer") == Answer.SUBSTITUTE and not cleaned.get("substitute", "").strip():
            self.add_error("substitute", _("Say who comes instead, by function."))
        return cleaned


class ProposeForm(StepForm):
    """An item for the agenda."""

    title = forms.CharField(
        label=_("Item"), max_length=200, help_text=_("Of a closed item, only those whom it admits see it.")
    )
    details = forms.CharField(
        label=_("What it is about"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    minutes_planned = forms.IntegerField(
        label=_("Minutes it needs"), required=False, min_value=1, max_value=600
    )
    session = forms.ChoiceField(
        label=_("Session"), widget=forms.RadioSelect, choices=Session.choices, initial=Session.OPEN.value
    )
    admits = forms.ChoiceField(
        label=_("A closed item admits"), required=False, widget=forms.RadioSelect,
        choices=[(a.value, a.label) for a in (Admits.MEMBERS, Admits.LEADS)], initial=Admits.MEMBERS.value,
    )  # fmt: skip

    def prepare(self) -> None:
        """A closed item admits those among whom the actor is; where they are among none, items are open."""
        offered = holding.may_admit(self.actor, self.record)
        if not offered:
            del self.fields["admits"]
            self.fields["session"].choices = [(Session.OPEN.value, Session.OPEN.label)]  # type: ignore[attr-defined]
        else:
            self.fields["admits"].choices = [(a.value, a.label) for a in offered]  # type: ignore[attr-defined]


class MoveForm(StepForm):
    """Another time or place."""

    starts = forms.DateTimeField(label=_("Begins"), widget=NativeDateTime())
    ends = forms.DateTimeField(label=_("Ends"), widget=NativeDateTime())
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    joining = forms.CharField(
        label=_("How to join from elsewhere"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def prepare(self) -> None:
        """As it stands."""
        self.initial.update(
            starts=self.record.needed_by, ends=self.record.ends_at, place=self.record.place,
            joining=self.record.joining,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The end lies after the beginning."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _span(self, cleaned, "starts", "ends")
        return cleaned


class _OfItem(StepForm):
    item = forms.ChoiceField(label=_("Item"), required=False)
    text = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def prepare(self) -> None:
        """Items that the actor may know of."""
        rows = [(str(item.uuid), item.title) for item in self.record.items.order_by("order", "id")]
        self.fields["item"].choices = [("", _("The minutes as a whole")), *rows]  # type: ignore[attr-defined]


class CorrectForm(_OfItem):
    """A correction that is asked for."""


class AmendForm(_OfItem):
    """An amendment of adopted minutes."""

    reason = forms.CharField(label=_("Why"), max_length=500)


class SettleForm(StepForm):
    """Which correction, and what becomes of it."""

    correction = forms.ChoiceField(label=_("Correction"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=_("What becomes of it"), widget=forms.RadioSelect,
        choices=[(s.value, s.label) for s in (CorrectionState.TAKEN, CorrectionState.DECLINED)],
    )  # fmt: skip
    reply = forms.CharField(
        label=_("Reply"), required=False, max_length=500, help_text=_("Needed to decline.")
    )

    def prepare(self) -> None:
        """Corrections that wait."""
        rows = [(str(row.uuid), row.text) for row in holding.open_corrections(self.record)]
        self.fields["correction"].choices = rows  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.initial.setdefault("correction", rows[0][0])

    def clean(self) -> dict[str, Any]:
        """A word why, for what is declined."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("outcome") == CorrectionState.DECLINED and not cleaned.get("reply", "").strip():
            raise ValidationError({"reply": _("Say why.")})
        return cleaned


class SupersedeForm(StepForm):
    """The decision that holds instead."""

    by = forms.ChoiceField(label=_("Replaced by"))

    def prepare(self) -> None:
        """Decisions in force that the actor keeps."""
        self.known = {str(d.uuid): d for d in deciding.replaceable(self.actor).exclude(pk=self.record.pk)}
        rows = [(uuid, f"{each.reference} – {each.title}") for uuid, each in self.known.items()]
        self.fields["by"].choices = [("", _("Choose one")), *rows]  # type: ignore[attr-defined]

    def clean_by(self) -> Decision:
        """The decision chosen."""
        return self.known[self.cleaned_data["by"]]
