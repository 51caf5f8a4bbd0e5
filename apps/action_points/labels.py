"""The label of an action point beside that of what it arose from: never less. Reads only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from apps.mission.vocabulary import Scope
from apps.records.actors import Actor
from apps.records.default_labels import default_label
from apps.records.models import Record, RecordLink
from apps.releases.labels import Label, highest, label_of

if TYPE_CHECKING:
    from apps.action_points.models import ActionPoint


def sources_of(point: Record) -> list[Record]:
    """What an action point arose from, as far as the actor reads it."""
    return list(
        Record.objects.filter(
            links_to__source_id=point.pk, links_to__relation=RecordLink.Relation.AROSE_FROM
        ).order_by("pk")
    )


def least(source: Record, organisation_id: int) -> Label:
    """The label that an action point of that organisation has at least when it arises from `source`.

    WHY: “my organisation” on another's record means that one's people; here it would mean others.
    """
    label = label_of(source)
    if label.scope == Scope.ORGANISATION and source.originator_id != organisation_id:
        return replace(label, scope=Scope.PRIVATE.value)
    return label


def begun_with(actor: Actor, type_key: str, source: Record | None, organisation_id: int) -> dict[str, Any]:
    """The label with which a new one begins: the mission's default for the type, but no less than its source's."""
    usual = default_label(actor, type_key)
    if source is None:
        return usual
    found = highest([label_of(Record(**usual)), least(source, organisation_id)])
    assert found is not None
    return found.values()


def below(point: ActionPoint | Record, source: Record, organisation_id: int) -> dict[str, list[str]]:
    """By field, where the label protects less than that of a record it arises from."""
    message = _("The record that it arose from is protected more. Do not go below it.")
    return {name: [message] for name in label_of(point).below(least(source, organisation_id))}


def below_sources(point: ActionPoint | Record) -> dict[str, list[str]]:
    """The same, for all that it arose from and the actor reads."""
    found: dict[str, list[str]] = {}
    for source in sources_of(point):
        found |= below(point, source, point.originator_id)
    return found
