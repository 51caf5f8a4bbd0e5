"""What the pages of a plan show beside the record: its parts, who concurs with which version, what changed."""

from __future__ import annotations

from typing import Any

from apps.joint_plans.models import JointPlan
from apps.pages.names import Names
from apps.records.actors import Actor
from apps.records.workflow import Transition


def page(actor: Actor, plan: JointPlan, contents: Any, names: Names) -> dict[str, Any]:
    """What `joint_plans/detail.html` draws beyond the record."""
    return {}


def step(actor: Actor, plan: JointPlan, transition: Transition) -> dict[str, Any]:
    """What `joint_plans/transition.html` draws above the form."""
    return {}
