"""Resources, and what is asked and promised of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.joint_plans.models import Activity, JointPlan, Promise, Resource
from apps.joint_plans.resources import promise_ask, promise_settle, resource_save
from tests.factories.canary import canary
from tests.factories.staff import Staff


def resource_make(staff: Staff, by: str = "unit", **changes: Any) -> Resource:
    """What the organisation of a post gives; that post promises it."""
    said: dict[str, Any] = {"capability": canary("lift"), "kind": "lift", "keeper": staff.positions[by]}
    with staff.acting(by) as actor:
        return resource_save(actor, resource=Resource(**said | changes))


def moment(days: float) -> datetime:
    """So many days from now, at the full hour."""
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)


def ask(
    staff: Staff, plan: JointPlan, resource: Resource, by: str = "cim", since: float = 10, until: float = 12,
    **said: Any,
) -> Promise:  # fmt: skip
    """Ask for it, for the first activity of the plan."""
    with staff.acting(by) as actor:
        activity = Activity.objects.filter(of_plan=plan).order_by("pk")[0]
        return promise_ask(
            actor, plan=plan, part=activity, resource=resource, starts=moment(since), ends=moment(until),
            note=said.get("note", canary("note")),
        )  # fmt: skip


def settle(staff: Staff, promise: Promise, state: str, by: str = "unit", reason: str = "") -> Promise:
    """Say what becomes of it."""
    with staff.acting(by) as actor:
        return promise_settle(actor, promise=promise, state=state, reason=reason)
