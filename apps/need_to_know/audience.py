"""Who will read a thing, in numbers and by name: computed by the same rule that the database enforces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from apps.need_to_know.known import unknown_organisation_ids
from apps.records.actors import Actor
from apps.records.models import Record


@dataclass(frozen=True)
class Reader:
    """A person who would read, in one of the positions held now. `emergency` marks one who broke the glass.

    `unseen` marks one who reads as a member of bodies alone whose members the asking actor may not learn.
    """

    user_id: int
    name: str
    position: str
    organisation: str
    organisation_id: int = 0
    position_id: int = 0
    emergency: bool = False
    unseen: bool = False


@dataclass(frozen=True)
class ShutOut:
    """A position that is named but does not read: not cleared for the label or, `barred`, on a side kept from it."""

    position: str
    organisation: str
    organisation_id: int
    barred: bool
    unseen: bool = False

    def __str__(self) -> str:
        return f"{self.position}, {self.organisation}"


@dataclass(frozen=True)
class Audience:
    """Readers of a record or of a proposed label, by organisation, and positions named that cannot read it.

    `unnamed_people` and `unnamed_positions` count whose names the asking actor may not know.
    """

    readers: list[Reader] = field(default_factory=list)
    shut_out: list[ShutOut] = field(default_factory=list)
    unnamed_people: int = 0
    unnamed_positions: int = 0
    unnamed_organisations: int = 0

    @property
    def people(self) -> int:
        """How many people, named or not."""
        return len({reader.user_id for reader in self.readers}) + self.unnamed_people

    @property
    def organisations(self) -> dict[str, list[Reader]]:
        """Readers by organisation, each person once; the named ones."""
        grouped: dict[str, dict[int, Reader]] = {}
        for reader in self.readers:
            grouped.setdefault(reader.organisation, {}).setdefault(reader.user_id, reader)
        return {name: list(people.values()) for name, people in sorted(grouped.items())}

    def as_seen_by(self, actor: Actor) -> Audience:
        """The same without the names that the actor may not know; one query.

        Those are of organisations that they may not know of, and of members of bodies whose members they may not
        learn. Somebody who also stands for an organisation that may be known is named there.
        """
        unknown = unknown_organisation_ids(actor)
        rest = [each for each in self.readers if each.unseen or each.organisation_id in unknown]
        if not rest and not any(each.unseen or each.organisation_id in unknown for each in self.shut_out):
            return self
        named = [each for each in self.readers if not (each.unseen or each.organisation_id in unknown)]
        people = {reader.user_id for reader in named}
        return replace(
            self,
            readers=named,
            shut_out=[each for each in self.shut_out if not (each.unseen or each.organisation_id in unknown)],
            unnamed_people=len({reader.user_id for reader in rest} - people),
            unnamed_positions=len({reader.position_id for reader in rest}),
            unnamed_organisations=len({reader.organisation_id for reader in rest}),
        )


def audience_of(record: Record, more: Iterable[int] = ()) -> Audience:
    """Everyone who reads the record now, or who would if these principals were named as well."""
    return readers_of(
        record.mission_id, [*record.audience, *more], record.classification, list(record.compartments),
        record=record, data_types=list(record.data_types),
    )  # fmt: skip


def audience_preview(
    actor: Actor, *, record: Record | None, scope: str, classification: int, compartments: list[int],
    originator_group: int, author_group: int, data_types: Sequence[int] = (), also: Iterable[int] = (),
) -> Audience:  # fmt: skip
    """Everyone who would read a record under a proposed label, and `also` these principals as it is filed.

    `record` None previews a new one; otherwise its addressees and grants count as they stand.
    """
    principals = {author_group, *also}
    if scope in ("organisation", "mission"):
        principals.add(originator_group)
    if scope == "mission":
        principals.add(actor.mission.group_id)
    if record is not None and record.pk:
        named = set(record.addressees.values_list("position__group_id", flat=True))
        named |= set(record.group_grants.filter(expires_at__isnull=True).values_list("group_id", flat=True))
        people = record.user_grants.filter(expires_at__isnull=True).values_list("user_id", flat=True)
        principals |= named | {-person for person in people}
    return readers_of(
        actor.mission.pk,
        sorted(principals),
        classification,
        compartments,
        record=record,
        data_types=data_types,
    )


#: One row for each person and position named; `Audience` says what becomes of each.
READERS = """
    WITH lent(principal) AS (
        SELECT g.group_id FROM need_to_know_recordgroupobjectpermission g
         WHERE g.content_object_id = %(record)s AND g.expires_at > records_clock()
        UNION ALL SELECT -g.user_id FROM need_to_know_recorduserobjectpermission g
         WHERE g.content_object_id = %(record)s AND g.expires_at > records_clock()),
    given AS MATERIALIZED (
        SELECT %(principals)s::integer[] || ARRAY(SELECT principal::integer FROM lent) AS principals,
               need_to_know_unseen_bodies() AS bodies,
               ARRAY(SELECT e.person_id::integer FROM need_to_know_emergency_people(%(record)s) e) AS emergencies)
    SELECT u.id, u.name, p.title, coalesce(nullif(o.acronym, ''), o.name), p.id, o.id,
           (k.principals && given.principals AND k.clearance >= %(classification)s
            AND %(compartments)s::integer[] <@ k.compartments) IS TRUE AS named_and_cleared,
           u.id = ANY (given.emergencies) AS emergency,
           NOT k.barred && %(data_types)s::integer[] AS allowed,
           NOT k.principals && ARRAY(SELECT unnest(given.principals) EXCEPT SELECT unnest(given.bodies)) AS unseen
      FROM given CROSS JOIN mission_position p
      JOIN mission_organisation o ON o.id = p.organisation_id
      JOIN mission_holding h ON h.position_id = p.id AND h.starts <= records_clock()
           AND (h.until IS NULL OR h.until > records_clock())
      JOIN accounts_user u ON u.id = h.person_id AND u.is_active
      JOIN need_to_know_person k ON k.person_id = u.id AND k.mission_id = %(mission)s
     WHERE p.mission_id = %(mission)s AND p.is_active
       AND (k.principals && given.principals OR u.id = ANY (given.emergencies))
     ORDER BY 4, 3, 2
"""


def reader_values(
    mission_id: int, principals: Iterable[int], classification: int, compartments: Sequence[int],
    record: Record | None, data_types: Sequence[int],
) -> dict[str, Any]:  # fmt: skip
    """What READERS is asked with."""
    return {
        "mission": mission_id, "principals": sorted(set(principals)), "classification": classification,
        "compartments": list(compartments), "data_types": list(data_types),
        "record": record.pk if record is not None and record.pk else 0,
    }  # fmt: skip


def readers_of(
    mission_id: int, principals: Iterable[int], classification: int, compartments: Sequence[int],
    *, record: Record | None = None, data_types: Sequence[int] = (),
) -> Audience:  # fmt: skip
    """Everyone whose principals meet these, whose clearance and compartments suffice and whose side may read it.

    With a record, its grants for a time count as well, and so do its emergency accesses: those read whatever the
    label, never past a ceiling. The positions that are named but cannot read come back as `shut_out`. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            READERS,
            reader_values(mission_id, principals, classification, compartments, record, data_types),
        )
        rows = cursor.fetchall()
    audience = Audience()
    for (
        user_id,
        name,
        title,
        organisation,
        position,
        organisation_id,
        cleared,
        emergency,
        allowed,
        unseen,
    ) in rows:
        if (cleared or emergency) and allowed:
            audience.readers.append(
                Reader(
                    user_id,
                    name,
                    title,
                    organisation,
                    organisation_id,
                    position,
                    bool(emergency and not cleared),
                    bool(unseen and not emergency),
                )
            )
            continue
        barred = bool((cleared or emergency) and not allowed)
        if (
            kept_out := ShutOut(title, organisation, organisation_id, barred, unseen)
        ) not in audience.shut_out:
            audience.shut_out.append(kept_out)
    return audience
