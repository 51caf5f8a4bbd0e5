"""Services on decisions: recording one, of a meeting or by itself; what it replaces."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.mission.vocabulary import Scope
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import Incomplete
from apps.records.models import Record, RecordLink
from apps.records.services import link_add, record_file
from apps.records.transitions import transition
from apps.working_groups import rules
from apps.working_groups.calling import leading_position
from apps.working_groups.convening import convene
from apps.working_groups.models import AgendaItem, Body, Decision, Meeting, Outcome
from apps.working_groups.positions import group_of, led_by
from apps.working_groups.vocabulary import Admits, Session

#: States of a meeting in which something comes of it.
CAPTURED_IN = ("planned", "session", "minutes", "circulated")
_WIDTH = [choice.value for choice in Scope]
BELOW = gettext_lazy("What comes of a meeting is labelled no lower than it. It can be released afterwards.")
WIDER = gettext_lazy("What comes of a meeting is read no more widely than it. It can be shared afterwards.")


def may_record(actor: Actor, decision: Decision) -> None:
    """Incomplete, by field, unless all is answered."""
    if missing := rules.decision_missing(decision):
        raise Incomplete({name: [str(text) for text in texts] for name, texts in missing.items()})


def floor_of(meeting: Meeting, item: AgendaItem | None) -> dict[str, Any]:
    """The least label of what comes of a meeting (invariant I10): the meeting's, or a closed item's if higher."""
    closed = item is not None and item.session == Session.CLOSED
    least = (
        max(meeting.classification, item.classification)
        if item is not None and closed
        else meeting.classification
    )
    return {
        "classification": least, "sensitivity": meeting.sensitivity, "compartments": list(meeting.compartments),
        "data_types": list(meeting.data_types), "scope": Scope.PRIVATE if closed else meeting.scope,
    }  # fmt: skip


def is_wider(scope: str, than: str) -> bool:
    """Whether a scope lets more people read than another."""
    return _WIDTH.index(scope) > _WIDTH.index(than)


def floor_keep(floor: dict[str, Any], label: dict[str, Any]) -> dict[str, Any]:
    """The label asked for, where it is no lower and no wider than the floor. ValidationError by field."""
    found = floor | {name: value for name, value in label.items() if value is not None}
    errors: dict[str, str] = {}
    for name in ("classification", "sensitivity"):
        if int(found[name]) < floor[name]:
            errors[name] = str(BELOW)
    for name in ("compartments", "data_types"):
        if not set(floor[name]) <= set(found[name]):
            errors[name] = _("What comes of a meeting keeps what its label names.")
    if is_wider(found["scope"], floor["scope"]):
        errors["scope"] = str(WIDER)
    if errors:
        raise ValidationError(errors)
    return found


def part_of(item: AgendaItem | None) -> str:
    """To whom what comes of an item is open: all of the group; of a closed item its members, or those it admits."""
    if item is None or item.session == Session.OPEN:
        return "all"
    return "members" if item.admits == Admits.MEMBERS else "item"


def decision_record(
    actor: Actor, *, meeting: Meeting, item: AgendaItem | None, title: str, text: str,
    effective_from: date | None = None, review_on: date | None = None, replaces: Decision | None = None,
    made_by: str = "", **label: Any,
) -> Decision:  # fmt: skip
    """Record what a meeting decided, in the register and with the item it came of.

    Its label is the meeting's, or that of the closed item, unless a narrower one is asked for. NotPermitted for
    whoever does not keep the meeting; ValidationError by field.
    """
    group = group_of(meeting.body_id)
    decision = Decision(
        title=title, text=text, effective_from=effective_from or clock.now().date(), review_on=review_on,
        made_by=made_by or (group.title if group else meeting.title), body_id=meeting.body_id if group else None,
        sector_id=meeting.sector_id, area_id=meeting.area_id, **floor_keep(floor_of(meeting, item), label),
    )  # fmt: skip
    record_file(actor, record=decision, position=leading_position(actor, group) if group else None)
    came_of(actor, meeting=meeting, item=item, record=decision)
    convene(actor, record=decision, part=part_of(item))
    transition(actor, record=decision, name="record", data={"replaces": replaces} if replaces else {})
    return decision


def came_of(actor: Actor, *, meeting: Meeting, item: AgendaItem | None, record: Record) -> Outcome:
    """Say that a record came of a meeting; NotPermitted is the database's for whoever does not keep the meeting."""
    assert actor.user is not None
    return Outcome.objects.create(meeting=meeting, item=item, record_id=record.pk, author=actor.user)


def records(actor: Actor, decision: Decision, data: dict[str, Any]) -> None:
    """It is in force; what it replaces is so no more."""
    if (older := data.get("replaces")) is not None:
        link_add(actor, source=decision, target=older, relation=RecordLink.Relation.REPLACES)
        transition(actor, record=older, name="supersede", data={"by": decision})


def supersedes(actor: Actor, decision: Decision, data: dict[str, Any]) -> None:
    """Another decision replaces it."""
    newer = data.get("by")
    if newer is None or newer.pk == decision.pk:
        raise ValidationError({"by": _("Choose the decision that replaces it.")})
    link_add(actor, source=newer, target=decision, relation=RecordLink.Relation.REPLACES)


def replaceable(actor: Actor) -> Any:
    """Decisions in force that the actor keeps, or whose group they lead."""
    bodies = Body.objects.filter(record__in=led_by(actor)).values("group_id")
    mine = Q(author_position_id__in=actor.position_ids) | Q(body_id__in=bodies)
    return Decision.objects.filter(mine, state="in_force").order_by("-effective_from", "-pk")
