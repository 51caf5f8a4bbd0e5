"""Services that give out what a meeting agreed: an action point with its owner, and the item that it came of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.action_points.labels import begun_with
from apps.action_points.models import ActionPoint
from apps.action_points.services import action_point_file
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.models import Record
from apps.records.transitions import exercised_by
from apps.releases.labels import highest, label_of
from apps.working_groups.calling import leading_position
from apps.working_groups.convening import convene
from apps.working_groups.deciding import came_of, floor_keep, floor_of, part_of
from apps.working_groups.models import AgendaItem, Meeting, WorkingGroup
from apps.working_groups.positions import group_of


def assigns_as(actor: Actor, meeting: Meeting, group: WorkingGroup | None) -> Position:
    """In which position: one that leads the group or, without a group, one that keeps the meeting. NotPermitted."""
    if group is not None:
        return leading_position(actor, group)
    position = exercised_by(actor, meeting, Role.REQUESTER)
    if position is None:
        raise NotPermitted
    return position


def begins_with(
    actor: Actor, meeting: Meeting, item: AgendaItem | None, position: Position
) -> dict[str, Any]:
    """Its label where none is asked for: the mission's default for action points, but no less than the floor."""
    usual = begun_with(actor, "action_point", meeting, position.organisation_id)
    floor = floor_of(meeting, item)
    found = highest([label_of(Record(**usual)), label_of(Record(**floor))])
    assert found is not None
    return found.values()


def action_point_assign(
    actor: Actor, *, meeting: Meeting, item: AgendaItem | None, title: str, owner: Position, due: datetime,
    priority: int | None = None, details: str = "", verifier: Position | None = None, **label: Any,
) -> ActionPoint:  # fmt: skip
    """File an action point that a meeting agreed, open to the group as far as the item is.

    Its label is no lower and no wider than the meeting's, or that of the closed item. NotPermitted for whoever does
    not keep the meeting; Incomplete or ValidationError by field.
    """
    group = group_of(meeting.body_id)
    position = assigns_as(actor, meeting, group)
    asked = {name: value for name, value in label.items() if value is not None}
    kept = floor_keep(floor_of(meeting, item), begins_with(actor, meeting, item, position) | asked)
    with transaction.atomic():
        point = action_point_file(
            actor, title=title, owner=owner, due=due, source=meeting, body=meeting.body if group else None,
            priority=priority, details=details, verifier=verifier, area=meeting.area, sector=meeting.sector,
            position=position, **kept,
        )  # fmt: skip
        came_of(actor, meeting=meeting, item=item, record=point)
        convene(actor, record=point, part=part_of(item))
    return point
