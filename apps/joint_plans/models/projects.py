"""Projects, which are plans: what is built, criteria, duplication checks, money, monitoring, the mission's rules.

What is built is read by every reader of the plan, so that its protection is; amounts, partner and instalments by those
to whom they open.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.joint_plans.projects.vocabulary import (
    PROTECTED,
    Caution,
    CheckSide,
    DualUse,
    Met,
    MoneyOpensTo,
    Overlap,
)
from apps.joint_plans.vocabulary import PROJECTS, PlanKind
from apps.mission.models import Mission, Organisation, Position

from .plan import JointPlan, text_of

KINDS = [(kind.value, kind.label) for kind in PlanKind if kind in PROJECTS]
_PROTECTED = Q(dual_use__in=[kind.value for kind in PROTECTED])


def _amount(label: Any, **more: Any) -> models.DecimalField[Any, Any]:
    least = [MinValueValidator(Decimal(0))]
    return models.DecimalField(label, max_digits=14, decimal_places=2, validators=least, **more)


class ProjectRule(models.Model):
    """How much a project of a kind costs at most, and how long it lasts: a setting of the mission."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="+", verbose_name=_("mission")
    )
    kind = models.CharField(_("kind of project"), max_length=12, choices=KINDS)
    cap = _amount(_("costs at most"), null=True, blank=True, help_text=_("Left empty: any amount."))
    currency = models.CharField(
        _("currency"), max_length=3, default="USD",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, for example USD."))],
    )  # fmt: skip
    months_most = models.PositiveSmallIntegerField(
        _("months at most"), null=True, blank=True, help_text=_("From its first day to its last."),
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )  # fmt: skip

    class Meta:
        verbose_name = _("rule on projects")
        verbose_name_plural = _("rules on projects")
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "kind"], name="joint_plans_projectrule_once")
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class ProjectCriterion(models.Model):
    """A question that a project answers before the review committee sees it: a setting of the mission."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="+", verbose_name=_("mission")
    )
    kind = models.CharField(_("kind of project"), max_length=12, choices=KINDS)
    code = models.SlugField(_("code"), max_length=24)
    text = models.CharField(_("criterion"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("criterion for projects")
        verbose_name_plural = _("criteria for projects")
        ordering = ["kind", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "kind", "code"], name="joint_plans_projectcriterion_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Project(models.Model):
    """What is built or repaired, where and for whom. COMPUTED DATA: whether it is protected, and the note on that."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.OneToOneField(JointPlan, on_delete=models.CASCADE, related_name="project")
    dual_use = models.CharField(
        _("what it is"), max_length=12, choices=DualUse,
        help_text=_("In civilian words. A school, a clinic, a water point and a place of worship are protected."),
    )  # fmt: skip
    works_type = models.CharField(_("works"), max_length=120, blank=True, default="")
    place = models.CharField(_("place"), max_length=160)
    beneficiaries = models.PositiveIntegerField(_("people who benefit"), null=True, blank=True)
    do_no_harm = text_of(
        _("what harm it might do, and how that is avoided"), 4000,
        help_text=_("To whom, by whose presence, and what is done about it."),
    )  # fmt: skip
    sustainability = text_of(_("who keeps it afterwards"), 2000)
    final_report = text_of(_("final report"), 10_000, editable=False)
    is_protected_object = models.GeneratedField(
        expression=Case(When(_PROTECTED, then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(), db_persist=True, verbose_name=_("protected object"),
    )  # fmt: skip
    caution = models.GeneratedField(
        expression=Case(
            When(_PROTECTED, then=Value(Caution.PROTECTED.value)), default=Value(""),
            output_field=models.CharField(max_length=12),
        ),
        output_field=models.CharField(max_length=12), db_persist=True, choices=Caution, verbose_name=_("note"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")

    def __str__(self) -> str:
        return self.place


class Funding(models.Model):
    """What a project costs and who carries it out: read by those to whom it opens, and by whoever endorses it.

    COMPUTED DATA, kept by the database: `currency`, from the mission's rule.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.OneToOneField(JointPlan, on_delete=models.CASCADE, related_name="funding")
    opens_to = models.CharField(
        _("who reads it"), max_length=12, choices=MoneyOpensTo, default=MoneyOpensTo.ALL,
        help_text=_("Amounts, partner and instalments."),
    )  # fmt: skip
    amount_asked = _amount(_("amount asked for"))
    amount_approved = _amount(_("amount approved"), null=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3, db_default="USD", editable=False)
    partner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("implementing partner"),
    )  # fmt: skip
    partner_name = models.CharField(
        _("implementing partner, where it is not in the list"), max_length=160, blank=True, default=""
    )

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("funding")

    def __str__(self) -> str:
        return f"{self.amount_asked} {self.currency}"


class CriterionAnswer(models.Model):
    """Whether a project meets a criterion, and why. `asked` is the criterion's text when it was answered."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="criterion_answers")
    criterion = models.ForeignKey(ProjectCriterion, on_delete=models.PROTECT, related_name="+")
    asked = models.CharField(_("criterion"), max_length=200, db_default="", editable=False)
    met = models.CharField(_("met"), max_length=8, choices=Met)
    why = text_of(_("why"), 1000)

    class Meta:
        verbose_name = _("answer to a criterion")
        verbose_name_plural = _("answers to criteria")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "criterion"], name="joint_plans_criterionanswer_once")
        ]

    def __str__(self) -> str:
        return f"{self.asked} {self.met}"


class DuplicationCheck(models.Model):
    """Whether others do the same there, in the version that circulates: appended, never changed.

    COMPUTED DATA, kept by the database: `number`, the version, and `side`, from the position's roles.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="duplication_checks")
    number = models.PositiveIntegerField(_("version"), db_default=0, editable=False)
    side = models.CharField(_("for"), max_length=12, choices=CheckSide, db_default="", editable=False)
    result = models.CharField(_("what was found"), max_length=12, choices=Overlap)
    looked_at = text_of(_("what was looked at"), 2000)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("duplication check")
        verbose_name_plural = _("duplication checks")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.number} {self.side} {self.result}"


class Instalment(models.Model):
    """A part of the money: what for, when it is due, when it was paid, or why it is not paid at all."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    amount = _amount(_("amount"))
    condition = models.CharField(_("on what condition"), max_length=300, blank=True, default="")
    due_on = models.DateField(_("due on"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, editable=False)
    reference = models.CharField(_("reference of the document"), max_length=120, blank=True, default="")
    unpaid_because = models.CharField(
        _("not paid, because"), max_length=300, blank=True, default="", editable=False
    )

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["number", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="joint_plans_instalment_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"

    @property
    def is_settled(self) -> bool:
        """Whether it was paid, or is not paid at all."""
        return self.paid_on is not None or bool(self.unpaid_because)


class MonitoringVisit(models.Model):
    """What somebody saw on the spot: appended; a mistake is mended by another visit's row."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="visits")
    on = models.DateField(_("day"))
    percent = models.PositiveSmallIntegerField(_("done, in percent"), validators=[MaxValueValidator(100)])
    finding = text_of(_("what was seen"), 2000)
    has_problem = models.BooleanField(_("there is a problem"), default=False)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("monitoring visit")
        verbose_name_plural = _("monitoring visits")
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.percent}"

    def clean(self) -> None:
        """Something was seen."""
        super().clean()
        if not self.finding.strip():
            raise ValidationError({"finding": _now("Say what was seen.")})
