"""Services that call meetings: who is expected, the agenda they begin with, what becomes of it when one is left out.

The rules by which series call them are kept in `series`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone

from apps.mission.models import Position
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.services import is_editor, record_file, record_update
from apps.records.transitions import transition
from apps.working_groups.convening import appointed, convene, invite
from apps.working_groups.models import (
    AgendaItem,
    Attendance,
    Body,
    Meeting,
    Member,
    Series,
    StandingItem,
    WorkingGroup,
)
from apps.working_groups.positions import files_as, group_of, leaders
from apps.working_groups.vocabulary import ItemState, Standing

#: What a meeting takes over from its group, so that it is never read more widely.
_LABEL = ("classification", "sensitivity", "compartments", "data_types", "sector_id", "area_id")


def body_of(group: WorkingGroup) -> int:
    """The principal of all who belong to a group."""
    return int(Body.objects.get(record=group, part=Body.Part.ALL).group_id)


def leading_position(actor: Actor, group: WorkingGroup) -> Position:
    """The actor's position that leads the group and may call meetings; NotPermitted where there is none."""
    leads = set(leaders(group))
    for position in [*files_as(actor), *actor.positions]:
        if position.pk in leads:
            return position
    raise NotPermitted


def meeting_call(
    actor: Actor, *, group: WorkingGroup, title: str, starts: datetime, ends: datetime, time_zone: str = "",
    place: str = "", joining: str = "", series: Series | None = None, scope: str = "private", **label: Any,
) -> Meeting:  # fmt: skip
    """File a meeting of a group and call it: whoever belongs to the group reads it and is expected.

    Its label is the group's unless more is asked for; beside the group nobody reads it unless `scope` says so.
    ValidationError by field, Incomplete, NotPermitted for whoever does not lead the group.
    """
    position = leading_position(actor, group)
    meeting = Meeting(
        title=title, needed_by=starts, ends_at=ends, time_zone=time_zone or actor.mission.time_zone, place=place,
        joining=joining, chair=group.chair, secretary=group.secretariat or group.co_chair, quorum=group.quorum,
        body_id=body_of(group), scope=scope, series=series.uuid if series else None, slot=starts if series else None,
    )  # fmt: skip
    for name in _LABEL:
        setattr(meeting, name, getattr(group, name))
    for name, value in label.items():
        setattr(meeting, name, value)
    record_file(actor, record=meeting, position=position)
    transition(actor, record=meeting, name="schedule" if series else "call", data={})
    return meeting


def called(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """Its group reads it; those who belong to it are expected; the agenda begins with what stands and what waited."""
    convene(actor, record=meeting)
    expect(meeting)
    begin_agenda(actor, meeting)


def expect(meeting: Meeting) -> None:
    """Put whoever leads or belongs to the group on the list of those expected; who stands there stays."""
    group = group_of(meeting.body_id)
    if group is None:
        return
    # WHY: one belongs to a group from a day until a day, and days begin where the mission is.
    on = timezone.localdate(meeting.needed_by or clock.now(), ZoneInfo(group.mission.time_zone))
    known = list(meeting.attendance.values_list("position_id", "organisation_id"))
    posts, houses = {p for p, _o in known if p}, {o for _p, o in known if o}
    rows = [
        Attendance(meeting=meeting, position_id=p) for p in dict.fromkeys(leaders(group)) if p not in posts
    ]
    posts.update(row.position_id for row in rows if row.position_id)
    for member in Member.objects.filter(group=group):
        out = (member.since and member.since > on) or (member.until and member.until < on)
        if out or member.standing == Standing.INVITEE:
            continue
        if member.position_id and member.position_id not in posts:
            rows.append(Attendance(meeting=meeting, position_id=member.position_id, standing=member.standing))
            posts.add(member.position_id)
        if member.organisation_id and member.organisation_id not in houses:
            rows.append(
                Attendance(meeting=meeting, organisation_id=member.organisation_id, standing=member.standing)
            )
            houses.add(member.organisation_id)
    Attendance.objects.bulk_create(rows)


def begin_agenda(actor: Actor, meeting: Meeting) -> None:
    """Standing items of the group, then what earlier meetings of the group carried over to no meeting yet."""
    group = group_of(meeting.body_id)
    if group is None or meeting.items.exists():
        return
    for number, item in enumerate(StandingItem.objects.filter(group=group), start=1):
        AgendaItem.objects.create(
            meeting=meeting,
            order=number * 10,
            title=item.title,
            minutes_planned=item.minutes_planned,
            stands=True,
        )
    for waiting in waiting_items(meeting):
        carry_over(waiting, meeting)


def waiting_items(meeting: Meeting) -> list[AgendaItem]:
    """Items that earlier meetings of the same group carried over and that no meeting has taken up."""
    carried = AgendaItem.objects.filter(
        meeting__body_id=meeting.body_id, state=ItemState.CARRIED, meeting__needed_by__lt=meeting.needed_by
    ).exclude(meeting=meeting)
    taken = set(AgendaItem.objects.filter(carried_from__isnull=False).values_list("carried_from", flat=True))
    return [item for item in carried.order_by("meeting__needed_by", "order", "id") if item.uuid not in taken]


def carry_over(item: AgendaItem, meeting: Meeting) -> AgendaItem:
    """Put an item onto a later meeting's agenda, with its session; its minute stays where it was written."""
    last = meeting.items.aggregate(last=Max("order"))["last"] or 0
    made = AgendaItem.objects.create(
        meeting=meeting, order=last + 10, title=item.title, details=item.details, session=item.session,
        admits=item.admits, classification=item.classification, presenter_id=item.presenter_id,
        minutes_planned=item.minutes_planned, proposer_id=item.proposer_id, carried_from=item.uuid,
    )  # fmt: skip
    for admitted in item.admitted.all():
        made.admitted.create(meeting=meeting, position_id=admitted.position_id)
    return made


def next_of(meeting: Meeting) -> Meeting | None:
    """The next planned meeting of the same group that the actor reads."""
    if meeting.body_id is None:
        return None
    later = Meeting.objects.filter(
        body_id=meeting.body_id, state="planned", needed_by__gt=meeting.needed_by
    ).exclude(pk=meeting.pk)
    return later.order_by("needed_by", "pk").first()


def left_out(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """What stood on the agenda of a meeting that does not take place waits for the next, but for what always stands."""
    following = next_of(meeting) if meeting.needed_by else None
    for item in meeting.items.filter(state=ItemState.ACCEPTED, stands=False).order_by("order", "id"):
        item.state = ItemState.CARRIED
        item.save(update_fields=["state"])
        if following is not None:
            carry_over(item, following)


def handed_over(actor: Actor, *, group: WorkingGroup, before: dict[str, int | None]) -> None:
    """Meetings ahead follow those who lead now; `before` is who chaired the group and who kept its minutes.

    A meeting for which somebody else was named stays theirs, and so does one that the actor may not change.
    """
    now = {"chair": group.chair, "secretary": group.secretariat or group.co_chair}
    ahead = Meeting.objects.filter(body_id=body_of(group), state="planned", needed_by__gt=clock.now())
    for meeting in ahead.order_by("needed_by", "pk"):
        changes = {
            name: position
            for name, position in now.items()
            if getattr(meeting, f"{name}_id") == before[name] != (position.pk if position else None)
        }
        if changes and is_editor(actor, meeting):
            record_update(actor, record=meeting, changes=changes)
            appointed(actor, record=meeting)
            expect(meeting)


def moved(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """Another time or place."""
    changes = {"needed_by": data["starts"], "ends_at": data["ends"]}
    changes |= {name: data[name] for name in ("place", "joining", "time_zone") if name in data}
    record_update(actor, record=meeting, changes=changes)


def guest_invite(actor: Actor, *, meeting: Meeting, position: Position) -> Attendance:
    """Invite a position to one meeting: it reads the meeting, and nothing else of the group."""
    invite(actor, meeting=meeting, position=position)
    row, _made = Attendance.objects.get_or_create(
        meeting=meeting, position=position, defaults={"standing": Standing.INVITEE}
    )
    return row
