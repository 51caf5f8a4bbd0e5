"""Which action points are mine, my organisation's, my group's, and late: conditions on Record under the row rule."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from apps.action_points.models import ActionPoint
from apps.action_points.positions import OWNER, VERIFIER
from apps.action_points.rules import OWED
from apps.mission.vocabulary import Role
from apps.records import clock
from apps.records.actors import Actor


def _with(**narrowed: Any) -> Q:
    return Q(pk__in=ActionPoint.objects.filter(**narrowed).values("record_ptr_id"))


def mine(actor: Actor) -> Q:
    """Those that one of my positions owns."""
    return _with(owner_id__in=actor.position_ids)


def my_organisations(actor: Actor) -> Q:
    """Those owned by positions of my organisations."""
    return _with(owner__organisation_id__in={position.organisation_id for position in actor.positions})


def my_groups(actor: Actor) -> Q:
    """Those of the working groups that I belong to."""
    return _with(body_id__in=[principal for principal in actor.principals if principal > 0])


def overdue(actor: Actor) -> Q:
    """Those that their owner owes and that are past their due moment."""
    return Q(state__in=OWED, needed_by__lt=clock.now())


def awaiting(actor: Actor, role: Role) -> Q | None:
    """Condition under which one waits for the actor's positions."""
    if role == OWNER:
        return Q(state__in=OWED) & mine(actor)
    if role == VERIFIER:
        filed = Q(author_position_id__in=actor.position_ids) & _with(verifier_id__isnull=True)
        return Q(state="done_claimed") & (_with(verifier_id__in=actor.position_ids) | filed)
    return None
