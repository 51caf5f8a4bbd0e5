"""What a plan must say before it circulates, before it is put forward, before a review ends. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.joint_plans.models import Contributor, Part
from apps.joint_plans.vocabulary import Answer, Assumed, PartKind, Standing
from apps.mission.models import Position
from apps.need_to_know.clearance import position_clears
from apps.need_to_know.known import unknown
from apps.records.actors import Actor
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.joint_plans.models import JointPlan

#: States in which the plan and its parts may be changed; the database holds to the same.
OPEN = ("draft", "consultation", "under_review")
#: States in which activities are reported on, indicators read, decision points decided.
RUNS = ("endorsed", "active", "under_review", "completed")


def missing(plan: JointPlan) -> dict[str, list[Text]]:
    """Field -> what must be answered before the plan circulates."""
    found: dict[str, list[Text]] = {}
    if not plan.title.strip():
        found["title"] = [_("Give the plan a title.")]
    if not plan.kind:
        found["kind"] = [_("Say what kind of plan it is.")]
    if not plan.purpose.strip():
        found["purpose"] = [_("Say what the plan is for.")]
    if plan.starts_on is None:
        found["starts_on"] = [_("Say from when.")]
    if plan.ends_on is None:
        found["ends_on"] = [_("Say until when.")]
    if not Contributor.objects.filter(plan_id=plan.pk).exclude(standing=Standing.INFORMED).exists():
        found["contributors"] = [_("Name at least one organisation that contributes.")]
    kinds = set(
        Part.objects.filter(plan_id=plan.pk, is_removed=False)
        .order_by()
        .values_list("kind", flat=True)
        .distinct()
    )
    if PartKind.OBJECTIVE not in kinds:
        found["objectives"] = [_("Say at least one objective.")]
    if PartKind.ACTIVITY not in kinds:
        found["activities"] = [_("Plan at least one activity.")]
    return found


def contributor_check(actor: Actor, plan: JointPlan, row: Contributor) -> None:
    """ValidationError by field for an organisation or position that cannot take part, or is not the actor's to know."""
    known = Position.objects.filter(pk=row.position_id, mission=actor.mission, is_active=True)
    position = known.exclude(unknown(actor, "organisation")).first()
    if position is None:
        raise ValidationError({"position": [_now("Choose a position of this mission.")]})
    if position.organisation_id != row.organisation_id:
        raise ValidationError({"position": [_now("This position belongs to another organisation.")]})
    if position.roles.exists() and not position.roles.exclude(role__in=("ADM", "AUD")).exists():
        raise ValidationError({"position": [_now("This position reads no content. Choose another.")]})
    if not position_clears(position.pk, plan):
        raise ValidationError({"position": [_now("This position may not read the plan’s label.")]})


def contributes(actor: Actor, plan: JointPlan) -> bool:
    """Whether an organisation of the actor's contributes, and is not informed alone; the database holds to the same."""
    ours = {position.organisation_id for position in actor.positions}
    taking = Contributor.objects.filter(plan_id=plan.pk, organisation_id__in=ours)
    return taking.exclude(standing=Standing.INFORMED).exists()


def pending(plan: JointPlan) -> bool:
    """Whether anything is otherwise than in the version that circulates; False for whoever may not change it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT joint_plans_pending(%s)", [plan.pk])
        return bool(cursor.fetchone()[0])


def awaited(plan: JointPlan) -> list[Contributor]:
    """Contributors who have not answered what they were last asked."""
    rows = Contributor.objects.filter(plan_id=plan.pk).exclude(standing=Standing.INFORMED)
    return [row for row in rows.order_by("pk") if row.is_awaited]


def objecting(plan: JointPlan) -> list[Contributor]:
    """Contributors who do not concur with what they were last asked."""
    rows = Contributor.objects.filter(plan_id=plan.pk, answer=Answer.NON_CONCUR)
    return [row for row in rows.order_by("pk") if not row.is_awaited and row.standing != Standing.INFORMED]


def tripped(plan: JointPlan) -> list[Part]:
    """Assumptions that do not hold any more and of which nobody has said what becomes of them."""
    return list(
        Part.objects.filter(plan_id=plan.pk, is_removed=False, assumption__assumed=Assumed.TRIPPED).order_by(
            "order", "pk"
        )
    )
