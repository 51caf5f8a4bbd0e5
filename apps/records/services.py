"""Writes to records that are no workflow steps: filing, editing, commenting, linking. Each takes the actor first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from apps.mission.models import FilingMandate, Organisation, Position
from apps.mission.vocabulary import Scope
from apps.records import exercises
from apps.records.actors import Actor
from apps.records.errors import NotPermitted, StaleRecord
from apps.records.events import publish
from apps.records.mentions import mentions_checked
from apps.records.models import Comment, Record, RecordLink
from apps.records.originators import voices
from apps.records.protected import FLOORED, floor_check
from apps.records.registry import RecordType
from apps.records.transitions import record_lock, refusals, step_take
from apps.records.withheld import withheld_fill, withheld_filled


def filing_position(actor: Actor, record_type: type[RecordType]) -> Position:
    """The position in which the actor files a record of that type; NotPermitted when in none."""
    for position in record_type.files_as(actor):
        return position
    raise NotPermitted


def mandate_check(record_type: type[RecordType], position: Position, originator: Organisation) -> None:
    """ValidationError at `originator` unless that position may file the type for that organisation now."""
    if originator.pk == position.organisation_id:
        return
    mandates = FilingMandate.objects.in_force().filter(
        position=position, organisation=originator, mission_id=position.mission_id
    )
    if not (record_type.files_on_behalf and mandates.exists()):
        raise ValidationError({"originator": [_("This position may not file for this organisation now.")]})


def record_file(
    actor: Actor, *, record: Any, position: Position | None = None, originator: Organisation | None = None
) -> Any:
    """Store a new record in its workflow's first state.

    Its originator is the position's organisation, or another for which the position holds a mandate now: the record
    is then that organisation's. The label is in force from the first moment: audience and feed are written by the
    same insert. Raises NotPermitted when the actor may not file this type, ValidationError by field for a bad value.
    """
    declared = _declared(record)
    position = position or filing_position(actor, declared)
    if position.pk not in actor.position_ids:
        raise NotPermitted
    record.mission = actor.mission
    record.type = declared.key
    record.state = declared.workflow.initial
    record.author = actor.user
    record.author_position = position
    record.originator = originator or position.organisation
    mandate_check(declared, position, record.originator)
    # WHY: the database draws the rest by lot (RFA-2026-40318), so that it tells nothing of volume.
    record.reference = declared.reference_prefix
    label_check(actor, record)
    floor_check(record)
    with refusals():
        record.full_clean(exclude=["reference"], validate_unique=False, validate_constraints=False)
        record.save()
        wanted = record.originator_id
        record.refresh_from_db()
        if record.originator_id != wanted:
            # WHY: the mandate ended meanwhile; what was meant for another organisation is not filed for one's own.
            raise NotPermitted
        withheld_fill(record)
        step_take(
            actor, record=record, name="file", target=declared.workflow.state(record.state), position=position
        )
        publish(record, f"{record.type}.file")
    return record


def _declared(record: Any) -> type[RecordType]:
    from apps.records.registry import all_types

    return next(t for t in all_types() if isinstance(record, t.model))


def label_check(actor: Actor, record: Record) -> None:
    """Refuse a label above what the actor may read, so that nobody locks themselves out."""
    errors: dict[str, list[str]] = {}
    if record.classification > actor.clearance:
        errors["classification"] = [_("This is above your own clearance.")]
    if not set(record.compartments) <= set(actor.compartments):
        errors["compartments"] = [_("You do not hold all of these compartments.")]
    if set(record.data_types) & set(actor.barred):
        errors["data_types"] = [_("Your side does not handle this data. Leave it out of the record.")]
    if errors:
        raise ValidationError(errors)


def originates(actor: Actor, record: Record) -> bool:
    """Whether the actor speaks for the originator: in its position that filed, or as its release authority.

    On what others filed for it, they do who decide for it (`voices`); having filed it is not enough.
    """
    if record.author_position_id in actor.position_ids and _filed_at_home(record):
        return True
    if any(p.organisation_id == record.originator_id for p in actor.positions_with("REL")):
        return True
    return _concerned(actor, record) and not _filed_at_home(record) and _speaks(actor, record)


def _filed_at_home(record: Record) -> bool:
    return record.author_position.organisation_id == record.originator_id


def _concerned(actor: Actor, record: Record) -> bool:
    """Whether the actor might have a say at all; False spares the question."""
    return record.author_position_id in actor.position_ids or any(
        position.organisation_id == record.originator_id for position in actor.positions
    )


def _speaks(actor: Actor, record: Record) -> bool:
    return voices(record).filter(pk__in=actor.position_ids).exists()


def releases(actor: Actor, record: Record) -> bool:
    """Whether the actor may widen the record's audience or lower its label (originator control, I9).

    So may a release authority of the originating organisation; where that organisation names none, the position
    that filed the record. What others filed for it is then its own positions' to open, and the filing position's
    only where it has none here. The database holds to the same rule.
    """
    if any(p.organisation_id == record.originator_id for p in actor.positions_with("REL")):
        return True
    return _concerned(actor, record) and _speaks(actor, record)


_SCOPES = [choice.value for choice in Scope]


def _widening(record: Record, changes: dict[str, Any]) -> list[str]:
    """The fields of the label that `changes` would lower or widen."""
    found = [
        name for name in ("classification", "sensitivity")
        if changes.get(name) is not None and int(changes[name]) < getattr(record, name)
    ]  # fmt: skip
    if not set(record.compartments) <= set(changes.get("compartments", record.compartments)):
        found.append("compartments")
    if not set(record.data_types) <= set(changes.get("data_types", record.data_types)):
        found.append("data_types")
    if changes.get("scope") in _SCOPES and _SCOPES.index(changes["scope"]) > _SCOPES.index(record.scope):
        found.append("scope")
    return found


def originator_check(actor: Actor, record: Record, changes: dict[str, Any]) -> None:
    """Refuse to widen the audience or lower the label of a record that is not the actor's to release.

    Originator control: a right to change a record does not include the right to open it to others. A draft's
    label is its author's.
    """
    if (found := _widening(record, changes)) and not (
        (
            record.state == record.record_type.workflow.initial
            and record.author_position_id in actor.position_ids
        )
        or releases(actor, record)
    ):
        message = _("Only a release authority of the originator may open this further.")
        raise ValidationError({name: [message] for name in found})


def may_edit(actor: Actor, record: Record) -> bool:
    """Whether the actor may change fields now: an editor of the record, in a state that is open to editing."""
    state = record.record_type.workflow.state(record.state)
    return state.editable and is_editor(actor, record)


def is_editor(actor: Actor, record: Record) -> bool:
    """Whether the actor holds the right to change the record, whatever its state."""
    if set(record.editors) & set(actor.principals):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (current_setting('app.lent_edit')::bigint[])", [record.pk])
        return bool(cursor.fetchone()[0])


def record_update(
    actor: Actor, *, record: Any, changes: dict[str, Any], expected_version: int | None = None
) -> Any:
    """Change fields of a record. NotPermitted without the right or in a closed state; StaleRecord on a lost race."""
    if not may_edit(actor, record):
        raise NotPermitted
    with refusals():
        _state, version = record_lock(record.pk)
        if expected_version not in (None, version):
            raise StaleRecord
        originator_check(actor, type(record)._default_manager.get(pk=record.pk), changes)
        withheld_filled(record)
        for name, value in changes.items():
            setattr(record, name, value)
        label_check(actor, record)
        # WHY: a protocol may come into force over older records; whoever mends a text need not relabel first.
        if {*FLOORED, "data_types"} & set(changes):
            floor_check(record)
        record.full_clean(exclude=["reference"], validate_unique=False, validate_constraints=False)
        record.save()
        record.refresh_from_db()
    return record


def comment_add(actor: Actor, *, record: Record, text: str, mentions: Iterable[Position] = ()) -> Comment:
    """Add a comment, read by whoever reads the record; it draws the attention of the positions it mentions.

    ValidationError by field, at `mentions` for a position to which the actor's comment cannot be addressed.
    """
    comment = Comment(
        record_id=record.pk, author=actor.user, text=text.strip(),
        position=actor.positions[0] if actor.positions else None,
        mentions=mentions_checked(actor, record, mentions),
    )  # fmt: skip
    comment.clean_fields(exclude=["record", "position", "mentions"])
    comment.save()
    publish(record, f"{record.type}.comment")
    return comment


def link_add(actor: Actor, *, source: Record, target: Record, relation: str) -> RecordLink:
    """Link two records that the actor can both read; the link is visible to those who read both."""
    if source.pk == target.pk:
        raise ValidationError({"target": [_("A record cannot be linked to itself.")]})
    exercises.check_together(actor, "target", source, target)
    assert actor.user is not None
    link, _made = RecordLink.objects.get_or_create(
        source_id=source.pk, target_id=target.pk, relation=relation, defaults={"author": actor.user}
    )
    return link
