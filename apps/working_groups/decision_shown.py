"""What the page of a decision shows: its words, who made it, what it replaces, of which meeting it came. No HTTP."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group

from apps.pages import record_page, values
from apps.pages.contents import Contents
from apps.pages.names import Names
from apps.records.actors import Actor
from apps.records.models.attached import RecordLink
from apps.working_groups.minutes.proceedings import zone_of
from apps.working_groups.models import Decision, Outcome
from apps.working_groups.record import DecisionType, MeetingType
from apps.working_groups.selectors import today_of


def decision_page(actor: Actor, decision: Decision, contents: Contents, names: Names) -> dict[str, Any]:
    """The context of `working_groups/decision.html`; one query, whatever there is. Names must be loaded."""
    placed = [values.shown(decision, name, names, DecisionType) for name in ("area", "sector")]
    return {
        "decision": decision,
        "group": names.text(Group, decision.body_id),
        "overdue": is_overdue(actor, decision),
        "replaces": _replacing(contents, forward=True),
        "replaced_by": _replacing(contents, forward=False),
        "came_of": _came_of(actor, decision),
        "placed": [field for field in placed if field["value"]],
        "sections": [],
    }


def is_overdue(actor: Actor, decision: Decision) -> bool:
    """Whether it is in force and its review was due before today."""
    due = decision.review_on
    return decision.state == "in_force" and due is not None and due < today_of(actor)


def _replacing(contents: Contents, *, forward: bool) -> list[dict[str, Any]]:
    # SECURITY: links with an end that the reader may not know of are not among the contents at all.
    found = [
        link
        for link in contents.links
        if link.relation == RecordLink.Relation.REPLACES
        and link.forward is forward
        and link.type == DecisionType.key
    ]
    return record_page.links(Contents(links=found))


def _came_of(actor: Actor, decision: Decision) -> list[dict[str, Any]]:
    """Meetings it came out of, with the item: those rows whose meeting and item the reader reads both."""
    rows = list(Outcome.objects.filter(record_id=decision.pk).select_related("meeting", "item"))
    for row in rows:
        row.meeting.mission = (
            actor.mission
        )  # WHY: its zone is asked for; the row was found within this mission.
    return [
        {
            "title": row.meeting.title,
            "url": MeetingType.url(row.meeting),
            "at": row.meeting.needed_by,
            "zone": zone_of(row.meeting),
            "item": row.item.title if row.item else "",
        }
        for row in rows
    ]
