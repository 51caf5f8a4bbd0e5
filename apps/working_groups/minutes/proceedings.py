"""A meeting as it is read: agenda, minutes, what came of each item, who took part. Reads only; no HTTP, no markup.

Everything here is what the database shows the actor. Items are numbered by what is shown, so that nobody learns from a
gap that there is another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from apps.action_points.models import ActionPoint
from apps.mission.models import Organisation, Position
from apps.pages.names import Names
from apps.pages.values import state_of
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.reading import note_loaded
from apps.records.registry import by_key
from apps.records.services import is_editor
from apps.working_groups.models import (
    AgendaItem,
    Amendment,
    Attendance,
    Correction,
    Decision,
    Meeting,
    Outcome,
)
from apps.working_groups.vocabulary import PRESENT, Admits, ItemState, Session, Standing

#: States in which there is something to read beside the agenda.
HELD = ("session", "minutes", "circulated", "adopted")


@dataclass(frozen=True)
class Came:
    """What came of an item: a decision, an action point, or another record."""

    label: str
    reference: str
    title: str
    url: str
    state: dict[str, Any]
    text: str = ""
    by: str = ""
    due: datetime | date | None = None


@dataclass(frozen=True)
class Said:
    """A correction that was asked for, or an amendment."""

    text: str
    by: str
    at: datetime
    item_id: int | None
    state: str = ""
    state_label: str = ""
    reply: str = ""


@dataclass
class Item:
    """An item as it is read."""

    row: AgendaItem
    number: int = 0
    at: str = ""
    closed: str = ""
    presenter: str = ""
    proposer: str = ""
    carried: dict[str, str] = field(default_factory=dict)
    outcomes: list[Came] = field(default_factory=list)
    corrections: list[Said] = field(default_factory=list)
    amendments: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """Somebody on the list of those expected."""

    row: Attendance
    who: str
    mine: bool


@dataclass
class Presence:
    """Who is expected and who took part; `counted` where the actor may learn who belongs."""

    people: dict[str, list[Person]] = field(default_factory=dict)
    counted: bool = False
    members: int = 0
    present: int = 0
    quorum: int | None = None

    @property
    def reached(self) -> bool:
        """Whether the quorum is there."""
        return self.quorum is None or self.present >= self.quorum


@dataclass
class Proceedings:
    """Everything of a meeting."""

    agenda: list[Item] = field(default_factory=list)
    proposed: list[Item] = field(default_factory=list)
    declined: list[Item] = field(default_factory=list)
    outcomes: list[Came] = field(default_factory=list)
    corrections: list[Said] = field(default_factory=list)
    amendments: list[Said] = field(default_factory=list)
    presence: Presence = field(default_factory=Presence)


def zone_of(meeting: Meeting) -> ZoneInfo:
    """The time zone in which it takes place."""
    return ZoneInfo(meeting.time_zone or meeting.mission.time_zone or "UTC")


def proceedings_of(
    actor: Actor, meeting: Meeting, names: Names, rows: Iterable[AgendaItem] | None = None
) -> Proceedings:
    """Read a meeting; `rows` are its items where they were read already."""
    items = sorted(rows if rows is not None else meeting.items.all(), key=lambda row: (row.order, row.pk))
    attendance = list(meeting.attendance.all())
    said = _said(meeting)
    came, points = _came(meeting) if meeting.state in HELD else ([], {})
    for item in items:
        names.want(Position, [item.presenter_id, item.proposer_id])
    for row in attendance:
        names.want(Position, [row.position_id])
        names.want(Organisation, [row.organisation_id])
    names.want(Position, [row.position_id for rows in said for row in rows])
    names.want(Position, points.values())
    names.load()
    made = Proceedings(presence=_presence(actor, meeting, attendance, names))
    shown = _items(meeting, items, names)
    made.agenda = [i for i in shown if i.row.state not in (ItemState.PROPOSED, ItemState.DECLINED)]
    made.proposed = [i for i in shown if i.row.state == ItemState.PROPOSED]
    made.declined = [i for i in shown if i.row.state == ItemState.DECLINED]
    _timed(meeting, made.agenda)
    by_item = {item.row.pk: item for item in shown}
    for item_id, outcome in came:
        owner = names.text(Position, points.get(outcome.reference))
        drawn = Came(**{**vars(outcome), "by": owner}) if owner else outcome
        (by_item[item_id].outcomes if item_id in by_item else made.outcomes).append(drawn)
    for row in said[0]:
        correction = Said(
            row.text, _by(row, names), row.at, row.item_id, row.state, row.get_state_display(), row.reply
        )
        _place(row, by_item, made).corrections.append(correction)
    for row in said[1]:
        amendment = Said(row.text, _by(row, names), row.at, row.item_id, reply=row.reason)
        _place(row, by_item, made).amendments.append(amendment)
    return made


def _place(row: Any, by_item: dict[int, Item], made: Proceedings) -> Item | Proceedings:
    return by_item.get(row.item_id) or made


def _by(row: Correction | Amendment, names: Names) -> str:
    return names.text(Position, row.position_id)


def _said(meeting: Meeting) -> tuple[list[Any], list[Any]]:
    """Corrections and amendments; there are none before minutes circulate."""
    if meeting.state not in ("minutes", "circulated", "adopted"):
        return [], []
    amended = list(Amendment.objects.filter(meeting=meeting)) if meeting.state == "adopted" else []
    return list(Correction.objects.filter(meeting=meeting)), amended


def _items(meeting: Meeting, rows: list[AgendaItem], names: Names) -> list[Item]:
    carried = _carried([row.carried_from for row in rows if row.carried_from])
    made, number = [], 0
    for row in rows:
        item = Item(
            row, presenter=names.text(Position, row.presenter_id), proposer=names.text(Position, row.proposer_id),
            carried=carried.get(row.carried_from, {}),
        )  # fmt: skip
        if row.session == Session.CLOSED:
            item.closed = str(Admits(row.admits).label)
        if row.state not in (ItemState.PROPOSED, ItemState.DECLINED):
            number += 1
            item.number = number
        made.append(item)
    return made


def _carried(wanted: list[Any]) -> dict[Any, dict[str, str]]:
    """From which meetings items were carried over, where the actor reads both."""
    if not wanted:
        return {}
    rows = AgendaItem.objects.filter(uuid__in=wanted).values_list(
        "uuid", "meeting__uuid", "meeting__reference"
    )
    declared = by_key("meeting")
    return {
        item: {"reference": reference, "url": declared.url(Record(uuid=uuid, type="meeting"))}
        for item, uuid, reference in rows
    }


def _timed(meeting: Meeting, agenda: list[Item]) -> None:
    """When each item begins, as far as every item before it says how long it takes."""
    if meeting.needed_by is None:
        return
    at = timezone.localtime(meeting.needed_by, zone_of(meeting))
    for item in agenda:
        item.at = date_format(at, "H:i")
        if not item.row.minutes_planned:
            return
        at += timedelta(minutes=item.row.minutes_planned)


def _came(meeting: Meeting) -> tuple[list[tuple[int | None, Came]], dict[str, int | None]]:
    """What came of it, by item; and whose the action points are, by reference."""
    rows = list(
        Outcome.objects.filter(meeting=meeting).values(
            "item_id", "record_id", "record__type", "record__uuid", "record__reference", "record__title",
            "record__state", "record__needed_by", "record__classification", "record__sensitivity",
        )
    )  # fmt: skip
    of_type: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        of_type[row["record__type"]].append(row["record_id"])
    decided: dict[int, tuple[str, str]] = {}
    if of_type["decision"]:
        for pk, text, made_by in Decision.objects.filter(pk__in=of_type["decision"]).values_list(
            "pk", "text", "made_by"
        ):
            decided[pk] = (text, made_by)
    owners: dict[int, int | None] = {}
    if of_type["action_point"]:
        owners = dict(
            ActionPoint.objects.filter(pk__in=of_type["action_point"]).values_list("pk", "owner_id")
        )
    made: list[tuple[int | None, Came]] = []
    points: dict[str, int | None] = {}
    for row in rows:
        declared = by_key(row["record__type"])
        text, by = decided.get(row["record_id"], ("", ""))
        if text:
            # SECURITY: its text is read here, whatever label the meeting has.
            note_loaded(row["record_id"], row["record__classification"], row["record__sensitivity"])
        is_point = row["record__type"] == "action_point"
        if is_point:
            points[row["record__reference"]] = owners.get(row["record_id"])
        made.append(
            (
                row["item_id"],
                Came(
                    str(declared.label), row["record__reference"], row["record__title"],
                    declared.url(Record(uuid=row["record__uuid"], type=row["record__type"])),
                    state_of(declared, row["record__state"]), text, by,
                    row["record__needed_by"] if is_point else None,
                ),
            )
        )  # fmt: skip
    return made, points


def sees_members(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor learns who belongs to the group, and so who is expected and how many."""
    if meeting.body_id is None or is_editor(actor, meeting):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s <> ALL (need_to_know_unseen_bodies())", [meeting.body_id])
        return bool(cursor.fetchone()[0])


def _presence(actor: Actor, meeting: Meeting, rows: list[Attendance], names: Names) -> Presence:
    houses = {position.organisation_id for position in actor.positions}
    made = Presence(counted=sees_members(actor, meeting))
    for standing in Standing.values:
        for row in rows:
            if row.standing != standing:
                continue
            who = (
                names.text(Position, row.position_id)
                or names.text(Organisation, row.organisation_id)
                or row.name
            )
            mine = row.position_id in actor.position_ids or row.organisation_id in houses
            made.people.setdefault(standing, []).append(Person(row, who, mine))
    if made.counted:
        # SECURITY: numbers are of all members; whoever sees only rows of their own gets none.
        members = [row for row in rows if row.standing == Standing.MEMBER]
        made.members = len(members)
        made.present = sum(row.presence in PRESENT for row in members)
        made.quorum = meeting.quorum
    return made
