"""transition(): the one place where states change. Checks, writes and publishes in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.mission.models import LeadTime, Position
from apps.mission.vocabulary import Role
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import DutyConflict, IllegalTransition, Incomplete, NotPermitted, StaleRecord
from apps.records.events import publish
from apps.records.models import Addressee, Record, Step
from apps.records.originators import own_people
from apps.records.withheld import withheld_filled
from apps.records.workflow import Outcome, State, Transition, lead_time

# What the database's triggers raise (0002_row_rule.sql), in the domain's words.
_REFUSALS: dict[str, type[Exception]] = {
    "CP001": StaleRecord, "CP002": IllegalTransition, "CP003": DutyConflict, "CP006": NotPermitted,
    "CP010": NotPermitted, "42501": NotPermitted,
}  # fmt: skip


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the database's refusals into the domain's errors; the savepoint keeps the transaction usable."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        known = _REFUSALS.get(getattr(error.__cause__, "pgcode", None) or "")
        if known is None:
            raise
        raise known() from error


def record_lock(record_id: int) -> tuple[str, int]:
    """Lock a readable record for this transaction and return its (state, version) as they are now.

    Raises ObjectDoesNotExist when the actor may not know of it. Needs no right to edit.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, version FROM records_lock(%s)", [record_id])
        row = cursor.fetchone()
    if row is None:
        raise ObjectDoesNotExist
    return row[0], row[1]


def due_moment(record: Record, state: State) -> datetime | None:
    """When the state is due: the moment the record names, else the mission's lead time, else the workflow's own."""
    if state.until is not None:
        return state.until(record)
    overrides = LeadTime.objects.filter(
        Q(priority=record.priority) | Q(priority__isnull=True),
        mission_id=record.mission_id, record_type=record.type, state=state.code,
    ).order_by("priority")  # fmt: skip
    hours = next((lead.hours for lead in overrides), None)
    if hours is not None:
        return clock.now() + clock.hours(hours)
    default = lead_time(state, record.priority)
    return None if default is None else clock.now() + default


def may_take(actor: Actor, record: Any, step: Transition) -> Position | None:
    """The position in which the actor may take the step; None when in none. The clock has no position."""
    if step.by_clock or actor.is_clock:
        return None
    for role in step.roles:
        mine = exercised_by(actor, record, role)
        if mine is not None:
            return mine
    return None


def exercised_by(actor: Actor, record: Any, role: Role) -> Position | None:
    """The actor's position that exercises `role` on the record; None when there is none."""
    mine: Position | None = (
        record.record_type.role_positions(record, role).filter(pk__in=actor.position_ids).first()
    )
    return mine


@dataclass(frozen=True)
class Offer:
    """A step open to the actor now, with the position in which it would be taken."""

    step: Transition
    position: Position


def open_to(actor: Actor, record: Any) -> list[Offer]:
    """The steps this actor may take now, in the order declared; not those that another duty of theirs excludes.

    One query for each role that the actor may hold here, however many steps there are.
    """
    exercised = duties_of(actor, record)
    filed_here = record.author_position_id in actor.position_ids
    positions: dict[Role, Position | None] = {}
    found = []
    for step in record.record_type.workflow.from_state(record.state):
        if step.by_clock or (step.duty and exercised - {step.duty.value}):
            continue
        for role in step.roles:
            if role not in positions:
                holds = filed_here or record.record_type.could_exercise(actor, role)
                positions[role] = exercised_by(actor, record, role) if holds else None
        position = next((positions[role] for role in step.roles if positions[role] is not None), None)
        open_now = step.offered is None or step.offered(actor, record)
        if position is not None and open_now and not took_it(actor, record, step.other_than):
            found.append(Offer(step, position))
    return found


def took_it(actor: Actor, record: Record, name: str) -> bool:
    """Whether it was this person who took the step of that name last; of no name, nobody did."""
    last = record.workflow_steps.filter(name=name).order_by("-at", "-id").first() if name else None
    return last is not None and last.actor_id == actor.user_id


def duties_of(actor: Actor, record: Record) -> set[str]:
    """Duties the actor has already exercised on the record; filing it counts as requester."""
    if actor.is_clock:
        return set()
    done = set(
        record.workflow_steps.filter(actor_id=actor.user_id).exclude(duty="").values_list("duty", flat=True)
    )
    return done | ({"requester"} if record.author_id == actor.user_id else set())


def transition(
    actor: Actor,
    *,
    record: Any,
    name: str,
    data: dict[str, Any] | None = None,
    note: str = "",
    expected_version: int | None = None,
) -> Step:
    """Take one step of the record's workflow; everything it causes is written in the same transaction.

    `data` is the cleaned data of the step's form. Raises StaleRecord when the record moved since the actor read it,
    IllegalTransition, NotPermitted, DutyConflict, or Incomplete (by field). Nothing is half-written on an error.
    """
    workflow = record.record_type.workflow
    try:
        step = workflow.transition(name)
    except KeyError:
        raise IllegalTransition from None
    with refusals():
        state, version = record_lock(record.pk)
        if state != record.state or expected_version not in (None, version):
            raise StaleRecord
        if state not in step.sources:
            raise IllegalTransition
        position = _authorised(actor, record, step)
        withheld_filled(record)
        note = note.strip()
        if step.note_required and not note:
            raise Incomplete({"note": [str(_("Say why."))]})
        if step.guard is not None:
            step.guard(actor, record)
        if step.effect is not None:
            step.effect(actor, record, data or {})
        target = workflow.state(step.target or state)
        done = step_take(actor, record=record, name=name, target=target, note=note, position=position)
        publish(record, f"{record.type}.{name}")
    return done


def _authorised(actor: Actor, record: Any, step: Transition) -> Position | None:
    """The acting position, or the fitting refusal."""
    if step.by_clock:
        if not actor.is_clock:
            raise NotPermitted
        return None
    position = may_take(actor, record, step)
    if position is None or (step.offered is not None and not step.offered(actor, record)):
        raise NotPermitted
    if step.duty and duties_of(actor, record) - {step.duty.value}:
        raise DutyConflict
    if took_it(actor, record, step.other_than):
        taken = record.record_type.workflow.transition(step.other_than).label
        raise DutyConflict(_("You chose “%(step)s” yourself. Another person does this.") % {"step": taken})
    return position


def step_take(
    actor: Actor, *, record: Any, name: str, target: State, note: str = "", position: Position | None = None
) -> Step:
    """Write the step row, whose trigger moves the state; draw in whoever the new state needs."""
    workflow = record.record_type.workflow
    source = "" if name == "file" else record.state
    automatic = workflow.next_automatic(record, target.code)
    stays = source == target.code
    done = Step.objects.create(
        record_id=record.pk,
        name=name,
        from_state=source,
        to_state=target.code,
        position=position,
        note=note,
        due_at=record.due_at if stays and target.until is None else due_moment(record, target),
        auto_at=automatic[0] if automatic else None,
        auto_step=automatic[1] if automatic else "",
        actor_id=actor.user_id,
    )
    for role, positions in drawn_in(record, source, target.code):
        addressees_add(record, positions, role)
    record.refresh_from_db()
    return done


def drawn_in(record: Any, source: str, target: str) -> list[tuple[Role, Any]]:
    """Whom a step from one state to another draws in, by role.

    Those whom the new state needs; and, when what was filed for another organisation leaves its draft, the people of
    that organisation: it is theirs to answer for.
    """
    declared = record.record_type
    needed = declared.workflow.draws_in.get(target, ())
    found = [(role, declared.role_positions(record, role)) for role in needed]
    goes_on = declared.workflow.state(target).outcome is Outcome.OPEN
    if source == declared.workflow.initial != target and goes_on:
        found += own_people(record)
    return found


def addressees_add(record: Record, positions: Any, role: Role) -> None:
    """Draw positions into the record: they read it from now on."""
    Addressee.objects.bulk_create(
        [
            Addressee(
                record_id=record.pk, position=position, role=record.record_type.drawn_as(position, role)
            )
            for position in positions
        ],
        ignore_conflicts=True,
    )
