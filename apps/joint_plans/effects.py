"""What steps of a plan need and do: versions, answers, endorsement, reviews. `workflow.py` says which does what."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.joint_plans import rules
from apps.joint_plans.models import Concurrence, Contributor, JointPlan, PlanVersion
from apps.joint_plans.projects import rules as project_rules
from apps.joint_plans.projects import services as project_services
from apps.joint_plans.services import appointed, review_day_set
from apps.joint_plans.vocabulary import Answer, Standing
from apps.lessons.selectors import lessons_of
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import Incomplete, NotPermitted, StaleRecord


def _incomplete(found: dict[str, list[Any]]) -> None:
    if found:
        raise Incomplete({name: [str(text) for text in texts] for name, texts in found.items()})


# ---------------------------------------------------------------- agreeing
def may_circulate(actor: Actor, plan: JointPlan) -> None:
    """Incomplete, by field, unless all is answered."""
    _incomplete(rules.missing(plan) | project_rules.missing(plan))


def is_pending(actor: Actor, plan: JointPlan) -> bool:
    """Whether something has changed since the version that circulates."""
    return rules.pending(plan)


def has_changes(actor: Actor, plan: JointPlan) -> None:
    """Incomplete where nothing has changed, or something is missing."""
    may_circulate(actor, plan)
    if not rules.pending(plan):
        raise Incomplete({"note": [_("Nothing has changed since the last version.")]})


def circulates(actor: Actor, plan: JointPlan, data: dict[str, Any]) -> None:
    """Make a version; the database numbers and fills it, and asks whoever reads something that changed."""
    assert actor.user is not None
    position = next(iter(actor.positions), None)
    PlanVersion.objects.create(
        plan=plan, note=data.get("changes", "").strip(), author=actor.user, position=position
    )
    appointed(plan)


def own_rows(actor: Actor, plan: JointPlan) -> list[Contributor]:
    """Rows in which a position of the actor answers for an organisation."""
    rows = Contributor.objects.filter(plan_id=plan.pk, position_id__in=actor.position_ids)
    return list(rows.exclude(standing=Standing.INFORMED).select_related("organisation").order_by("pk"))


def is_asked(actor: Actor, plan: JointPlan) -> bool:
    """Whether the actor answers for an organisation that takes part."""
    return plan.edition > 0 and bool(own_rows(actor, plan))


def is_checked_for(actor: Actor, plan: JointPlan) -> bool:
    """Whether the plan is a project that the actor may check for duplication."""
    return plan.edition > 0 and project_rules.is_project(plan)


def answers(actor: Actor, plan: JointPlan, data: dict[str, Any]) -> None:
    """Say for an organisation whether it concurs; StaleRecord where another version circulates meanwhile."""
    assert actor.user is not None
    now = JointPlan.objects.values_list("edition", flat=True).get(pk=plan.pk)
    if data.get("number") != now:
        raise StaleRecord(_("Another version circulates meanwhile. Look at what changed, then answer."))
    row = next((r for r in own_rows(actor, plan) if str(r.uuid) == str(data.get("contributor"))), None)
    if row is None:
        raise NotPermitted
    comment = data.get("comment", "").strip()
    if data["answer"] != Answer.CONCUR and not comment:
        raise ValidationError({"comment": [_("Say what you comment on, or why you do not concur.")]})
    Concurrence.objects.create(
        plan=plan, organisation=row.organisation, number=now, answer=data["answer"], comment=comment,
        position_id=row.position_id, author=actor.user,
    )  # fmt: skip


def may_put_forward(actor: Actor, plan: JointPlan) -> None:
    """Incomplete while something that nobody was asked about has changed."""
    if rules.pending(plan):
        raise Incomplete(
            {"note": [_("Something has changed since the last version. Circulate the changes first.")]}
        )
    project_rules.require(plan, "put_forward")


def puts_forward(actor: Actor, plan: JointPlan, data: dict[str, Any]) -> None:
    """Before all have answered, or with somebody who does not concur, it is put forward with a reason alone."""
    if (rules.awaited(plan) or rules.objecting(plan)) and not data.get("note", "").strip():
        raise Incomplete({"note": [_("Not everybody concurs. Say why it is put forward all the same.")]})
    review_day_set(plan, _ahead(data.get("review_on")))


def endorses(actor: Actor, plan: JointPlan, data: dict[str, Any]) -> None:
    """Over the head of somebody who does not concur it is endorsed with a reason alone."""
    if rules.objecting(plan) and not data.get("note", "").strip():
        raise Incomplete({"note": [_("Somebody does not concur. Say why you endorse it all the same.")]})
    project_services.endorsed(actor, plan, data)


def _ahead(day: date | None) -> date | None:
    if day is not None and day <= clock.now().date():
        raise ValidationError({"review_on": [_("Choose a day that lies ahead.")]})
    return day


# ---------------------------------------------------------------- reviews
def _settled(plan: JointPlan) -> None:
    if rules.tripped(plan):
        raise Incomplete(
            {"note": [_("Say of each assumption that does not hold any more what becomes of it.")]}
        )


def may_keep(actor: Actor, plan: JointPlan) -> None:
    """Incomplete while an assumption is open, or the plan was changed: changes are circulated."""
    _settled(plan)
    if rules.pending(plan):
        raise Incomplete({"note": [_("The plan was changed. Circulate the revised plan.")]})
    project_rules.require(plan, "keep")


def keeps(actor: Actor, plan: JointPlan, data: dict[str, Any]) -> None:
    """Say when it is reviewed next."""
    review_day_set(plan, _ahead(data.get("review_on")))


def may_revise(actor: Actor, plan: JointPlan) -> None:
    """Incomplete while an assumption is open or nothing was changed."""
    _settled(plan)
    has_changes(actor, plan)


def may_archive(actor: Actor, plan: JointPlan) -> None:
    """Incomplete while a project has an unpaid instalment or no final report."""
    project_rules.require(plan, "archive")


def archives(actor: Actor, plan: JointPlan, data: dict[str, Any]) -> None:
    """Keep what was learnt. Incomplete unless a lesson was written down from the plan, or there is said to be none."""
    if not data.get("nothing_new") and not lessons_of(plan):
        message = _("Write down a lesson on the plan’s page first, or say that nothing new was learnt.")
        raise Incomplete({"nothing_new": [message]})
    plan.lessons = data.get("lessons", "").strip()
    plan.save()
