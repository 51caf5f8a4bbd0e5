"""The sections of a plan that is a project: what page, form, print, PDF and API show of it; what its files say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.joint_plans.models.projects import (
    CriterionAnswer,
    DuplicationCheck,
    Funding,
    Instalment,
    MonitoringVisit,
    Project,
)
from apps.joint_plans.projects import rules
from apps.joint_plans.projects.rules import is_project
from apps.joint_plans.projects.vocabulary import Caution, DualUse
from apps.joint_plans.vocabulary import PROJECTS
from apps.records.registry import Child, Section
from apps.records.workflow import Text

PROJECT_SECTIONS = (
    Section(
        "project", _("The project"),
        children=(
            Child(
                "project", _("What is built or repaired"), Project,
                ("dual_use", "works_type", "place", "beneficiaries", "do_no_harm", "sustainability"), "plan",
                max_rows=1, empty_text=_("Not said yet."), check=rules.project_check,
            ),
            Child("objects", _("The object"), Project, ("dual_use", "place", "caution"), "plan", editable=False),
        ),
        when=is_project,
        help=_("Every reader of the plan reads it. Name the object in civilian words."),
    ),
    Section(
        "money", _("What it costs"),
        children=(
            Child(
                "funding", _("Amount and partner"), Funding, ("amount_asked", "partner", "partner_name", "opens_to"),
                "plan", max_rows=1, empty_text=_("Not said yet."), check=rules.funding_check,
            ),
            Child("approved", _("Approved"), Funding, ("amount_approved", "currency"), "plan", editable=False),
            Child(
                "instalments", _("Instalments"), Instalment, ("number", "amount", "condition", "due_on"), "plan",
                max_rows=12, empty_text=_("None yet."), check=rules.instalment_check,
            ),
            Child(
                "payments", _("Payments"), Instalment, ("number", "amount", "paid_on", "reference", "unpaid_because"),
                "plan", editable=False,
            ),
        ),
        when=is_project,
    ),
    Section(
        "criteria", _("Criteria"),
        children=(
            Child(
                "criteria", _("Criteria"), CriterionAnswer, ("asked", "met", "why"), "plan", editable=False,
                max_rows=60,
            ),
        ),
        when=is_project, step=False,
    ),
    Section(
        "duplication", _("Duplication checks"),
        children=(
            Child(
                "duplication_checks", _("Duplication checks"), DuplicationCheck,
                ("number", "side", "result", "looked_at", "position", "at"), "plan", editable=False,
            ),
        ),
        when=is_project, step=False,
    ),
    Section(
        "monitoring", _("Monitoring"),
        children=(
            Child(
                "visits", _("Monitoring visits"), MonitoringVisit,
                ("on", "percent", "finding", "has_problem", "position"), "plan", editable=False,
            ),
            Child("final_report", _("Final report"), Project, ("final_report",), "plan", editable=False),
        ),
        when=is_project, step=False,
    ),
)  # fmt: skip


def protected(records: Iterable[Any]) -> dict[int, Text]:
    """Record id -> civilian kind and note, for plans whose object is protected; one query, none without projects."""
    wanted = [record.pk for record in records if record.kind in PROJECTS]
    if not wanted:
        return {}
    rows = Project.objects.filter(plan_id__in=wanted, is_protected_object=True)
    return {
        plan: f"{DualUse(kind).label} – {Caution.PROTECTED.label}"
        for plan, kind in rows.values_list("plan_id", "dual_use")
    }
