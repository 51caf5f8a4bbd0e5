"""The set-up page of the rules on kinds of plans."""

from __future__ import annotations

from django.contrib import admin

from apps.joint_plans.models import PlanRule
from apps.mission.setup.base import StructureAdmin


class PlanRuleAdmin(StructureAdmin):
    """One for each kind of plan."""

    fields = ("mission", "kind", "endorsed_by", "review_days")
    list_display = ("__str__", "endorsed_by", "review_days", "mission")
    removable = True


def register(site: admin.AdminSite) -> None:
    """Put the page on the site."""
    site.register(PlanRule, PlanRuleAdmin)
