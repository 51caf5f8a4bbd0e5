"""Who will read a thing, in numbers and by name: computed by the same rule that the database enforces."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import F

from apps.records.actors import Actor
from apps.records.models import Record


@dataclass(frozen=True)
class Reader:
    """A person who would read, in one of the positions held now."""

    user_id: int
    name: str
    position: str
    organisation: str


@dataclass(frozen=True)
class Audience:
    """Readers of a record or of a proposed label, by organisation,
    and positions named that cannot read it.
    """

    readers: list[Reader] = field(default_factory=list)
    shut_out: list[str] = field(default_factory=list)

    @property
    def people(self) -> int:
        """How many people."""
        return len({reader.user_id for reader in self.readers})

    @property
    def organisations(self) -> dict[str, list[Reader]]:
        """Readers by organisation, each person once."""
        grouped: dict[str, dict[int, Reader]] = {}
        for reader in self.readers:
            grouped.setdefault(reader.organisation, {}).setdefault(reader.user_id, reader)
        return {name: list(people.values()) for name, people in sorted(grouped.items())}


def audience_of(record: Record) -> Audience:
    """Everyone who reads the record now."""
    live = _live_grants(record)
    return readers_of(
        record.mission_id, list(record.audience), record.classification, list(record.compartments), live
    )


def audience_preview(
    actor: Actor, *, record: Record | None, scope: str, classification: int, compartments: list[int],
    originator_group: int,
    author_group: int,
) -> Audience:  # fmt: skip
    """Everyone who would read a record under a proposed label.

    `record` None previews a new one; otherwise its addressees and grants count as they stand.
    """
    principals = {author_group}
    if scope in ("organisation", "mission"):
        principals.add(originator_group)
    if scope == "mission":
        principals.add(actor.mission.group_id)
    live: list[int] = []
    if record is not None and record.pk:
        named = set(record.addressees.values_list("position__group_id", flat=True))
        named |= set(record.group_grants.filter(expires_at__isnull=True).values_list("group_id", flat=True))
        people = record.user_grants.filter(expires_at__isnull=True).values_list("user_id", flat=True)
        principals |= named | {-person for person in people}
        live = _live_grants(record)
    return readers_of(actor.mission.pk, sorted(principals), classification, compartments, live)


def _live_grants(record: Record) -> list[int]:
    from apps.records import clock

    live = {"expires_at__gt": clock.now()}
    groups = record.group_grants.filter(**live).values_list("group_id")
    people = record.user_grants.filter(**live).values_list(F("user_id") * -1)
    return [principal for (principal,) in groups.union(people)]


_READERS = """
    SELECT u.id, u.name, p.title, coalesce(nullif(o.acronym, ''), o.name), p.id,
           k.clearance >= %(classification)s AND %(compartments)s::integer[] <@ k.compartments AS cleared
      FROM mission_position p
      JOIN mission_organisation o ON o.id = p.organisation_id
      JOIN mission_holding h ON h.position_id = p.id AND h.starts <= records_clock()
           AND (h.until IS NULL OR h.until > records_clock())
      JOIN accounts_user u ON u.id = h.person_id AND u.is_active
      JOIN need_to_know_person k ON k.person_id = u.id AND k.mission_id = %(mission)s
     WHERE p.mission_id = %(mission)s AND p.is_active AND k.principals && %(principals)s::integer[]
     ORDER BY 4, 3, 2
"""


def readers_of(
    mission_id: int, principals: list[int], classification: int, compartments: list[int], live: list[int]
) -> Audience:
    """Everyone whose principals meet these and whose clearance and compartments suffice.

    The positions that are named but not cleared come back as `shut_out`. One query.
    """
    wanted = sorted({*principals, *live})
    with connection.cursor() as cursor:
        cursor.execute(
            _READERS,
            {
                "mission": mission_id,
                "principals": wanted,
                "classification": classification,
                "compartments": compartments,
            },
        )
        rows = cursor.fetchall()
    audience = Audience()
    for user_id, name, title, organisation, _position, cleared in rows:
        if cleared:
            audience.readers.append(Reader(user_id, name, title, organisation))
        elif (line := f"{title}, {organisation}") not in audience.shut_out:
            audience.shut_out.append(line)
    return audience
