"""Services on series: the rule is stored, the meetings ahead follow it, it is stopped. Each is told once, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.services import is_editor, record_update
from apps.records.transitions import transition
from apps.working_groups.calling import meeting_call
from apps.working_groups.models import Meeting, Series, WorkingGroup
from apps.working_groups.positions import leads
from apps.working_groups.recurrence import follows, in_words, slots
from apps.working_groups.vocabulary import Frequency

#: What a meeting has from its series, as long as nobody gave it another.
_FOLLOWED = ("title", "place", "joining", "time_zone")
#: How far a meeting moves at most when the rule changes: less than from one meeting to the next.
_REACH = {Frequency.FORTNIGHTLY: timedelta(days=14), Frequency.MONTHLY: timedelta(days=28)}


def series_extend(actor: Actor, *, series: Series) -> list[Meeting]:
    """Call the meetings of a series as far ahead as it says; those that were called stay. The new ones.

    A slot that has a meeting, or had one that somebody moved or cancelled, is not called again.
    """
    # WHY: two meetings that end at once would both call the next one.
    locked = Series.objects.select_for_update().filter(pk=series.pk, is_active=True).first()
    if locked is None:
        return []
    known = set(Meeting.objects.filter(series=locked.uuid, slot__isnull=False).values_list("slot", flat=True))
    return [
        meeting_call(
            actor, group=locked.group, title=locked.title, starts=slot,
            ends=slot + timedelta(minutes=locked.lasts), time_zone=locked.time_zone, place=locked.place,
            joining=locked.joining, series=locked,
        )
        for slot in slots(locked, clock.now(), locked.ahead)
        if slot not in known
    ]  # fmt: skip


def ahead_of(series: Series) -> list[Meeting]:
    """Meetings of a series that lie ahead, in their order."""
    rows = Meeting.objects.filter(series=series.uuid, state="planned", needed_by__gt=clock.now())
    return list(rows.order_by("needed_by", "pk"))


def series_save(actor: Actor, *, series: Series) -> None:
    """Store a new or a changed rule; its meetings are called, moved or left out, and the group is told once.

    Nobody is told where nothing changed. NotPermitted for whoever does not lead the group, or where others keep
    meetings ahead.
    """
    was = _led(actor, series) if series.pk else None
    if not leads(actor, series.group) or (was is not None and not was.is_active):
        raise NotPermitted
    series.save()
    touched = _align(actor, series, was) if was is not None else 0
    touched += len(series_extend(actor, series=series))
    if was is None or touched or _said(was) != _said(series) or was.joining != series.joining:
        _tell(actor, series, _said(series))


def series_stop(actor: Actor, *, series: Series) -> None:
    """It goes on no more: what lies ahead is left out, moved by hand or not, and the group is told once.

    Stopping what was stopped does nothing. NotPermitted as for a change.
    """
    was = _led(actor, series)
    if not was.is_active:
        return
    Series.objects.filter(pk=series.pk).update(is_active=False)
    for meeting in ahead_of(series):
        _leave_out(actor, meeting, _("The series was stopped."))
    _tell(actor, series, _("It meets no more in this series."))


def _led(actor: Actor, series: Series) -> Series:
    """The series as it is stored, locked, for somebody who leads its group and keeps what it called."""
    stored = Series.objects.select_for_update().filter(pk=series.pk).first()
    if stored is None or not leads(actor, stored.group):
        raise NotPermitted
    if not all(is_editor(actor, meeting) for meeting in ahead_of(stored)):
        raise NotPermitted(
            _("Meetings of this series are kept by others. Whoever keeps them changes the series.")
        )
    return stored


def _align(actor: Actor, series: Series, was: Series) -> int:
    """Bring what the series called into line with its new rule. How many meetings were moved, changed or left out.

    A meeting whose slot the rule still has keeps it; on a day that is excepted now it is left out; the others move in
    their order, none farther than to the next meeting. What somebody moved or cancelled by hand stays so, and takes
    the place of a slot, so that nothing is called beside it.
    """
    now = clock.now()
    rows = list(Meeting.objects.filter(series=series.uuid, slot__gt=now).order_by("slot", "pk"))
    by_hand = {m.pk for m in rows if m.state != "planned" or m.needed_by != m.slot}
    excepted = [m for m in rows if _day(series, m) in series.except_on]
    stay = [m for m in rows if m not in excepted and follows(series, m.slot)]
    held = {m.slot for m in stay}
    free = [slot for slot in slots(series, now, series.ahead) if slot not in held]
    touched = 0
    for meeting in excepted:
        if meeting.pk not in by_hand:
            _leave_out(actor, meeting, _("The series does not meet on this day."))
            touched += 1
    for meeting in stay:
        touched += _follow(actor, meeting, series, was, None if meeting.pk in by_hand else meeting.slot)
    last = None
    for meeting in rows:
        if meeting in excepted or meeting in stay:
            continue
        slot = _nearest(series, meeting.slot, [each for each in free if last is None or each > last])
        last = slot or last
        if meeting.pk in by_hand:
            if slot is not None:
                Meeting.objects.filter(pk=meeting.pk).update(slot=slot)
            touched += _follow(actor, meeting, series, was, None)
        elif slot is not None:
            touched += _follow(actor, meeting, series, was, slot)
        else:
            _leave_out(actor, meeting, _("The series meets at other times."))
            touched += 1
    return touched


def _day(series: Series, meeting: Meeting) -> Any:
    return timezone.localdate(meeting.slot, ZoneInfo(series.time_zone))


def _nearest(series: Series, slot: datetime | None, free: list[datetime]) -> datetime | None:
    """The free slot that stands for one that the rule has no more: of the same week if there is one."""
    assert slot is not None
    zone, reach = ZoneInfo(series.time_zone), _REACH.get(Frequency(series.frequency), timedelta(days=7))

    def apart(each: datetime) -> tuple[bool, timedelta]:
        same = each.astimezone(zone).isocalendar()[:2] == slot.astimezone(zone).isocalendar()[:2]
        return not same, abs(each - slot)

    return min((each for each in free if abs(each - slot) < reach), key=apart, default=None)


def _follow(actor: Actor, meeting: Meeting, series: Series, was: Series, slot: datetime | None) -> int:
    """What the series has otherwise now, the meeting has too, unless somebody changed it by hand; 1 if it changed.

    With a slot it takes place then.
    """
    if meeting.state != "planned":
        return 0
    changes: dict[str, Any] = {
        name: getattr(series, name)
        for name in _FOLLOWED
        if getattr(meeting, name) == getattr(was, name) != getattr(series, name)
    }
    if slot is not None:
        assert meeting.ends_at is not None
        assert meeting.needed_by is not None
        length = meeting.ends_at - meeting.needed_by
        if length == timedelta(minutes=was.lasts):
            length = timedelta(minutes=series.lasts)
        moved = {"needed_by": slot, "slot": slot, "ends_at": slot + length}
        changes |= {name: value for name, value in moved.items() if getattr(meeting, name) != value}
    if changes:
        record_update(actor, record=meeting, changes=changes)
    return int(bool(changes))


def _leave_out(actor: Actor, meeting: Meeting, note: str) -> None:
    # WHY: the rule left it out, so that the rule may call this day again; by hand it stays left out.
    Meeting.objects.filter(pk=meeting.pk).update(slot=None)
    meeting.slot = None
    transition(actor, record=meeting, name="drop", data={}, note=note)


def _said(series: Series) -> str:
    """The rule as the group is told it."""
    today = timezone.localdate(clock.now(), ZoneInfo(series.time_zone))
    return ", ".join([in_words(series, today), *([series.place] if series.place else [])])


def _tell(actor: Actor, series: Series, said: str) -> None:
    note = _("%(series)s: %(said)s") % {"series": series.title, "said": said}
    transition(actor, record=WorkingGroup.objects.get(pk=series.group_id), name="tell", data={}, note=note)
