"""The set-up page of the rules on kinds of plans."""

from __future__ import annotations

from django.contrib import admin

from apps.joint_plans.models import PlanRule, ProjectCriterion, ProjectRule
from apps.mission.setup.base import MissionFilter, StructureAdmin


class PlanRuleAdmin(StructureAdmin):
    """One for each kind of plan."""

    fields = ("mission", "kind", "endorsed_by", "review_days")
    list_display = ("__str__", "endorsed_by", "review_days", "mission")
    removable = True


class ProjectRuleAdmin(StructureAdmin):
    """One for each kind of project."""

    fields = ("mission", "kind", "cap", "currency", "months_most")
    list_display = ("__str__", "cap", "currency", "months_most", "mission")
    removable = True


class ProjectCriterionAdmin(StructureAdmin):
    """A criterion ends by its tick: answers refer to it."""

    fields = ("mission", "kind", "order", "code", "text", "is_active")
    list_display = ("text", "kind", "order", "is_active", "mission")
    list_filter = (MissionFilter, "kind", "is_active")


def register(site: admin.AdminSite) -> None:
    """Put the page on the site."""
    site.register(PlanRule, PlanRuleAdmin)
    site.register(ProjectRule, ProjectRuleAdmin)
    site.register(ProjectCriterion, ProjectCriterionAdmin)
