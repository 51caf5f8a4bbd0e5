"""Filing action points: a draft of what somebody typed, or one that is open at once for rooms above this one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction as database

from apps.action_points import labels
from apps.action_points.models import ActionPoint
from apps.mission.models import Area, Position, Sector
from apps.mission.vocabulary import Priority
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.services import link_add, record_file
from apps.records.transitions import transition

#: Types from which no action point arises: what is told to many, and action points themselves.
NO_SOURCE = frozenset({"announcement", "release", "action_point"})


def action_point_draft(
    actor: Actor, *, record: ActionPoint, source: Record | None = None, position: Position | None = None
) -> ActionPoint:
    """File a draft, linked to the record that it arises from, whose label it has at least.

    Raises NotPermitted; ValidationError by field, at the parts of the label that protect less than the source's.
    """
    with database.atomic():
        filed: ActionPoint = record_file(actor, record=record, position=position)
        if source is not None:
            if source.type in NO_SOURCE:
                raise NotPermitted
            if wrong := labels.below(filed, source, filed.originator_id):
                raise ValidationError(wrong)
            link_add(actor, source=filed, target=source, relation=RecordLink.Relation.AROSE_FROM)
    return filed


def action_point_file(
    actor: Actor, *, title: str, owner: Position, due: datetime, source: Record | None = None,
    body: Group | None = None, priority: int | None = None, details: str = "", verifier: Position | None = None,
    area: Area | None = None, sector: Sector | None = None, position: Position | None = None, **label: Any,
) -> ActionPoint:  # fmt: skip
    """File an action point and open it, in one go; P3 where no priority is given.

    What `label` leaves out is the mission's default for the type, but no less than the source's. `body` is the
    principal of a working group of the actor's. Raises NotPermitted; Incomplete or ValidationError by field.
    """
    if body is not None and body.pk not in actor.principals:
        raise NotPermitted
    filing = position or (actor.positions[0] if actor.positions else None)
    if filing is None:
        raise NotPermitted
    begun = labels.begun_with(actor, "action_point", source, filing.organisation_id)
    point = ActionPoint(
        title=title, owner=owner, needed_by=due, body=body, priority=priority or Priority.P3, details=details,
        verifier=verifier, area=area, sector=sector, **begun | label,
    )  # fmt: skip
    with database.atomic():
        filed = action_point_draft(actor, record=point, source=source, position=filing)
        transition(actor, record=filed, name="open")
    return filed
