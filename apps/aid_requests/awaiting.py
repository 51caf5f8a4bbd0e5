"""Conditions under which aid requests wait for a position, for desks. The row rule does the hiding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from apps.aid_requests import rules
from apps.aid_requests.models import Decision, Extension, SecurityOpinion, Tasking
from apps.mission.vocabulary import RequestKind, Role
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Addressee, Record, Step

_MISSION_SUPPORT = Q(state="submitted", kind=RequestKind.MISSION_SUPPORT)


def awaiting(actor: Actor, role: Role, states: Sequence[str]) -> Q:
    """Records in `states`, or with something else open, that wait for the actor's positions of `role`."""
    mine = [position.pk for position in actor.positions_with(role)]
    if role == Role.REQUESTER:
        ours = [position.organisation_id for position in actor.positions_with(role)]
        filed = Q(author_position_id__in=actor.position_ids)
        return Q(state__in=states) & (filed | Q(originator_id__in=ours))
    if role == Role.UNIT:
        newer = Tasking.objects.filter(request_id=OuterRef("request_id"), pk__gt=OuterRef("pk"))
        latest = Tasking.objects.filter(~Exists(newer), unit_id__in=mine)
        return Q(state__in=states, pk__in=latest.values("request_id"))
    drawn_in = Q(pk__in=Addressee.objects.filter(position_id__in=mine).values("record_id"))
    return drawn_in & _open(role, states)


def _open(role: Role, states: Sequence[str]) -> Q:
    by_state = Q(state__in=states)
    if role == Role.CLUSTER:
        taken = Step.objects.filter(record_id=OuterRef("pk"))
        emergency = Q(Exists(taken.filter(name=rules.EMERGENCY)))
        return by_state & ~_MISSION_SUPPORT | emergency & ~Q(
            Exists(taken.filter(name__in=rules.SETTLES_EMERGENCY))
        )
    if role in (Role.CIMIC, Role.JOC):
        return by_state | _MISSION_SUPPORT
    if role == Role.SECURITY:
        opinion = SecurityOpinion.objects.filter(request_id=OuterRef("pk"))
        return Q(state="under_assessment") & ~Q(Exists(opinion))
    if role == Role.CMCOORD:
        offer = Decision.objects.filter(request_id=OuterRef("pk"), changes_conditions=True)
        concurred = Step.objects.filter(
            record_id=OuterRef("pk"), name="concur", at__gte=OuterRef("state_since")
        )
        return by_state | Q(state="counter_offered") & Q(Exists(offer)) & ~Q(Exists(concurred))
    if role == Role.DECIDER:
        decided = Decision.objects.filter(request_id=OuterRef("request_id"), at__gt=OuterRef("at"))
        wished = Extension.objects.filter(~Exists(decided), request_id=OuterRef("pk"))
        return by_state | Q(state__in=("approved", "tasked")) & Q(Exists(wished))
    return by_state


def due_for(records: Sequence[Record], role: Role) -> dict[int, datetime | None]:
    """Until when; a late validation has a clock of its own, counted from the emergency's endorsement."""
    due = {record.pk: record.due_at for record in records}
    late = [record for record in records if record.state != "submitted"] if role == Role.CLUSTER else []
    if late:
        hours = late[0].mission.emergency_validation_hours
        for record_id, at in Step.objects.filter(record__in=late, name=rules.EMERGENCY).values_list(
            "record_id", "at"
        ):
            due[record_id] = at + clock.hours(hours)
    return due
