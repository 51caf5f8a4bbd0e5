"""Writes to projects: criteria, checks, approval, payments, visits, the final report. Pages and steps call them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.joint_plans.models import JointPlan
from apps.joint_plans.models.projects import (
    CriterionAnswer,
    DuplicationCheck,
    Funding,
    Instalment,
    MonitoringVisit,
    Project,
)
from apps.joint_plans.projects import rules
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import DutyConflict, Incomplete, NotPermitted
from apps.records.services import is_editor
from apps.records.transitions import refusals


def _today(plan: JointPlan) -> date:
    from zoneinfo import ZoneInfo

    return clock.now().astimezone(ZoneInfo(plan.mission.time_zone)).date()


def criteria_answer(actor: Actor, *, plan: JointPlan, said: Mapping[int, tuple[str, str]]) -> None:
    """Criterion id -> (met, why); an empty answer takes back what was said. NotPermitted once it was put forward."""
    known = {each.pk for each in rules.criteria_of(plan)}
    if not is_editor(actor, plan) or set(said) - known:
        raise NotPermitted
    stored = {row.criterion_id: row for row in CriterionAnswer.objects.filter(plan_id=plan.pk)}
    with refusals():
        for pk, (met, why) in said.items():
            row = stored.get(pk)
            if not met:
                if row is not None:
                    row.delete()
                continue
            row = row or CriterionAnswer(plan=plan, criterion_id=pk)
            if row.pk is None or (row.met, row.why) != (met, why.strip()):
                row.met, row.why = met, why.strip()
                row.full_clean(exclude=["plan"])
                row.save()


def duplication_checked(actor: Actor, plan: JointPlan, data: dict[str, Any]) -> None:
    """Append what was found, of the version that circulates; the step `check_duplication` calls it."""
    position = rules.checker_of(actor)
    looked_at = data.get("looked_at", "").strip()
    if position is None or actor.user is None:
        raise NotPermitted
    if not looked_at:
        raise ValidationError({"looked_at": [_("Say what you looked at.")]})
    # WHY: the step counts as its person's duty; whoever filed the plan does not check it.
    DuplicationCheck.objects.create(
        plan=plan, result=data["result"], looked_at=looked_at, position=position, author=actor.user
    )


def endorsed(actor: Actor, plan: JointPlan, data: dict[str, Any]) -> None:
    """Approve an amount, within the rule; nobody who checked for duplication endorses."""
    if not rules.is_project(plan):
        return
    if DuplicationCheck.objects.filter(plan_id=plan.pk, author=actor.user).exists():
        raise DutyConflict(_("You checked it for duplication yourself. Another person endorses it."))
    amount: Decimal | None = data.get("amount_approved")
    if amount is None:
        raise Incomplete({"amount_approved": [_("Say how much is approved.")]})
    for row in Funding.objects.filter(plan_id=plan.pk):
        row.amount_approved = amount
        row.save(update_fields=["amount_approved"])
    rules.require(plan, "endorse", data.get("note", ""))


def instalment_pay(actor: Actor, *, instalment: Instalment, on: date, reference: str) -> None:
    """Note that it was paid. ValidationError by field for what stands against it."""
    plan = instalment.plan
    if not is_editor(actor, plan):
        raise NotPermitted
    if instalment.is_settled:
        raise ValidationError({"paid_on": [_("It is settled already.")]})
    if on > _today(plan):
        raise ValidationError({"paid_on": [_("This day is still to come.")]})
    if against := rules.may_be_paid(plan, instalment, on):
        raise ValidationError({"paid_on": [against]})
    instalment.paid_on, instalment.reference = on, reference.strip()
    with refusals():
        instalment.save(update_fields=["paid_on", "reference"])


def instalment_drop(actor: Actor, *, instalment: Instalment, because: str) -> None:
    """Note why it is not paid at all."""
    if not is_editor(actor, instalment.plan):
        raise NotPermitted
    if not because.strip():
        raise ValidationError({"unpaid_because": [_("Say why it is not paid.")]})
    if instalment.is_settled:
        raise ValidationError({"unpaid_because": [_("It is settled already.")]})
    instalment.unpaid_because = because.strip()
    with refusals():
        instalment.save(update_fields=["unpaid_because"])


def visit_add(actor: Actor, *, visit: MonitoringVisit) -> MonitoringVisit:
    """Append what somebody saw on the spot."""
    if visit.on > _today(visit.plan):
        raise ValidationError({"on": [_("This day is still to come.")]})
    assert actor.user is not None
    visit.author, visit.position = actor.user, next(iter(actor.positions), None)
    visit.full_clean(exclude=["plan", "author", "position"])
    with refusals():
        visit.save()
    return visit


def final_report_write(actor: Actor, *, project: Project, text: str) -> None:
    """Write the final report, while the project runs or is over and not closed."""
    if not is_editor(actor, project.plan):
        raise NotPermitted
    if not text.strip():
        raise ValidationError({"final_report": [_("Say what came of it.")]})
    project.final_report = text.strip()
    with refusals():
        project.save(update_fields=["final_report"])
