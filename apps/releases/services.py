"""Writing a release: drafting it beside what it is drawn from. Its workflow is elsewhere (`workflow.py`)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.records import exercises
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.models import Record
from apps.records.originators import is_on_behalf, voices
from apps.records.services import may_edit, record_file
from apps.records.transitions import refusals
from apps.releases.labels import highest, label_of
from apps.releases.models import Derivation, Release
from apps.releases.positions import authorities_of


def drafting_position(actor: Actor, source: Record) -> Position:
    """The position in which the actor drafts a release of a record that they read. NotPermitted when in none.

    Where the originating organisation names no release authority, those draft who speak for it instead, and nobody
    else: the position that filed the record where that is its own.
    """
    held = {position.pk: position for position in actor.positions}
    filed = held.get(source.author_position_id)
    if filed is not None and filed.organisation_id == source.originator_id:
        return filed
    named = authorities_of(source.originator_id).exists()
    speaking = set() if named else set(voices(source).values_list("pk", flat=True))
    if filed is not None and (named or filed.pk in speaking):
        return filed
    if mine := [held[pk] for pk in sorted(speaking & held.keys())]:
        return mine[0]
    if not named and not is_on_behalf(source):
        raise NotPermitted(
            _(
                "Its organisation names no release authority. Only the position that filed it may write a summary."
            )
        )
    if not named:
        raise NotPermitted(
            _("Its organisation names no release authority. Only its own positions may write a summary.")
        )
    ours = [p for p in actor.positions if p.organisation_id == source.originator_id]
    if not actor.positions:
        raise NotPermitted
    return (ours or actor.positions)[0]


def release_draft(
    actor: Actor, *, source: Record, release: Release, position: Position | None = None
) -> Release:
    """File a release drawn from a record that the actor reads, or as a new version of a release in force.

    Its label is at least the source's from the first moment, and its originator is the source's, whoever drafts:
    a reader elsewhere only proposes. Raises NotPermitted; ValidationError by field.
    """
    least = highest([label_of(source), label_of(release)])
    assert least is not None
    for name, value in least.values().items():
        setattr(release, name, value)
    with refusals():
        filed: Release = record_file(
            actor, record=release, position=position or drafting_position(actor, source)
        )
        if source.type == "release" and source.state == "released":
            derive(actor, derived=filed, source=source, relation=Derivation.Relation.VERSION)
            for each in Derivation.objects.filter(derived_id=source.pk, relation=Derivation.Relation.SOURCE):
                derive(actor, derived=filed, source=each.source)
        else:
            derive(actor, derived=filed, source=source)
    return filed


def derive(
    actor: Actor,
    *,
    derived: Any,
    source: Record,
    relation: Derivation.Relation = Derivation.Relation.SOURCE,
) -> Derivation:
    """Note that a draft is drawn from a record; the draft's label rises to the record's where it was lower.

    All that one release is drawn from has one originator, who becomes its own. Raises NotPermitted for whoever
    may not edit the draft, ValidationError under `source`.
    """
    if not may_edit(actor, derived):
        raise NotPermitted
    if source.pk == derived.pk:
        raise ValidationError({"source": [_("A release is not drawn from itself.")]})
    exercises.check_together(actor, "source", derived, source)
    known = Derivation.objects.filter(derived_id=derived.pk, source_id=source.pk).first()
    if known is not None:
        return known
    other = Derivation.objects.filter(derived_id=derived.pk).exclude(
        source__originator_id=source.originator_id
    )
    if other.exists():
        raise ValidationError(
            {"source": [_("It comes from another organisation. Ask that one for a release of its own.")]}
        )
    with refusals():
        made = Derivation.objects.create(
            derived_id=derived.pk, source_id=source.pk, relation=relation, actor=actor.user,
            position=derived.author_position if derived.author_position_id in actor.position_ids else None,
        )  # fmt: skip
        derived.refresh_from_db()
    return made
