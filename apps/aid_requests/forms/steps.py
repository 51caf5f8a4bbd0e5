"""What each step of the workflow asks for. Forms check what is typed; effects check it for every caller."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.aid_requests import rules
from apps.aid_requests.eligibility import barred_organisations
from apps.aid_requests.models import (
    AidRequest,
    CivilianProvision,
    Decision,
    Endorsement,
    Extension,
    Feedback,
    InformationAnswer,
    InformationQuery,
    Recommendation,
    SecurityOpinion,
    Tasking,
    Validation,
)
from apps.mission.models import Organisation, Position, VocabularyTerm
from apps.mission.vocabulary import EngagementStance, OrganisationType, Role
from apps.pages.forms import in_plain_words
from apps.records import clock
from apps.records.actors import Actor

NOT_ELIGIBLE = _("A caveat keeps this unit from such a task. Choose another one.")


class StepForm(forms.ModelForm):
    """A form of one row that a step writes. Choices are of the actor's mission alone."""

    required_fields: tuple[str, ...] = ()
    hints: ClassVar[dict[str, Any]] = {}

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: AidRequest, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.actor, self.record = actor, record
        for name, field in self.fields.items():
            in_plain_words(field)
            if name in self.required_fields:
                field.required = True
            if name in self.hints:
                field.help_text = self.hints[name]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = field.queryset.filter(mission_id=record.mission_id)
                if field.queryset.model is VocabularyTerm:
                    field.queryset = field.queryset.filter(is_active=True)


class ValidationForm(StepForm):
    """The need is real, not met by others, and so important to the cluster."""

    hints: ClassVar[dict[str, Any]] = {
        "need_is_real": _("You know the need from your own cluster's assessment, or have checked it."),
        "not_duplicate": _("No other partner of your cluster is meeting it or about to."),
    }  # fmt: skip

    class Meta:
        model = Validation
        fields = ("need_is_real", "not_duplicate", "cluster_priority", "remarks")


class EndorsementForm(StepForm):
    """The three tests of the humanitarian side."""

    hints: ClassVar[dict[str, Any]] = {
        "last_resort": _("No civilian alternative meets the need in time; the request shows what was tried."),
        "distinction": _("The measures named keep humanitarian staff visibly apart from armed forces."),
        "time_bound": _("The support ends on the day named."),
    }  # fmt: skip

    class Meta:
        model = Endorsement
        fields = ("last_resort", "distinction", "time_bound", "remarks")


class OpinionForm(StepForm):
    """The security adviser's opinion."""

    class Meta:
        model = SecurityOpinion
        fields = ("outcome", "reasons", "srm_reference")


class RecommendationForm(StepForm):
    """What the decision authority should do, and with which capacity."""

    class Meta:
        model = Recommendation
        fields = ("advice", "capacity", "reasons")


class DecisionForm(StepForm):
    """Common to all decisions: a later deadline, needed when the present one is over."""

    def clean_extended_until(self) -> Any:
        """A later deadline lies ahead; without one the present deadline must lie ahead."""
        moment = self.cleaned_data["extended_until"]
        if error := rules.deadline_error(self.record, moment):
            raise ValidationError(error)
        return moment


class ApprovalForm(DecisionForm):
    """Approval as asked."""

    hints: ClassVar[dict[str, Any]] = {"extended_until": _("Only if the support may come later than asked.")}

    class Meta:
        model = Decision
        fields = ("explanation", "extended_until")


class ConditionsForm(DecisionForm):
    """Approval with conditions."""

    required_fields = ("conditions",)
    hints: ClassVar[dict[str, Any]] = {"extended_until": _("Only if the support may come later than asked.")}

    class Meta:
        model = Decision
        fields = ("conditions", "explanation", "extended_until")


class CounterOfferForm(DecisionForm):
    """Something else than asked; the requester accepts or refuses."""

    required_fields = ("counter_offer",)
    hints: ClassVar[dict[str, Any]] = {
        "changes_conditions": _("If so, the CMCoord officer must concur before the requester can accept."),
        "extended_until": _("Only if the support may come later than asked."),
    }  # fmt: skip

    class Meta:
        model = Decision
        fields = ("counter_offer", "conditions", "changes_conditions", "explanation", "extended_until")


class DeclineForm(StepForm):
    """A refusal with its reason."""

    required_fields = ("reason", "explanation")

    class Meta:
        model = Decision
        fields = ("reason", "explanation")


class ExtendForm(DecisionForm):
    """A later deadline, as a decision of its own."""

    required_fields = ("extended_until", "explanation")

    class Meta:
        model = Decision
        fields = ("extended_until", "explanation")


class TaskingForm(StepForm):
    """The order to a unit."""

    class Meta:
        model = Tasking
        fields = ("order_ref", "unit", "task", "coordinating_instructions", "report_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        barred, unit = barred_organisations(self.record), self.fields["unit"]
        unit.queryset = units(self.record)  # type: ignore[attr-defined]
        named = unit.label_from_instance  # type: ignore[attr-defined]
        unit.label_from_instance = lambda post: (  # type: ignore[attr-defined]
            _("%(unit)s – not eligible") % {"unit": named(post)}
            if post.organisation_id in barred
            else named(post)
        )
        self.barred = barred

    def clean_unit(self) -> Any:
        """A unit that no caveat keeps from it."""
        unit = self.cleaned_data["unit"]
        if unit is not None and unit.organisation_id in self.barred:
            raise ValidationError(NOT_ELIGIBLE)
        return unit

    def clean_report_by(self) -> Any:
        """The report is due in the future."""
        moment = self.cleaned_data["report_by"]
        if moment <= clock.now():
            raise ValidationError(_("This moment is over. Choose one that lies ahead."))
        return moment


def units(record: AidRequest) -> Any:
    """Positions of the mission that execute tasks."""
    carrying = Position.objects.filter(roles__role=Role.UNIT).values("pk")
    return Position.objects.filter(
        mission_id=record.mission_id, is_active=True, pk__in=carrying
    ).select_related("organisation")


class ProvisionForm(StepForm):
    """Who meets the need by civilian means."""

    hints: ClassVar[dict[str, Any]] = {"provider_name": _("If the organisation is not in the list.")}

    class Meta:
        model = CivilianProvision
        fields = ("provider", "provider_name", "remarks")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = civilian_providers(self.record)  # type: ignore[attr-defined]


def civilian_providers(record: AidRequest) -> Any:
    """Organisations of the mission that are civilian and do not mind being named."""
    armed = (
        OrganisationType.CONTINGENT, OrganisationType.POLICE, OrganisationType.HOST_SECURITY,
        OrganisationType.ARMED_GROUP, OrganisationType.COMPONENT,
    )  # fmt: skip
    return (
        Organisation.objects.filter(mission_id=record.mission_id)
        .exclude(org_type__in=armed)
        .exclude(engagement_stance=EngagementStance.UNLISTED)
    )


class FeedbackForm(StepForm):
    """How it went."""

    hints: ClassVar[dict[str, Any]] = {
        "neutrality_concern": _("Tick this if the support harms how people see humanitarian work, or could."),
        "remarks": _("What should be done differently next time?"),
    }  # fmt: skip

    class Meta:
        model = Feedback
        fields = ("need_met", "timeliness", "conduct", "neutrality_concern", "remarks")


class QueryForm(StepForm):
    """A question to the requester."""

    class Meta:
        model = InformationQuery
        fields = ("question",)


class AnswerForm(StepForm):
    """The answer to the question asked last."""

    class Meta:
        model = InformationAnswer
        fields = ("answer",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.record.informationquery_rows.last()
        if asked is not None:
            self.fields["answer"].help_text = asked.question


class ExtensionForm(StepForm):
    """A wish for a later deadline."""

    class Meta:
        model = Extension
        fields = ("until", "reasons")

    def clean_until(self) -> Any:
        """Later than the deadline there is, and ahead."""
        moment = self.cleaned_data["until"]
        if error := rules.later_error(self.record, moment):
            raise ValidationError(error)
        return moment
