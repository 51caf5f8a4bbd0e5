"""Forms of projects that are pages of their own: criteria, payments, visits, the final report."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.joint_plans.models import JointPlan
from apps.joint_plans.models.projects import CriterionAnswer, Instalment, MonitoringVisit
from apps.joint_plans.projects.rules import criteria_of
from apps.joint_plans.projects.vocabulary import Met
from apps.pages.forms import NativeDate, field_for


class CriteriaForm(forms.Form):
    """Each criterion of the mission: whether it is met, and why."""

    def __init__(self, data: Any = None, *, plan: JointPlan) -> None:
        super().__init__(data)
        self.criteria = criteria_of(plan)
        stored = {row.criterion_id: row for row in CriterionAnswer.objects.filter(plan_id=plan.pk)}
        for each in self.criteria:
            row = stored.get(each.pk)
            self.fields[f"met-{each.uuid}"] = forms.ChoiceField(
                label=each.text, required=False, choices=[("", _("Not answered")), *Met.choices],
                initial=row.met if row else "",
            )  # fmt: skip
            self.fields[f"why-{each.uuid}"] = forms.CharField(
                label=_("Why: %(criterion)s") % {"criterion": each.text}, required=False, max_length=1000,
                initial=row.why if row else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def in_lines(self) -> list[list[forms.BoundField]]:
        """Each criterion with its reason beside it."""
        return [[self[f"met-{each.uuid}"], self[f"why-{each.uuid}"]] for each in self.criteria]

    def said(self) -> dict[int, tuple[str, str]]:
        """Criterion id -> (met, why)."""
        given = self.cleaned_data
        return {each.pk: (given[f"met-{each.uuid}"], given[f"why-{each.uuid}"]) for each in self.criteria}


class _Lines(forms.Form):
    def in_lines(self) -> list[list[forms.BoundField]]:
        """One field to a line."""
        return [[field] for field in self.visible_fields()]


class PayForm(_Lines):
    """When it was paid, by which document; or why it is not paid."""

    paid_on = forms.DateField(label=_("Paid on"), required=False, widget=NativeDate)
    reference = forms.CharField(
        label=_("Reference of the document"), required=False, max_length=120,
        help_text=_("The receipt or the payment order, as your files name it."),
    )  # fmt: skip
    unpaid_because = forms.CharField(
        label=_("Not paid, because"), required=False, max_length=300,
        help_text=_("Only where it will not be paid at all. Leave the day empty then."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, instalment: Instalment) -> None:
        super().__init__(data)
        self.instalment = instalment

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(given.get("paid_on")) == bool(given.get("unpaid_because")):
            self.add_error("paid_on", _("Say on which day it was paid, or why it is not."))
        return given


class VisitForm(forms.ModelForm):
    """What somebody saw on the spot."""

    class Meta:
        model = MonitoringVisit
        fields: ClassVar[tuple[str, ...]] = ("on", "percent", "finding", "has_problem")
        formfield_callback = field_for

    def in_lines(self) -> list[list[forms.BoundField]]:
        """One field to a line."""
        return [[field] for field in self.visible_fields()]


class ReportForm(_Lines):
    """The final report."""

    final_report = forms.CharField(
        label=_("Final report"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("What was built and for whom, and who keeps it now. Every reader of the plan reads it."),
    )  # fmt: skip
