"""Forms of a plan's parts, one for each kind, and of what is told of them while the plan runs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.joint_plans.models import (
    Activity,
    Assumption,
    Contributor,
    DecisionPoint,
    Indicator,
    JointPlan,
    Part,
    Risk,
)
from apps.joint_plans.parts import model_of, sealed, unsealed, values_of
from apps.joint_plans.vocabulary import Assumed, OpensTo, PartKind, Progress, Watch
from apps.joint_plans.watching import broken_in, watched_record
from apps.mission.models import Organisation
from apps.mission.vocabulary import Classification
from apps.need_to_know.known import unknown, unknown_organisation_ids
from apps.pages.forms import NativeDate, field_for, within_known, within_mission
from apps.records.actors import Actor
from apps.records.exercises import stands_apart

_HINTS: dict[str, Any] = {
    "opens_to": _("Never more than those who read the plan. Whoever keeps the plan always reads it."),
    "classification": _("No lower than what is said here deserves; the plan’s own label holds all the same."),
    "lead": _("One of the organisations that take part."),
    "needs": _("People, vehicles, money, permissions: what it takes."),
    "then": _("Who does what, if it does not hold any more."),
    "source": _("Where the figures come from."),
    "mitigation": _("By whom, and until when."),
}
_LABEL = ("opens_to", "readers", "classification")


class PartForm(forms.ModelForm):
    """Base of all: what is said, and who reads it. `base` is what the form was made from."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    readers = forms.TypedMultipleChoiceField(
        label=_("Organisations that read it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For a part that opens to named organisations."),
    )  # fmt: skip
    pairs: ClassVar[tuple[tuple[str, ...], ...]] = ()

    class Meta:
        model = Part
        fields: ClassVar[tuple[str, ...]] = ("title", "details", *_LABEL)
        widgets: ClassVar[dict[str, Any]] = {"opens_to": forms.RadioSelect}
        formfield_callback = field_for

    def __init__(self, data: Any = None, *, actor: Actor, plan: JointPlan, instance: Part) -> None:
        self.actor, self.plan = actor, plan
        super().__init__(data, instance=instance)
        self.names = [name for name in self.Meta.fields if name in self.fields]
        fields: Any = self.fields
        for name, field in fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3
        fields["opens_to"].choices = OpensTo.choices
        fields["classification"].choices = [c for c in Classification.choices if c[0] <= actor.clearance]
        self.taking_part = _taking_part(actor, plan)
        fields["readers"].choices = [(o.group_id, str(o)) for o in self.taking_part]
        fields["readers"].show_when = f"opens_to={OpensTo.NAMED}"
        within_mission(self, actor.mission)
        within_known(self, actor)
        self.prepare()
        self.initial["base"] = sealed(values_of(instance, self.names))

    def prepare(self) -> None:
        """Offer what there is to choose from."""

    def in_lines(self) -> list[list[forms.BoundField]]:
        """The visible fields, each on a line of its own or beside the one it belongs to; the label comes last."""
        together = {line[0]: line for line in self.pairs}
        seconds = {name for line in self.pairs for name in line[1:]}
        names = [
            name for name in self.fields if name not in seconds and name not in _LABEL and name != "base"
        ]
        lines = [together.get(name, (name,)) for name in names] + [(name,) for name in _LABEL]
        return [[self[name] for name in line if name in self.fields] for line in lines]

    @property
    def made_from(self) -> dict[str, Any]:
        """What the form was made from."""
        return unsealed(str(self.data.get("base", "")))

    def mine(self) -> dict[str, Any]:
        """What was typed, by field of the part."""
        return {name: self.cleaned_data[name] for name in self.names}

    def clean_readers(self) -> list[int]:
        """Kept only where it opens to named ones."""
        return sorted(set(self.cleaned_data["readers"]))

    def clean(self) -> dict[str, Any]:
        """A part that opens to named organisations names one, and its lead is among them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("opens_to") != OpensTo.NAMED:
            cleaned["readers"] = []
        elif not cleaned.get("readers") and "readers" not in self.errors:
            self.add_error("readers", _("Name the organisations that read it."))
        return cleaned

    def _post_clean(self) -> None:
        # WHY: what was typed goes into the row as it stands when it is saved, not into the one that was read.
        if self.instance.pk is None:
            super()._post_clean()  # type: ignore[misc]


def _taking_part(actor: Actor, plan: JointPlan) -> list[Organisation]:
    """Organisations that take part, of those that the actor may know."""
    ids = Contributor.objects.filter(plan=plan).values("organisation_id")
    return list(Organisation.objects.filter(pk__in=ids).exclude(unknown(actor)).order_by("name", "pk"))


class _WithObjective(PartForm):
    def prepare(self) -> None:
        """Objectives of the plan that the actor has."""
        field: Any = self.fields["objective"]
        field.queryset = Part.objects.filter(plan=self.plan, kind=PartKind.OBJECTIVE, is_removed=False)


class ActivityForm(_WithObjective):
    """Who does what, where, from when until when."""

    supports = forms.TypedMultipleChoiceField(
        label=_("Supported by"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    pairs = (("lead", "objective"), ("area", "sector"), ("starts_on", "ends_on"))

    class Meta(PartForm.Meta):
        model = Activity
        fields = (
            "title", "details", "lead", "objective", "supports", "area", "sector", "starts_on", "ends_on", "needs",
            "may_hint", *_LABEL,
        )  # fmt: skip

    def prepare(self) -> None:
        """Whoever takes part may lead or support; so may the organisation that files the plan."""
        super().prepare()
        own = self.plan.originator
        offered = {o.pk: o for o in self.taking_part}
        if own.pk not in unknown_organisation_ids(self.actor):
            offered.setdefault(own.pk, own)
        fields: Any = self.fields
        fields["lead"].queryset = Organisation.objects.filter(
            pk__in={*offered, *([self.instance.lead_id] if self.instance.lead_id else [])}
        ).order_by("name")
        fields["supports"].choices = [(pk, str(o)) for pk, o in offered.items()]

    def clean(self) -> dict[str, Any]:
        """The end does not lie before the beginning; whoever leads an activity reads it."""
        cleaned = super().clean()
        begins, ends, lead = cleaned.get("starts_on"), cleaned.get("ends_on"), cleaned.get("lead")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("The end must not lie before the beginning."))
        if lead is not None and lead.pk != self.plan.originator_id:
            if cleaned.get("opens_to") == OpensTo.NAMED and lead.group_id not in cleaned.get("readers", []):
                self.add_error("readers", _("The organisation that leads it must read it."))
            elif cleaned.get("opens_to") == OpensTo.PLANNERS:
                self.add_error("opens_to", _("The organisation that leads it must read it."))
        return cleaned


class AssumptionForm(PartForm):
    """What is taken for granted, and what breaks it."""

    reference = forms.CharField(
        label=_("Reference of a record on which it rests"), max_length=30, required=False,
        help_text=_("For example RFA-2026-40318. Readers of this assumption learn when it does not hold any more."),
    )  # fmt: skip
    pairs = (("reference", "watch"),)

    class Meta(PartForm.Meta):
        model = Assumption
        fields = ("title", "details", "holds_until", "watch", "then", *_LABEL)

    field_order = ("title", "details", "holds_until", "reference", "watch", "then", "assumed")

    def prepare(self) -> None:
        """What is watched now; what becomes of it is asked once others rely on the plan."""
        fields: Any = self.fields
        fields["watch"].choices = [("", _("Choose one")), *Watch.choices]
        instance: Any = self.instance
        self.watched = watched_record(instance)
        if self.watched is not None:
            self.initial["reference"] = self.watched.reference
        self.names += ["watched", "breaks_in"]
        if self.plan.state != "draft" and instance.pk is not None:
            self.names.append("assumed")
            fields["assumed"] = forms.ChoiceField(
                label=_("Still assumed"),
                choices=Assumed.choices,
                initial=instance.assumed,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        """A reference names a record that the actor reads, and says what of it breaks the assumption."""
        cleaned = super().clean()
        reference = cleaned.get("reference", "").strip()
        self.tie: dict[str, Any] = {}
        if reference and self.watched is not None and reference == self.watched.reference:
            record: Any = self.watched
        elif reference:
            record = watched_record(None, reference=reference, mission_id=self.plan.mission_id)
            if record is None or record.pk == self.plan.pk:
                self.add_error("reference", _("There is no such record."))
                return cleaned
            if stands_apart(self.actor, record) != stands_apart(self.actor, self.plan):
                self.add_error(
                    "reference", _("An exercise does not rest on real work, nor real work on one.")
                )
                return cleaned
        elif getattr(self.instance, "watched", None) and self.watched is None:
            return cleaned  # what it rests on is not the actor's to read, and stays
        else:
            record = None
        if record is not None and not cleaned.get("watch"):
            self.add_error("watch", _("Say what of the record breaks the assumption."))
        elif record is not None:
            self.tie = {"watched": record.uuid, "breaks_in": broken_in(record, cleaned["watch"])}
        else:
            self.tie = {"watched": None, "breaks_in": []}
        return cleaned

    def mine(self) -> dict[str, Any]:
        """What was typed; what it rests on as the record says it."""
        typed = [name for name in self.names if name not in ("watched", "breaks_in")]
        return {name: self.cleaned_data[name] for name in typed} | self.tie


class DecisionPointForm(PartForm):
    """What has to be decided, by whom, until when."""

    pairs = (("decide_by", "decider"),)

    class Meta(PartForm.Meta):
        model = DecisionPoint
        fields = ("title", "details", "decide_by", "decider", *_LABEL)


class RiskForm(PartForm):
    """What may go wrong."""

    pairs = (("likelihood", "impact"),)

    class Meta(PartForm.Meta):
        model = Risk
        fields = ("title", "details", "likelihood", "impact", "mitigation", "owner", *_LABEL)


class IndicatorForm(_WithObjective):
    """By what it is seen whether the plan works."""

    pairs = (("unit", "objective"), ("baseline", "target"))

    class Meta(PartForm.Meta):
        model = Indicator
        fields = ("title", "details", "unit", "objective", "baseline", "target", "source", *_LABEL)


FORMS: dict[str, type[PartForm]] = {
    PartKind.ACTIVITY: ActivityForm,
    PartKind.ASSUMPTION: AssumptionForm,
    PartKind.DECISION_POINT: DecisionPointForm,
    PartKind.RISK: RiskForm,
    PartKind.INDICATOR: IndicatorForm,
}


def part_form(
    actor: Actor, plan: JointPlan, *, kind: str, part: Part | None = None, data: Any = None
) -> PartForm:
    """The form of a new part of a kind, or of one that is there."""
    instance = part or model_of(kind)(plan=plan, kind=kind)
    return FORMS.get(kind, PartForm)(data, actor=actor, plan=plan, instance=instance)


class ReportForm(forms.Form):
    """How far an activity is."""

    progress = forms.ChoiceField(label=_("Progress"), choices=Progress.choices)
    report = forms.CharField(
        label=_("Where it stands"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever reads the activity reads it."),
    )  # fmt: skip


class ReadingForm(forms.Form):
    """What an indicator showed."""

    on = forms.DateField(label=_("Day"), widget=NativeDate())
    value = forms.DecimalField(label=_("Value"), max_digits=16, decimal_places=2)
    note = forms.CharField(label=_("Where it comes from"), required=False, max_length=300)


class DecidedForm(forms.Form):
    """What was decided."""

    outcome = forms.CharField(
        label=_("What was decided"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    decided_on = forms.DateField(label=_("Decided on"), widget=NativeDate())
