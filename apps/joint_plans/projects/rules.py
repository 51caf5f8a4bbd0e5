"""What a project must say before it circulates and before the review committee sees it, in words at the fields. Reads.

The database decides (`joint_plans_project_lacks`); here its codes become words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.joint_plans.models.plan import Contributor
from apps.joint_plans.models.projects import (
    CriterionAnswer,
    DuplicationCheck,
    Funding,
    Instalment,
    MonitoringVisit,
    Project,
    ProjectCriterion,
    ProjectRule,
)
from apps.joint_plans.positions import CHECKERS
from apps.joint_plans.projects.vocabulary import CheckSide, Overlap
from apps.joint_plans.vocabulary import PROJECTS
from apps.mission.models import Position
from apps.mission.vocabulary import Role, Side
from apps.records.actors import Actor
from apps.records.errors import Incomplete
from apps.records.workflow import Text

if TYPE_CHECKING:
    from datetime import date

    from apps.joint_plans.models import JointPlan

MISSION_SIDES = (Side.MISSION_CIVIL, Side.MISSION_MILITARY, Side.MISSION_POLICE)
UNIT_SIDES = (Side.MISSION_MILITARY, Side.MISSION_POLICE)

_WORDS: dict[str, tuple[str, Any]] = {
    "project": ("project", _("Say what is built, where and for whom.")),
    "do_no_harm": ("project", _("Say what harm it might do, and how that is avoided.")),
    "sustainability": ("project", _("Say who keeps it afterwards.")),
    "duplication_check": (
        "duplication_checks",
        _("Nobody of the humanitarian side has checked this version for duplication."),
    ),
    "amount_asked": ("funding", _("Say what it costs.")),
    "amount_approved": ("amount_approved", _("Say how much is approved.")),
    "instalments_over": ("instalments", _("The instalments come to more than the amount.")),
    "approved_under": ("amount_approved", _("The instalments come to more than that.")),
    "reason": ("note", _("Somebody does the same there. Say why you endorse it all the same.")),
    "unpaid": ("instalments", _("Say of each instalment when it was paid, or why it is not.")),
    "final_report": ("final_report", _("Write the final report first.")),
}


def is_project(plan: Any) -> bool:
    """Whether the plan is a quick impact project or works."""
    return plan.kind in PROJECTS


def rule_of(plan: JointPlan) -> ProjectRule | None:
    """The mission's rule on projects of this kind; None where it has none."""
    return ProjectRule.objects.filter(mission_id=plan.mission_id, kind=plan.kind).first()


def criteria_of(plan: JointPlan) -> list[ProjectCriterion]:
    """The criteria of the mission for this kind, in their order."""
    return list(ProjectCriterion.objects.filter(mission_id=plan.mission_id, kind=plan.kind, is_active=True))


def unanswered(plan: JointPlan) -> list[ProjectCriterion]:
    """Criteria of which nothing is said yet."""
    said = set(CriterionAnswer.objects.filter(plan_id=plan.pk).values_list("criterion_id", flat=True))
    return [each for each in criteria_of(plan) if each.pk not in said]


def missing(plan: JointPlan) -> dict[str, list[Text]]:
    """What a project says before it circulates, beside what every plan says."""
    if not is_project(plan):
        return {}
    found: dict[str, list[Text]] = {}
    if not Project.objects.filter(plan_id=plan.pk).exists():
        found["project"] = [_WORDS["project"][1]]
    if not Funding.objects.filter(plan_id=plan.pk).exists():
        found["funding"] = [_WORDS["amount_asked"][1]]
    asked = Contributor.objects.filter(plan_id=plan.pk).values("position_id")
    if not humanitarian(plan).filter(pk__in=asked).exists():
        found["contributors"] = [
            _("Name the CMCoord officer or the cluster coordinator who checks whether others do the same.")
        ]
    return found


def humanitarian(plan: JointPlan) -> Any:
    """Positions of the humanitarian side that may check for duplication; the database says the same."""
    return Position.objects.filter(
        mission_id=plan.mission_id, is_active=True, roles__role__in=(Role.CMCOORD, Role.CLUSTER)
    ).exclude(organisation__side__in=MISSION_SIDES)


def require(plan: JointPlan, step: str, note: str = "") -> None:
    """Incomplete, by field, while the step lacks something; plans of other kinds lack nothing here."""
    if not is_project(plan):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT joint_plans_project_lacking(%s, %s, %s)", [plan.pk, step, note])
        codes = cursor.fetchone()[0]
    found: dict[str, list[str]] = {}
    for code in codes:
        name, text = _said(plan, code)
        found.setdefault(name, []).append(str(text))
    if found:
        raise Incomplete(found)


def _said(plan: JointPlan, code: str) -> tuple[str, Any]:
    if code == "criteria":
        open_ones = "; ".join(each.text for each in unanswered(plan))
        return "criteria", _now("Not answered yet: %(criteria)s") % {"criteria": open_ones}
    rule = rule_of(plan)
    if rule is not None and code in ("over_cap", "approved_over_cap"):
        return ("funding" if code == "over_cap" else "amount_approved"), cap_text(rule)
    if rule is not None and code == "too_long":
        return "ends_on", _now("The mission’s rule: %(kind)s lasts at most %(months)d months.") % {
            "kind": str(rule), "months": rule.months_most or 0,
        }  # fmt: skip
    return _WORDS[code]


def cap_text(rule: ProjectRule) -> str:
    """What the rule says of the amount."""
    amount = number_format(rule.cap or 0, decimal_pos=0, force_grouping=True)
    return _now("The mission’s rule: %(kind)s costs at most %(amount)s %(currency)s.") % {
        "kind": str(rule), "amount": amount, "currency": rule.currency,
    }  # fmt: skip


# ---------------------------------------------------------------- duplication
def last_checks(plan: JointPlan) -> list[DuplicationCheck]:
    """The last word of each position on the version that circulates."""
    said = DuplicationCheck.objects.filter(plan_id=plan.pk, number=plan.edition).order_by("at", "pk")
    return list({row.position_id: row for row in said}.values())


def is_checked(plan: JointPlan) -> bool:
    """Whether somebody of the humanitarian side has checked the version that circulates."""
    return any(row.side == CheckSide.HUMANITARIAN for row in last_checks(plan))


def duplicates(plan: JointPlan) -> list[DuplicationCheck]:
    """Who says that somebody does the same there."""
    return [row for row in last_checks(plan) if row.result == Overlap.DUPLICATE] if is_project(plan) else []


def checker_of(actor: Actor) -> Position | None:
    """The position in which the actor checks: for the humanitarian side, if any of theirs is of it."""
    mine = Position.objects.filter(pk__in=actor.position_ids, roles__role__in=CHECKERS)
    positions = list(mine.select_related("organisation").distinct().order_by("pk"))
    civil = [each for each in positions if each.organisation.side not in MISSION_SIDES]
    return next(iter([*civil, *positions]), None)


# ---------------------------------------------------------------- rows of the form
def funding_check(actor: Actor, plan: JointPlan, row: Funding) -> None:
    """ValidationError at the field: a partner is said, and a protected object has a civilian one."""
    built = Project.objects.filter(plan_id=plan.pk).first()
    by_unit = row.partner is not None and row.partner.side in UNIT_SIDES
    if by_unit and built is not None and built.is_protected_object:
        raise ValidationError({"partner": [_civil()]})
    rule = rule_of(plan)
    if rule is not None and rule.cap is not None and row.amount_asked > rule.cap:
        raise ValidationError({"amount_asked": [cap_text(rule)]})


def project_check(actor: Actor, plan: JointPlan, row: Project) -> None:
    """ValidationError at the field where a unit carries out the work on what would be a protected object."""
    from apps.joint_plans.projects.vocabulary import PROTECTED

    paid = Funding.objects.filter(plan_id=plan.pk, partner__side__in=UNIT_SIDES)
    if row.dual_use in PROTECTED and paid.exists():
        raise ValidationError({"dual_use": [_civil()]})


def _civil() -> str:
    return _now(
        "A protected object has a civilian partner. What a unit does for it stands among the activities of the plan."
    )


def instalment_check(actor: Actor, plan: JointPlan, row: Instalment) -> None:
    """ValidationError at the field: what is settled stays, and no more than what was approved."""
    others = Instalment.objects.filter(plan_id=plan.pk, unpaid_because="").exclude(pk=row.pk)
    funding = Funding.objects.filter(plan_id=plan.pk).first()
    if funding is None:
        raise ValidationError({"amount": [_now("First say what the project costs.")]})
    if row.pk and row.is_settled:
        raise ValidationError({"amount": [_now("This instalment is settled and stays as it is.")]})
    total = (others.aggregate(total=Sum("amount"))["total"] or 0) + (row.amount or 0)
    if funding.amount_approved is not None and total > funding.amount_approved:
        raise ValidationError({"amount": [_now("The instalments come to more than what was approved.")]})


def may_be_paid(plan: JointPlan, row: Instalment, on: date) -> str:
    """Why the instalment is not paid on that day; empty when nothing stands against it."""
    others = Instalment.objects.filter(plan_id=plan.pk).exclude(pk=row.pk)
    if others.filter(number__lt=row.number, paid_on=None, unpaid_because="").exists():
        return _now("The instalment before it is not settled.")
    before = others.aggregate(last=Max("paid_on"))["last"]
    if before is None:
        return ""
    if on < before:
        return _now("It is not paid before the one that went ahead of it.")
    if not MonitoringVisit.objects.filter(plan_id=plan.pk, on__gte=before, on__lte=on).exists():
        return _now("Nobody has visited the project since the last payment.")
    return ""
