"""A plan that comes of another: a branch, for what happens if an assumption breaks; a sequel, for what comes after."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction as database
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.action_points.labels import begun_with, below
from apps.joint_plans import rules
from apps.joint_plans.models import Assumption, Contributor, Indicator, JointPlan, Part, Risk
from apps.joint_plans.vocabulary import Assumed, OpensTo, PartKind
from apps.mission.models import Position
from apps.pages.onward import Way, register_way
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.services import filing_position, link_add, record_file
from apps.records.workflow import Text

BRANCH, SEQUEL = RecordLink.Relation.BRANCH_OF, RecordLink.Relation.SEQUEL_TO
#: The word of the address -> what the new plan is to the old one.
RELATIONS = {"branch": BRANCH, "sequel": SEQUEL}
_WAYS: dict[str, Text] = {
    "branch": _("Plan a branch"),
    "sequel": _("Plan a sequel"),
}  # names of addresses, too
#: From which states one plans on; what is not agreed yet is changed, and not followed.
BRANCHED = frozenset({"consultation", "for_endorsement", "endorsed", "active", "under_review", "suspended"})
FOLLOWED = BRANCHED | {"completed", "archived"}
#: What goes over, beside contributors: what activities, decisions and annexes will be is for the new plan to say.
CARRIED = (PartKind.OBJECTIVE, PartKind.ASSUMPTION, PartKind.RISK, PartKind.INDICATOR, PartKind.INSTRUCTION)


def may_follow(plan: Record, relation: str) -> bool:
    """Whether a plan of that relation can come of it in its present state."""
    return plan.state in (BRANCHED if relation == BRANCH else FOLLOWED)


def proposed_title(plan: Record, relation: str) -> str:
    """What the new plan is called unless somebody says otherwise."""
    said = _now("Branch: %(title)s") if relation == BRANCH else _now("Sequel: %(title)s")
    return (said % {"title": plan.title})[:200]


def plan_begun(actor: Actor, plan: JointPlan, relation: str, organisation_id: int) -> JointPlan:
    """The new plan as its form first shows it: what for, where, and at least the label of the old one.

    The dates of a sequel are empty.
    """
    dates = {"starts_on": plan.starts_on, "ends_on": plan.ends_on} if relation == BRANCH else {}
    return JointPlan(
        mission_id=plan.mission_id, type=plan.type, state="draft", title=proposed_title(plan, relation),
        kind=plan.kind, purpose=plan.purpose, end_state=plan.end_state, area_id=plan.area_id,
        sector_id=plan.sector_id, priority=plan.priority, **dates,
        **begun_with(actor, plan.type, plan, organisation_id),
    )  # fmt: skip


def plan_follow(
    actor: Actor,
    *,
    plan: JointPlan,
    relation: str,
    record: JointPlan | None = None,
    position: Position | None = None,
) -> JointPlan:
    """File a draft that takes over from a plan what the actor reads of it, and link the two.

    `record` is the new plan as somebody filled it in, else as it begins. It has at least the label of the old one, and
    each part opens to no more readers than before. Raises NotPermitted; ValidationError by field.
    """
    from apps.joint_plans.record import JointPlanType

    if relation not in RELATIONS.values() or not may_follow(plan, relation):
        raise NotPermitted
    if not JointPlanType.files_as(actor):
        raise NotPermitted
    position = position or filing_position(actor, JointPlanType)
    made = record or plan_begun(actor, plan, relation, position.organisation_id)
    with database.atomic():
        filed: JointPlan = record_file(actor, record=made, position=position)
        if wrong := below(filed, plan, filed.originator_id):
            raise ValidationError(wrong)
        link_add(actor, source=filed, target=plan, relation=relation)
        principals = _contributors_over(actor, plan, filed)
        _parts_over(plan, filed, principals, keeps_dates=relation == BRANCH)
    return filed


def _contributors_over(actor: Actor, plan: JointPlan, filed: JointPlan) -> set[int]:
    """Carry over who takes part, as far as they still can and the actor may know them; their principals."""
    principals: set[int] = set()
    for row in Contributor.objects.filter(plan_id=plan.pk).select_related("organisation").order_by("pk"):
        made = Contributor(
            plan=filed, organisation=row.organisation, position_id=row.position_id, standing=row.standing
        )
        try:
            rules.contributor_check(actor, filed, made)
        except ValidationError:
            continue
        made.save()
        principals.add(row.organisation.group_id)
    return principals


def _parts_over(plan: JointPlan, filed: JointPlan, principals: set[int], *, keeps_dates: bool) -> None:
    """Carry over parts as they are; the row policies leave out those that the actor does not read."""
    rows = Part.objects.filter(plan_id=plan.pk, is_removed=False, kind__in=CARRIED)
    rows = rows.select_related("assumption", "risk", "indicator").order_by("order", "pk")
    new: dict[int, Part] = {}
    for part in sorted(rows, key=lambda row: row.kind != PartKind.OBJECTIVE):
        common: dict[str, Any] = {
            "plan": filed, "kind": part.kind, "order": part.order, "title": part.title, "details": part.details,
            "opens_to": part.opens_to, "classification": part.classification,
            "readers": [each for each in part.readers if each in principals] if part.opens_to == OpensTo.NAMED else [],
        }  # fmt: skip
        made = _row_of(part, filed, common, new, keeps_dates)
        if made is not None:
            made.save()
            new[part.pk] = made


def _row_of(
    part: Any, filed: JointPlan, common: dict[str, Any], new: dict[int, Part], keeps_dates: bool
) -> Part | None:
    if part.kind == PartKind.ASSUMPTION:
        row = part.assumption
        if row.assumed != Assumed.HOLDS:
            return None
        # SECURITY: tied to a record only where whoever files the new plan reads that record.
        watched = Record.objects.filter(uuid=row.watched).first() if row.watched and keeps_dates else None
        tied = watched is not None and watched.state not in row.breaks_in
        return Assumption(
            of_plan=filed, then=row.then, holds_until=row.holds_until if keeps_dates else None,
            watched=row.watched if tied else None, watch=row.watch if tied else "",
            breaks_in=row.breaks_in if tied else [], **common,
        )  # fmt: skip
    if part.kind == PartKind.RISK:
        row = part.risk
        return Risk(
            of_plan=filed, likelihood=row.likelihood, impact=row.impact, mitigation=row.mitigation,
            owner_id=row.owner_id, **common,
        )  # fmt: skip
    if part.kind == PartKind.INDICATOR:
        row = part.indicator
        return Indicator(
            of_plan=filed, objective=new.get(row.objective_id), unit=row.unit, baseline=row.baseline,
            target=row.target, source=row.source, **common,
        )  # fmt: skip
    return Part(**common)


def _way(word: str) -> None:
    def find(actor: Actor, record: Any) -> Way | None:
        """From plans that are agreed or being agreed, for whoever may file one."""
        from apps.joint_plans.record import JointPlanType

        if record.type != JointPlanType.key or not may_follow(record, RELATIONS[word]):
            return None
        if not JointPlanType.files_as(actor):
            return None
        url = reverse(f"joint_plans:{word}", kwargs={"uuid": record.uuid})
        return Way(_WAYS[word], url, "copy")

    register_way(find)


for each in RELATIONS:
    _way(each)
