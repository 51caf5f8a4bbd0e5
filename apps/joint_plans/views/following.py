"""The page on which a plan begins that is a branch of another, or its sequel."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from apps.joint_plans.following import BRANCH, may_follow, plan_begun, plan_follow
from apps.joint_plans.models import JointPlan
from apps.joint_plans.views.plans import JointPlanNew
from apps.records.originators import FiledAs


class JointPlanFollow(JointPlanNew):
    """Starting a plan from another, for whoever reads that one and may file plans."""

    relation = BRANCH

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page."""
        self.uuid: UUID = kwargs.pop("uuid")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def plan(self) -> JointPlan:
        """The plan that it comes from; Http404 alike for one hidden, one that never was, and one not circulated."""
        found = JointPlan.objects.filter(uuid=self.uuid, mission=self.actor.mission).first()
        if found is None or not may_follow(found, self.relation):
            raise Http404
        return found

    def proposed(self) -> Any:
        """What the other plan is for, with no less than its label."""
        ways = self.ways()
        return plan_begun(self.actor, self.plan, self.relation, ways[0].originator.pk if ways else 0)

    def intro(self) -> str:
        """What it comes from, and what goes over."""
        said = (
            _("A branch of %(reference)s, “%(title)s”: what is done if something that it assumes breaks.")
            if self.relation == BRANCH
            else _("A sequel to %(reference)s, “%(title)s”: what comes after it.")
        ) % {"reference": self.plan.reference, "title": self.plan.title}
        over = _(
            "Contributors, objectives, assumptions, risks, indicators and coordinating instructions go over as far as "
            "you read them, each open to no more readers than there. It has at least the label of that plan."
        )
        return f"{said} {over}"

    def file(self, record: Any, filed_as: FiledAs) -> Any:
        """Store it with what goes over, linked to the plan that it comes from."""
        return plan_follow(
            self.actor, plan=self.plan, relation=self.relation, record=record, position=filed_as.position
        )
