"""What a record waits for, and when people are reminded of it: computed from the record and the mission's rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from apps.mission.models import Position
from apps.notifications import herald
from apps.notifications.herald import Clock
from apps.notifications.models import ClockRule
from apps.records.originators import voices
from apps.records.workflow import Outcome

POSITIONS_MOST = 200

#: Where a mission sets nothing (field guide: each state has a clock, a substitute, an escalation) [D].
SHIPPED: dict[int | None, ClockRule] = {
    1: ClockRule(priority=1, remind_percent=25, escalate_hours=2, levels=3),
    2: ClockRule(priority=2, remind_percent=25, escalate_hours=12, levels=3),
    None: ClockRule(priority=None, remind_percent=25, escalate_hours=48, levels=3),
}

#: What a step, and what the originator's business, tells of.
OF_STEPS, BESIDE = ("state", "pending"), ("access", "review")


def rule_for(mission_id: int, priority: int | None) -> ClockRule:
    """The mission's rule for a priority, else its rule for all, else the portal's own."""
    found = {rule.priority: rule for rule in ClockRule.objects.filter(mission_id=mission_id)}
    own = found.get(priority) or found.get(None)
    return own or SHIPPED.get(priority) or SHIPPED[None]


def moments(rule: ClockRule, since: datetime, due: datetime) -> list[datetime]:
    """When the reminder goes out, then the due moment, then one moment for each level of the chain of command.

    What was overdue when somebody was given it goes up the chain from then on, not from when it was due.
    """
    left = (due - since) * rule.remind_percent / 100
    step = timedelta(hours=rule.escalate_hours)
    return [
        max(since, due - left),
        due,
        *(max(since, due) + step * level for level in range(1, rule.levels + 1)),
    ]


def clocks_of(record: Any) -> list[Clock]:
    """Everything that waits on a record now, with the positions it waits for.

    Drafts, and what is at its end, wait for nobody by their state; what is open beside the workflow still does.
    """
    declared = record.record_type
    rule = rule_for(record.mission_id, record.priority)
    found: list[Clock] = []

    def add(key: str, positions: QuerySet[Position], since: datetime | None, due: datetime | None) -> None:
        ids = list(positions.order_by("pk").values_list("pk", flat=True)[:POSITIONS_MOST])
        when = moments(rule, since or record.state_since, due) if due else []
        found.append(Clock(key, since, due, when, ids))

    if record.state != declared.workflow.initial:
        if declared.workflow.state(record.state).outcome is Outcome.OPEN:
            for role in declared.awaited(record):
                add(
                    f"state:{role.value}",
                    declared.role_positions(record, role),
                    record.state_since,
                    record.due_at,
                )
        for number, more in enumerate(declared.pending(record)):
            add(
                f"pending:{more.role.value}:{number}",
                declared.role_positions(record, more.role),
                None,
                more.due,
            )
    for key, since, due in herald.beside():
        add(key, answering(record, key.partition(":")[0]), since, due)
    return found


def answering(record: Any, kind: str) -> QuerySet[Position]:
    """Who answers for a record beside its workflow.

    On requests for access those decide who speak for the originator; an emergency access is reviewed by them, or by
    the originator's own position that filed it.
    """
    deciding = voices(record)
    if kind == "review":
        filed = Q(pk=record.author_position_id, organisation_id=record.originator_id)
        return Position.objects.filter(Q(pk__in=deciding.values("pk")) | filed)
    return deciding
