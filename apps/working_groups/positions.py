"""Who exercises which role on a group, a meeting or a decision. Selectors only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.working_groups.models import Attendance, Body, Decision, Meeting, WorkingGroup

if TYPE_CHECKING:
    from collections.abc import Iterable


def files_as(actor: Actor) -> list[Position]:
    """The actor's positions that set up groups, call meetings and record decisions."""
    setting_up = set(actor.mission.group_roles)
    return [p for p in actor.positions if {held.role for held in p.roles.all()} & setting_up]


def led_by(actor: Actor) -> QuerySet[WorkingGroup]:
    """Groups that one of the actor's positions leads: as chair, co-chair or secretariat."""
    mine = actor.position_ids
    leads = Q(chair_id__in=mine) | Q(co_chair_id__in=mine) | Q(secretariat_id__in=mine)
    return WorkingGroup.objects.filter(leads, mission=actor.mission).exclude(state="closed").order_by("title")


def leaders(group: WorkingGroup) -> Iterable[int]:
    """Positions that lead the group."""
    return [p for p in (group.chair_id, group.co_chair_id, group.secretariat_id) if p is not None]


def leads(actor: Actor, group: WorkingGroup) -> bool:
    """Whether one of the actor's positions leads the group."""
    return bool(set(leaders(group)) & set(actor.position_ids))


def group_of(body_id: int | None) -> WorkingGroup | None:
    """The group that a principal stands for; None where there is none, or the actor may not read it."""
    if body_id is None:
        return None
    found = Body.objects.filter(group_id=body_id).select_related("record").first()
    return found.record if found else None


def role_positions(record: Any, role: Role) -> QuerySet[Position]:
    """Positions in use that exercise `role`.

    Requester stands for whoever keeps the record: the position that filed it, and whoever leads the group, or chairs
    the meeting and keeps its minutes. Unit stands for whoever is expected at a meeting.
    """
    positions = Position.objects.filter(mission_id=record.mission_id, is_active=True).order_by("title", "pk")
    if role == Role.REQUESTER:
        return positions.filter(pk__in=keepers(record))
    if role == Role.UNIT and isinstance(record, Meeting):
        expected = Attendance.objects.filter(meeting_id=record.pk)
        return positions.filter(
            Q(pk__in=expected.values("position_id"))
            | Q(organisation_id__in=expected.values("organisation_id"))
        )
    return positions.none()


def keepers(record: Any) -> list[int]:
    """Ids of the positions that keep a group, a meeting or a decision."""
    found = [record.author_position_id]
    if isinstance(record, WorkingGroup):
        found += leaders(record)
    elif isinstance(record, Meeting):
        found += [p for p in (record.chair_id, record.secretary_id) if p is not None]
    elif isinstance(record, Decision) and (group := group_of(record.body_id)) is not None:
        found += leaders(group)
    return found
