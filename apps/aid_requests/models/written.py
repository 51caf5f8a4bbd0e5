"""Rows that steps of the workflow write, once. The database stamps who and when."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.aid_requests.vocabulary import (
    Advice,
    Conduct,
    Criterion,
    DecisionOutcome,
    NeedMet,
    OpinionOutcome,
    Timeliness,
)
from apps.mission.models import Organisation, Position, VocabularyTerm
from apps.mission.vocabulary import Priority

from .request import AidRequest


class WrittenByStep(models.Model):
    """What every such row has. `actor` and `at` are set by a trigger, whatever the application says."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(AidRequest, on_delete=models.CASCADE, related_name="%(class)s_rows")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("as"), editable=False
    )
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"), editable=False
    )
    at = models.DateTimeField(_("on"), db_default=Now(), editable=False)

    class Meta:
        abstract = True
        ordering = ("at", "id")


class Validation(WrittenByStep):
    """The cluster coordinator's word: the need is real, nobody else meets it, and how it ranks."""

    need_is_real = models.BooleanField(_("the need is real"), default=False)
    not_duplicate = models.BooleanField(_("nobody else is meeting it already"), default=False)
    cluster_priority = models.PositiveSmallIntegerField(_("priority within the cluster"), choices=Priority)
    remarks = models.TextField(_("remarks"), max_length=5000, blank=True)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("validation")
        verbose_name_plural = _("validations")

    def __str__(self) -> str:
        return self.get_cluster_priority_display()

    def clean(self) -> None:
        """Nobody validates by half."""
        _all_said(self, "need_is_real", "not_duplicate")


class Endorsement(WrittenByStep):
    """The CMCoord officer's word on the three tests of the humanitarian side."""

    last_resort = models.BooleanField(_("it is the last resort"), default=False)
    distinction = models.BooleanField(_("humanitarian and military stay distinct"), default=False)
    time_bound = models.BooleanField(_("it is limited in time"), default=False)
    remarks = models.TextField(_("remarks"), max_length=5000, blank=True)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")

    def __str__(self) -> str:
        return self.remarks[:60]

    def clean(self) -> None:
        """Nobody endorses by half."""
        _all_said(self, "last_resort", "distinction", "time_bound")


def _all_said(row: models.Model, *names: str) -> None:
    open_ = {name: _("Tick this, or send the request back.") for name in names if not getattr(row, name)}
    if open_:
        raise ValidationError(open_)


class SecurityOpinion(WrittenByStep):
    """The security adviser's opinion; no armed escort is recommended without one."""

    outcome = models.CharField(_("opinion"), max_length=14, choices=OpinionOutcome)
    reasons = models.TextField(_("reasons and measures"), max_length=5000)
    srm_reference = models.CharField(_("security risk management reference"), max_length=80, blank=True)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("security opinion")
        verbose_name_plural = _("security opinions")

    def __str__(self) -> str:
        return self.get_outcome_display()


class Recommendation(WrittenByStep):
    """What the CIMIC officer recommends to the decision authority."""

    advice = models.CharField(_("recommendation"), max_length=10, choices=Advice)
    capacity = models.TextField(_("military capacity that is available"), max_length=5000)
    reasons = models.TextField(_("reasons"), max_length=5000)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")

    def __str__(self) -> str:
        return self.get_advice_display()


class Decision(WrittenByStep):
    """A decision, with the criteria that were not met when it was made: exceptions are allowed, never silent.

    `extended_until` moves the moment at which the request expires. `changes_conditions` marks a counter-offer
    that touches humanitarian conditions, which the CMCoord officer must concur with before it is accepted.
    """

    outcome = models.CharField(_("decision"), max_length=14, choices=DecisionOutcome)
    reason = models.ForeignKey(
        VocabularyTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("reason"),
        limit_choices_to={"vocabulary": VocabularyTerm.Vocabulary.DECLINE_REASON},
    )  # fmt: skip
    explanation = models.TextField(_("explanation"), max_length=5000, blank=True)
    conditions = models.TextField(_("conditions"), max_length=5000, blank=True)
    counter_offer = models.TextField(_("what is offered instead"), max_length=5000, blank=True)
    changes_conditions = models.BooleanField(_("touches humanitarian conditions"), default=False)
    extended_until = models.DateTimeField(_("needed by, as extended"), null=True, blank=True)
    unmet_criteria = ArrayField(
        models.CharField(max_length=20, choices=Criterion),
        verbose_name=_("criteria not met"),
        default=list,
        blank=True,
    )

    class Meta(WrittenByStep.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def unmet_labels(self) -> list[str]:
        """The criteria that were not met, in words."""
        return [str(Criterion(code).label) for code in self.unmet_criteria]


class Tasking(WrittenByStep):
    """The order to a unit. The unit of the latest tasking is the one that executes."""

    order_ref = models.CharField(_("order reference"), max_length=60)
    unit = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    task = models.TextField(_("task"), max_length=5000)
    coordinating_instructions = models.TextField(_("coordinating instructions"), max_length=5000, blank=True)
    report_by = models.DateTimeField(_("report by"))

    class Meta(WrittenByStep.Meta):
        verbose_name = _("tasking")
        verbose_name_plural = _("taskings")

    def __str__(self) -> str:
        return self.order_ref


class CivilianProvision(WrittenByStep):
    """Who met the need by civilian means: the best outcome a request can have."""

    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("organisation"),
    )  # fmt: skip
    provider_name = models.CharField(_("name of the provider"), max_length=150, blank=True)
    remarks = models.TextField(_("what is provided, and when"), max_length=5000)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("civilian provision")
        verbose_name_plural = _("civilian provisions")

    def __str__(self) -> str:
        return self.provider_name or str(self.provider)

    def clean(self) -> None:
        """A provider is named, from the list or in words."""
        if not self.provider_id and not self.provider_name:
            raise ValidationError({"provider_name": _("Name who provides it.")})


class Feedback(WrittenByStep):
    """What the requester says when it is over."""

    need_met = models.CharField(_("need met"), max_length=8, choices=NeedMet)
    timeliness = models.CharField(_("timeliness"), max_length=12, choices=Timeliness)
    conduct = models.CharField(_("conduct"), max_length=8, choices=Conduct)
    neutrality_concern = models.BooleanField(_("concern about neutrality or distinction"), default=False)
    remarks = models.TextField(_("remarks"), max_length=5000, blank=True)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")

    def __str__(self) -> str:
        return self.get_need_met_display()

    def clean(self) -> None:
        """Anything but a plain success is explained."""
        troubled = self.neutrality_concern or self.conduct == Conduct.SERIOUS or self.need_met == NeedMet.NO
        if troubled and not self.remarks:
            raise ValidationError({"remarks": _("Say what happened.")})


class InformationQuery(WrittenByStep):
    """A question to the requester; the request waits for the answer."""

    question = models.TextField(_("question"), max_length=5000)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.question[:60]


class InformationAnswer(WrittenByStep):
    """The requester's answer to the question asked last."""

    query = models.ForeignKey(
        InformationQuery, on_delete=models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    answer = models.TextField(_("answer"), max_length=5000)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return self.answer[:60]


class Extension(WrittenByStep):
    """A requester's wish for a later deadline; only a new decision makes it so."""

    until = models.DateTimeField(_("needed by, as wished"))
    reasons = models.TextField(_("reasons"), max_length=5000)

    class Meta(WrittenByStep.Meta):
        verbose_name = _("wish for a later deadline")
        verbose_name_plural = _("wishes for a later deadline")

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M}"
