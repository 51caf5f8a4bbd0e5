"""What `joint_plans/_project.html` draws on a plan's page: the note on its object, and what there is to do next."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.joint_plans import rules as plan_rules
from apps.joint_plans.models import JointPlan
from apps.joint_plans.models.projects import Instalment, Project
from apps.joint_plans.projects import rules
from apps.records.actors import Actor
from apps.records.services import is_editor

#: States in which money is paid, visits are noted, the final report is written.
PAYS = ("endorsed", "active", "under_review", "completed")
REPORTS = ("active", "under_review", "completed")


def address(plan: JointPlan, name: str, **more: Any) -> str:
    """The address of a page of a project."""
    return reverse(f"joint_plans:{name}", kwargs={"uuid": plan.uuid, **more})


def project_page(actor: Actor, plan: JointPlan) -> dict[str, Any]:
    """The key `project` for the page of a plan; nothing for plans of other kinds."""
    if not rules.is_project(plan):
        return {}
    built = Project.objects.filter(plan_id=plan.pk).first()
    keeps = is_editor(actor, plan)
    made: dict[str, Any] = {
        "caution": built.get_caution_display() if built is not None and built.caution else "",
        "object": built.get_dual_use_display() if built is not None else "",
        "duplication_url": address(plan, "project-duplication"),
        "is_checked": plan.edition == 0 or rules.is_checked(plan),
        "duplicates": bool(rules.duplicates(plan)),
    }
    if keeps and plan.state in plan_rules.OPEN:
        made["criteria_url"] = address(plan, "project-criteria")
        made["unanswered"] = len(rules.unanswered(plan))
    if keeps and plan.state in PAYS:
        rows = Instalment.objects.filter(plan_id=plan.pk, paid_on=None, unpaid_because="").order_by("number")
        made["to_pay"] = [
            {"row": row, "url": address(plan, "project-instalment", item=row.uuid)} for row in rows
        ]
    if built is not None and keeps and plan.state in REPORTS:
        made["report_url"] = address(plan, "project-report")
    if plan.state in PAYS and (keeps or plan_rules.contributes(actor, plan)):
        made["visit_url"] = address(plan, "project-visit")
    return {"project": made}
