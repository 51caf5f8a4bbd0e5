"""Who exercises which role on a joint plan. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from apps.joint_plans.models import Contributor, PlanRule
from apps.joint_plans.vocabulary import PROJECTS, Standing
from apps.mission.models import Position
from apps.mission.vocabulary import Role

if TYPE_CHECKING:
    from apps.joint_plans.models import JointPlan

#: The roles of the workflow, as plans call them.
KEEPER, CONTRIBUTOR, ENDORSER = Role.REQUESTER, Role.UNIT, Role.DECIDER
#: Who is informed reads the plan and takes no step.
INFORMED = Role.SECURITY
#: Roles that say whether others do what a project does.
CHECKERS = (Role.CMCOORD, Role.CLUSTER, Role.CIMIC)
#: Roles that read no content.
SILENT = (Role.ADMIN, Role.AUDITOR)


def role_positions(plan: JointPlan, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role`.

    Keepers are the position that filed it, the one that coordinates it, and those that plan along; contributors
    answer for an organisation that takes part; others are informed; the mission says who endorses plans of the kind.
    """
    positions = Position.objects.filter(mission_id=plan.mission_id, is_active=True).order_by("title", "pk")
    taking_part = Contributor.objects.filter(plan_id=plan.pk)
    if role == KEEPER:
        along = taking_part.filter(standing=Standing.PLANNER)
        return positions.filter(
            Q(pk=plan.author_position_id)
            | Q(pk=plan.coordinator_id or 0)
            | Q(pk__in=along.values("position_id"))
        )
    if role == CONTRIBUTOR:
        return positions.filter(pk__in=taking_part.exclude(standing=Standing.INFORMED).values("position_id"))
    if role == INFORMED:
        return positions.filter(pk__in=taking_part.filter(standing=Standing.INFORMED).values("position_id"))
    if role == ENDORSER:
        return endorsers(plan)
    if role in CHECKERS and plan.kind in PROJECTS:
        return positions.filter(roles__role=role).distinct()
    return positions.none()


def endorsers(plan: JointPlan) -> QuerySet[Position]:
    """The position that endorses plans of the kind; where the mission names none, every decision authority."""
    positions = Position.objects.filter(mission_id=plan.mission_id, is_active=True).order_by("title", "pk")
    rule = rule_of(plan)
    if rule is not None and rule.endorsed_by_id is not None:
        return positions.filter(pk=rule.endorsed_by_id)
    return positions.filter(roles__role=ENDORSER).distinct()


def rule_of(plan: JointPlan) -> PlanRule | None:
    """The mission's rule on plans of this kind; None where it has none."""
    return PlanRule.objects.filter(mission_id=plan.mission_id, kind=plan.kind).first()


def contact_of(plan: JointPlan) -> int:
    """The position with which others coordinate: whoever coordinates the plan, else whoever filed it."""
    return plan.coordinator_id or plan.author_position_id
