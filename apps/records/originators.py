"""Whose a record is when one files for another: the ways to file, and whose word counts afterwards. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from apps.mission.models import Organisation, Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.models import Record

if TYPE_CHECKING:
    from apps.records.registry import RecordType


@dataclass(frozen=True)
class FiledAs:
    """A way to file: in a position, for its own organisation or, under a mandate, for another."""

    position: Position
    originator: Organisation

    @property
    def on_behalf(self) -> bool:
        """Whether it is for another organisation than the position's own."""
        return self.position.organisation_id != self.originator.pk

    @property
    def code(self) -> str:
        """What names it in forms."""
        own = str(self.position.uuid)
        return f"{own}:{self.originator.uuid}" if self.on_behalf else own

    def __str__(self) -> str:
        if not self.on_behalf:
            return f"{self.position.title}, {self.originator.name}"
        return _("%(position)s, for %(organisation)s") % {
            "position": self.position.title,
            "organisation": self.originator.name,
        }


def ways_to_file(actor: Actor, record_type: type[RecordType]) -> list[FiledAs]:
    """All ways in which the actor may file a record of the type: for their own organisations first.

    A mandate to file for an organisation is enough where the type allows it: the organisation said so itself.
    """
    own = [FiledAs(position, position.organisation) for position in record_type.files_as(actor)]
    return [*own, *mandated(actor)] if record_type.files_on_behalf else own


def mandated(actor: Actor) -> list[FiledAs]:
    """The actor's positions with the organisations for which they may file now; no query where there is none."""
    wanted = {pk for position in actor.positions for pk in position.mandated_ids}  # type: ignore[attr-defined]
    if not wanted:
        return []
    found: dict[int, Organisation] | None = actor.kept.get("mandated organisations")
    if found is None:
        found = actor.kept["mandated organisations"] = Organisation.objects.in_bulk(wanted)
    ways = [
        FiledAs(position, found[pk])
        for position in actor.positions
        for pk in position.mandated_ids  # type: ignore[attr-defined]
        if pk != position.organisation_id
    ]
    return sorted(ways, key=lambda way: (way.position.title, way.originator.name))


def is_on_behalf(record: Record) -> bool:
    """Whether the position that filed the record filed it for another organisation than its own."""
    return (
        record.record_type.files_on_behalf and record.author_position.organisation_id != record.originator_id
    )


def voices(record: Record) -> QuerySet[Position]:
    """Positions that decide for the originator on opening the record further; the database says which.

    Its release authorities. Where it names none: the position that filed the record, if it is its own; on what
    others filed for it any of its own positions, and only where it has none here the position that filed.
    """
    said: Any = RawSQL(
        "SELECT need_to_know_voices(%s, %s)",
        (record.originator_id, record.author_position_id),
        output_field=BigIntegerField(),
    )
    return Position.objects.filter(pk__in=said)


def own_people(record: Record) -> list[tuple[Role, QuerySet[Position]]]:
    """Whom an organisation has to answer for what others filed for it: its focal points and release authorities.

    They are drawn in when the record leaves its draft, whatever its audience. Empty for all other records.
    """
    if not is_on_behalf(record):
        return []
    own = Position.objects.filter(organisation_id=record.originator_id, is_active=True)
    return [(role, own.filter(roles__role=role).distinct()) for role in (Role.REQUESTER, Role.RELEASE)]
