"""Who of a record's readers has done something and who has not: counted by the database, named page by page.

However many readers there are, only those of one page are loaded. What has been done is the caller's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from apps.need_to_know.audience import READERS, reader_values
from apps.need_to_know.known import unknown_organisation_ids
from apps.records.actors import Actor
from apps.records.models import Record

#: A place among those who have not: organisation, name and id of the last one shown.
Place = tuple[str, str, int]


@dataclass(frozen=True)
class Page:
    """Which part of those who have not is wanted: at most so many, after a place, of one organisation or of all."""

    most: int = 50
    after: Place | None = None
    organisation: UUID | None = None


@dataclass(frozen=True)
class Counted:
    """Readers of one organisation: how many have, and how many have not."""

    organisation: UUID
    name: str
    done: int
    missing: int


@dataclass(frozen=True)
class Absent:
    """A reader who has not, in the position in which they are named."""

    user_id: int
    name: str
    position: str
    organisation: str

    @property
    def place(self) -> Place:
        """Where a page that begins after this reader begins."""
        return (self.organisation, self.name, self.user_id)


@dataclass(frozen=True)
class Roll:
    """Readers in numbers, each person once, and one page of those who have not.

    `unnamed_done` and `unnamed_missing` count people whose names the actor may not know; they are in the totals.
    `more` says whether a further page follows.
    """

    organisations: list[Counted] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    unnamed_done: int = 0
    unnamed_missing: int = 0
    more: bool = False

    @property
    def done(self) -> int:
        """How many have."""
        return sum(each.done for each in self.organisations) + self.unnamed_done

    @property
    def missing(self) -> int:
        """How many have not."""
        return sum(each.missing for each in self.organisations) + self.unnamed_missing


# Whoever reads in several positions is named in one: of an organisation that the actor may know, if there is one.
# WHY: an emergency access is one person's own haste and asks nothing of them.
_ROLL = f"""
    WITH reading AS ({READERS}),
    people AS MATERIALIZED (
        SELECT DISTINCT ON (r.user_id) r.user_id, r.name, r.title, r.organisation, o.uuid AS of_uuid,
               r.unseen OR o.id = ANY (%(unknown)s::bigint[]) AS hidden
          FROM reading r(user_id, name, title, organisation, position_id, organisation_id, cleared, emergency, allowed,
                      unseen)
          JOIN mission_organisation o ON o.id = r.organisation_id
         WHERE r.cleared AND r.allowed
         ORDER BY r.user_id, hidden, r.organisation, r.title, r.position_id),
    marked AS MATERIALIZED (
        SELECT p.*, d.person_id IS NOT NULL AS done
          FROM people p LEFT JOIN (@DONE@) d(person_id) ON d.person_id = p.user_id),
    wanted AS (
        SELECT m.* FROM marked m WHERE NOT m.done AND NOT m.hidden
           AND (%(only)s::uuid IS NULL OR m.of_uuid = %(only)s::uuid)
           AND (%(after)s IS FALSE
                OR (m.organisation, m.name, m.user_id) > (%(organisation)s, %(name)s, %(person)s::bigint))
         ORDER BY m.organisation, m.name, m.user_id LIMIT %(most)s)
    SELECT false, m.of_uuid, m.organisation, m.hidden, count(*) FILTER (WHERE m.done),
           count(*) FILTER (WHERE NOT m.done), '', '', 0
      FROM marked m GROUP BY m.of_uuid, m.organisation, m.hidden
    UNION ALL
    SELECT true, w.of_uuid, w.organisation, false, 0, 0, w.name, w.title, w.user_id FROM wanted w
     ORDER BY 1, 3, 7, 9
"""  # noqa: S608


def roll_call(
    actor: Actor, record: Record, *, done: str, values: Mapping[str, Any] | None = None, page: Page
) -> Roll:
    """The readers of a record as the actor may know them; one query, and one for names that are kept back.

    `done` selects the ids of people who have done it. SECURITY: it is a constant of the caller's, never what somebody
    typed; it may name `record`, the record's id, and `values`.
    """
    organisation, name, person = page.after or ("", "", 0)
    asked = reader_values(
        record.mission_id, record.audience, record.classification, record.compartments, record, record.data_types
    ) | {
        "unknown": sorted(unknown_organisation_ids(actor)), "only": page.organisation,
        "after": page.after is not None, "organisation": organisation, "name": name, "person": person,
        "most": page.most + 1, **(values or {}),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ROLL.replace("@DONE@", done), asked)
        rows = cursor.fetchall()
    organisations, absent, unnamed = [], [], [0, 0]
    for is_person, of, organisation, hidden, has, has_not, name, title, user in rows:
        if is_person:
            absent.append(Absent(user, name, title, organisation))
        elif hidden:
            unnamed = [unnamed[0] + has, unnamed[1] + has_not]
        else:
            organisations.append(Counted(of, organisation, has, has_not))
    return Roll(organisations, absent[: page.most], unnamed[0], unnamed[1], len(absent) > page.most)
