"""Working groups, meetings and decisions at any point of their life."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.records.services import record_file
from apps.records.transitions import transition
from apps.working_groups.calling import meeting_call
from apps.working_groups.deciding import decision_record
from apps.working_groups.models import AgendaItem, Attendance, Decision, Meeting, Member, WorkingGroup
from tests.factories.canary import canary
from tests.factories.staff import Staff

#: Posts that belong to a group unless a test says otherwise: member, observer.
MEMBERS, OBSERVERS = ("req", "clu"), ("sec",)


def group_draft(staff: Staff, *, by: str = "cmc", scope: str = "private", **changes: Any) -> WorkingGroup:
    """A draft that is complete enough to be set up, chaired by whoever files it."""
    values: dict[str, Any] = {
        "title": canary("group"), "kind": "joint", "purpose": canary("purpose"), "scope": scope,
        "chair": staff.positions[by], "quorum": 2,
    }  # fmt: skip
    with staff.acting(by) as actor:
        filed: WorkingGroup = record_file(actor, record=WorkingGroup(**values | changes))
        return filed


def member_add(
    staff: Staff, group: WorkingGroup, name: str, standing: str = "member", by: str = "cmc", **more: Any
) -> Member:
    """Put a post onto the list of members."""
    with staff.acting(by):
        return Member.objects.create(group=group, position=staff.positions[name], standing=standing, **more)


def group_active(
    staff: Staff, *, by: str = "cmc", members: tuple[str, ...] = MEMBERS, observers: tuple[str, ...] = OBSERVERS,
    **changes: Any,
) -> WorkingGroup:  # fmt: skip
    """A group that meets, with members and an observer."""
    group = group_draft(staff, by=by, **changes)
    for name in members:
        member_add(staff, group, name, by=by)
    for name in observers:
        member_add(staff, group, name, "observer", by=by)
    return step(staff, group, by, "establish")


def meeting_planned(
    staff: Staff, group: WorkingGroup, *, by: str = "cmc", starts: datetime | None = None, **changes: Any
) -> Meeting:
    """A meeting that was called, tomorrow unless said otherwise."""
    begins = starts or timezone.now().replace(microsecond=0) + timedelta(days=1)
    with staff.acting(by) as actor:
        return meeting_call(
            actor, group=WorkingGroup.objects.get(pk=group.pk), title=canary("meeting"), starts=begins,
            ends=begins + timedelta(hours=1), place=canary("place"), **changes,
        )  # fmt: skip


def item_add(staff: Staff, meeting: Meeting, *, by: str = "cmc", **values: Any) -> AgendaItem:
    """An item on the agenda; with a canary for its title unless one is given."""
    values.setdefault("title", canary("item"))
    with staff.acting(by):
        return AgendaItem.objects.create(meeting=meeting, **values)


def step(staff: Staff, record: Any, by: str, name: str, note: str = "", **data: Any) -> Any:
    """Take a step as the holder of a post."""
    with staff.acting(by) as actor:
        now = type(record).objects.get(pk=record.pk)
        transition(actor, record=now, name=name, data=data, note=note)
        return type(record).objects.get(pk=record.pk)


def decision_made(
    staff: Staff, meeting: Meeting, item: AgendaItem | None = None, *, by: str = "cmc", **values: Any
) -> Decision:
    """A decision of a meeting, in the register."""
    said = {"title": canary("decision"), "text": canary("decided")} | values
    with staff.acting(by) as actor:
        now = Meeting.objects.get(pk=meeting.pk)
        return decision_record(actor, meeting=now, item=item, **said)


def expected(staff: Staff, meeting: Meeting, name: str, by: str = "cmc") -> Attendance:
    """The row in which a post is expected."""
    with staff.acting(by):
        return Attendance.objects.get(meeting=meeting, position=staff.positions[name])
