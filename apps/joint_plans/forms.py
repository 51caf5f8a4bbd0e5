"""Forms of joint plans: the steps of the record, and what its workflow asks for. Parts have forms of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.joint_plans import rules
from apps.joint_plans.models import Funding, JointPlan
from apps.joint_plans.positions import rule_of
from apps.joint_plans.projects import rules as project_rules
from apps.joint_plans.projects.vocabulary import Overlap
from apps.joint_plans.vocabulary import Answer, PlanKind
from apps.lessons.selectors import lessons_of
from apps.pages.forms import NativeDate, RecordForm, StepForm
from apps.records import clock

_HINTS: dict[str, Any] = {
    "title": _("What, where and until when. Every reader of the plan sees it."),
    "purpose": _("Why the plan is made, and for whom."),
    "end_state": _("How it is seen that the plan has done its work."),
    "coordinator": _(
        "Others are told to coordinate with this position. Left empty, the one that files the plan."
    ),
}


class JointPlanForm(RecordForm):
    """The base of every step's form of a plan."""

    pairs: ClassVar[dict[str, str]] = {"area": "sector", "starts_on": "ends_on", "priority": "coordinator"}

    class Meta:
        model = JointPlan
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(
                label=_("Kind"), required=False, choices=[("", _("Choose one")), *PlanKind.choices]
            )
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4


class CirculateForm(StepForm):
    """What is new in the version."""

    changes = forms.CharField(
        label=_("What changed, and why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Every reader of the plan reads it. What changed in each part is shown by itself."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Of the first version there is nothing to say."""
        if self.record.edition == 0:
            del self.fields["changes"]


class AnswerForm(StepForm):
    """For which organisation, to which version, and what."""

    asks_no_note = True

    number = forms.IntegerField(widget=forms.HiddenInput)
    contributor = forms.ChoiceField(label=_("For"))
    answer = forms.ChoiceField(
        label=_("Your answer"), widget=forms.RadioSelect, choices=[c for c in Answer.choices if c[0]]
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Every reader of the plan reads it. Needed unless you simply concur."),
    )  # fmt: skip

    def prepare(self) -> None:
        """The organisations for which the actor answers, and the version that circulates now."""
        from apps.joint_plans.effects import own_rows

        rows = own_rows(self.actor, self.record)
        self.fields["contributor"].choices = [(str(r.uuid), str(r.organisation)) for r in rows]  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.fields["contributor"].widget = forms.HiddenInput()
            self.initial.setdefault("contributor", str(rows[0].uuid))
        self.initial.setdefault("number", self.record.edition)

    def clean(self) -> dict[str, Any]:
        """Whoever does more than concur says what."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            cleaned.get("answer") in (Answer.COMMENT, Answer.NON_CONCUR)
            and not cleaned.get("comment", "").strip()
        ):
            self.add_error("comment", _("Say what you comment on, or why you do not concur."))
        return cleaned


class _ReviewForm(StepForm):
    review_on = forms.DateField(
        label=_("To be reviewed on"), required=False, widget=NativeDate(),
        help_text=_("The plan reopens by itself on this day. Left empty, an assumption alone reopens it."),
    )  # fmt: skip

    def prepare(self) -> None:
        """The day that the mission's rule on the kind proposes."""
        rule = rule_of(self.record)
        days = rule.review_days if rule is not None else 90
        self.initial.setdefault("review_on", (clock.now() + timedelta(days=days)).date())


def _note(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


class PutForwardForm(_ReviewForm):
    """When it is reviewed; why it is put forward although not everybody concurs, where that is so."""

    note = _note(_("Note"))

    def prepare(self) -> None:
        """The reason must be given where somebody has not answered, or does not concur."""
        super().prepare()
        if rules.awaited(self.record) or rules.objecting(self.record):
            self.fields["note"].label = _("Why it is put forward although not everybody concurs")
            self.fields["note"].required = True


class DuplicationForm(StepForm):
    """What was looked at, and what was found."""

    asks_no_note = True

    result = forms.ChoiceField(label=_("What you found"), widget=forms.RadioSelect, choices=Overlap.choices)
    looked_at = forms.CharField(
        label=_("What you looked at"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Lists, plans, people. Every reader of the plan reads it: name nobody who is not to be known."),
    )  # fmt: skip


class EndorseForm(StepForm):
    """Of a project how much is approved; why it is endorsed although something stands against it, where that is so."""

    amount_approved = forms.DecimalField(
        label=_("Amount approved"), min_value=0, max_digits=14, decimal_places=2
    )
    note = _note(_("Note"))

    def prepare(self) -> None:
        """The reason must be given."""
        if rules.objecting(self.record):
            self.fields["note"].label = _("Why you endorse it although somebody does not concur")
            self.fields["note"].required = True
        if project_rules.duplicates(self.record):
            self.fields["note"].label = _("Why you endorse it although somebody does the same there")
            self.fields["note"].required = True
        if not project_rules.is_project(self.record):
            del self.fields["amount_approved"]
        elif (funding := Funding.objects.filter(plan_id=self.record.pk).first()) is not None:
            self.initial.setdefault("amount_approved", funding.amount_asked)
            self.fields["amount_approved"].help_text = funding.currency


class KeepForm(_ReviewForm):
    """When it is reviewed next."""


class AfterActionForm(StepForm):
    """What was learnt."""

    lessons = forms.CharField(
        label=_("After-action review"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("What was meant, what happened, why, and what to do otherwise next time."),
    )  # fmt: skip

    nothing_new = forms.BooleanField(
        label=_("Nothing new was learnt"), required=False,
        help_text=_("Otherwise at least one lesson is written down from this plan, for whoever plans the next one."),
    )  # fmt: skip

    def prepare(self) -> None:
        """What was written already; where a lesson was written down there is nothing to ask."""
        self.initial.setdefault("lessons", self.record.lessons)
        if lessons_of(self.record):
            del self.fields["nothing_new"]
