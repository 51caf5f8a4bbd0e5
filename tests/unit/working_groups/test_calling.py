"""Calling meetings: one, or those of a series; moving, leaving out, stopping; clocks that change; double presses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from apps.records.models import Event, Step
from apps.working_groups.models import AgendaItem, Attendance, Meeting, Series, StandingItem, WorkingGroup
from apps.working_groups.recurrence import in_words, slots
from apps.working_groups.series import series_extend, series_save
from tests.factories.groups import group_active, item_add, meeting_planned, step
from tests.factories.staff import Staff

ZONE = ZoneInfo("Europe/Berlin")


def rule(**changes: Any) -> Series:
    """A rule that nobody stored: Tuesdays at half past eight in Berlin."""
    values: dict[str, Any] = {
        "title": "Weekly", "frequency": "weekly", "weekdays": ["TU"], "first_on": date(2026, 10, 6), "at": time(8, 30),
        "time_zone": "Europe/Berlin", "lasts": 60, "ahead": 4,
    }  # fmt: skip
    return Series(**values | changes)


def local(moments: list[datetime]) -> list[str]:
    """What the clock on the wall says."""
    return [f"{m.astimezone(ZONE):%a %d %b %H:%M}" for m in moments]


def test_the_hour_stays_when_clocks_change() -> None:
    found = slots(rule(), datetime(2026, 10, 12, tzinfo=UTC), 3)
    assert local(found) == ["Tue 13 Oct 08:30", "Tue 20 Oct 08:30", "Tue 27 Oct 08:30"]
    assert [m.hour for m in found] == [6, 6, 7]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"frequency": "fortnightly"}, ["Tue 20 Oct 08:30", "Tue 03 Nov 08:30"]),
        ({"weekdays": ["MO", "TH"]}, ["Thu 15 Oct 08:30", "Mon 19 Oct 08:30"]),
        ({"frequency": "monthly", "weekdays": []}, ["Tue 03 Nov 08:30", "Tue 01 Dec 08:30"]),
        ({"frequency": "daily", "weekdays": []}, ["Wed 14 Oct 08:30", "Thu 15 Oct 08:30"]),
        ({"frequency": "daily", "weekdays": ["SU", "MO"]}, ["Sun 18 Oct 08:30", "Mon 19 Oct 08:30"]),
        ({"except_on": [date(2026, 10, 20)]}, ["Tue 27 Oct 08:30", "Tue 03 Nov 08:30"]),
        ({"last_on": date(2026, 10, 21)}, ["Tue 20 Oct 08:30"]),
    ],
)
def test_rules(changes: dict[str, Any], wanted: list[str]) -> None:
    assert local(slots(rule(**changes), datetime(2026, 10, 13, 12, tzinfo=UTC), 2)) == wanted


def test_the_fifth_weekday_is_the_last() -> None:
    found = slots(
        rule(frequency="monthly", weekdays=[], first_on=date(2026, 9, 29)),
        datetime(2026, 9, 30, tzinfo=UTC),
        3,
    )
    assert local(found) == ["Tue 27 Oct 08:30", "Tue 24 Nov 08:30", "Tue 29 Dec 08:30"]


def test_a_rule_in_words() -> None:
    assert in_words(rule()) == "Every week, Tuesday, 08:30 (Europe/Berlin), 60 minutes"
    assert "until 2026-12-31" in in_words(rule(last_on=date(2026, 12, 31)))


def series_of(staff: Staff, group: WorkingGroup, **changes: Any) -> Series:
    """A stored series whose meetings are called: every day of the week but one, so that there is always one."""
    first = (timezone.now() + timedelta(days=1)).date()
    with staff.acting("cmc") as actor:
        row = rule(first_on=first, weekdays=[], **changes)
        row.group = group
        row.save()
        series_extend(actor, series=row)
        return row


def ahead(staff: Staff) -> list[Meeting]:
    with staff.acting("cmc"):
        return list(Meeting.objects.filter(state="planned").order_by("needed_by"))


def test_a_series_calls_its_meetings_ahead_once(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    assert [m.needed_by for m in ahead(staff)] == [m.slot for m in ahead(staff)]
    assert {(b.needed_by - a.needed_by).days for a, b in pairwise(ahead(staff))} <= {6, 7}
    with staff.acting("cmc") as actor:
        assert series_extend(actor, series=series) == []
    assert len(ahead(staff)) == 4


def test_members_are_expected_and_standing_items_stand(staff: Staff) -> None:
    group = group_active(staff)
    with staff.acting("cmc"):
        StandingItem.objects.create(group=group, title="Round of the table")
    series_of(staff, group)
    meeting = ahead(staff)[0]
    with staff.acting("cmc"):
        who = set(Attendance.objects.filter(meeting=meeting).values_list("position__title", "standing"))
        assert who == {
            ("Post cmc", "member"), ("Post req", "member"), ("Post clu", "member"), ("Post sec", "observer"),
        }  # fmt: skip
        assert [i.title for i in meeting.items.all()] == ["Round of the table"]


def test_a_changed_rule_moves_what_lies_ahead_in_order(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = ahead(staff)
    with staff.acting("cmc") as actor:
        item = AgendaItem.objects.create(meeting=before[0], title="Stays with its meeting")
        series.first_on += timedelta(days=1)
        series.at = time(10, 0)
        series_save(actor, series=series)
        after = list(Meeting.objects.filter(state="planned").order_by("needed_by"))
        assert [m.pk for m in after] == [m.pk for m in before]
        assert all(m.needed_by.astimezone(ZONE).time() == time(10, 0) for m in after)
        assert all(m.ends_at - m.needed_by == timedelta(hours=1) for m in after)
        assert all(m.sequence > 0 for m in after)
        assert item.meeting_id == after[0].pk


def test_an_unchanged_rule_changes_no_meeting(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = [(m.pk, m.version, m.sequence) for m in ahead(staff)]
    with staff.acting("cmc") as actor:
        series_save(actor, series=series)
    assert [(m.pk, m.version, m.sequence) for m in ahead(staff)] == before


def test_an_exception_leaves_that_meeting_out_and_the_others_where_they_are(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = ahead(staff)
    with staff.acting("cmc") as actor:
        series.except_on = [before[1].needed_by.astimezone(ZONE).date()]
        series_save(actor, series=series)
    after = ahead(staff)
    assert len(after) == 4
    kept = {m.pk: m.needed_by for m in after}
    assert [kept.get(m.pk) for m in (before[0], before[2], before[3])] == [
        m.needed_by for m in (before[0], before[2], before[3])
    ]
    assert all(m.needed_by.astimezone(ZONE).date() not in series.except_on for m in after)


def test_a_meeting_that_somebody_moved_stays(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    hand = ahead(staff)[1]
    elsewhere = hand.needed_by + timedelta(hours=3)
    step(staff, hand, "cmc", "move", starts=elsewhere, ends=elsewhere + timedelta(hours=1), place="Elsewhere")
    with staff.acting("cmc") as actor:
        series.at = time(11, 0)
        series_save(actor, series=series)
        assert Meeting.objects.get(pk=hand.pk).needed_by == elsewhere
        assert Meeting.objects.get(pk=hand.pk).place == "Elsewhere"
    assert len(ahead(staff)) >= 4


def test_fewer_meetings_ahead_leave_the_rest_out(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    with staff.acting("cmc") as actor:
        series.last_on = ahead_day = (
            Meeting.objects.filter(state="planned").order_by("needed_by")[1].needed_by.date()
        )
        series_save(actor, series=series)
        assert Meeting.objects.filter(state="planned").count() == 2
        assert Meeting.objects.filter(state="cancelled", needed_by__date__gt=ahead_day).count() == 2


def test_the_group_is_told_once_of_a_changed_rhythm(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    with staff.acting("cmc") as actor:
        known = Event.objects.count()
        series.at = time(12, 0)
        series_save(actor, series=series)
        verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))[known:]
        assert verbs == ["working_group.tell"]
        assert "12:00" in Step.objects.filter(name="tell").latest("at").note


def test_ending_a_meeting_calls_nothing_twice(staff: Staff) -> None:
    """Before its hour the slot is still its own; the demo's quarter shows that one more is called afterwards."""
    series_of(staff, group_active(staff))
    first = ahead(staff)[0]
    step(staff, first, "cmc", "start")
    step(staff, first, "cmc", "end")
    assert first.slot not in {m.slot for m in ahead(staff)}
    assert len(ahead(staff)) == 3


def test_what_had_no_minute_is_carried_over_once(staff: Staff) -> None:
    group = group_active(staff)
    one = meeting_planned(staff, group)
    two = meeting_planned(staff, group, starts=one.needed_by + timedelta(days=7))
    three = meeting_planned(staff, group, starts=one.needed_by + timedelta(days=14))
    done, left = item_add(staff, one, minute="said"), item_add(staff, one, session="closed", admits="named")
    with staff.acting("cmc"):
        left.admitted.create(meeting=one, position=staff.positions["clu"])
    for name in ("start", "end"):
        step(staff, one, "cmc", name)
    with staff.acting("cmc"):
        again = Meeting.objects.get(pk=two.pk).items.get()
        assert (again.title, again.session, again.admits, again.carried_from) == (
            left.title,
            "closed",
            "named",
            left.uuid,
        )
        assert [a.position_id for a in again.admitted.all()] == [staff.positions["clu"].pk]
        assert not Meeting.objects.get(pk=three.pk).items.exists()
        assert AgendaItem.objects.get(pk=done.pk).state == "treated"


def test_what_waited_for_a_meeting_stands_on_the_next_that_is_called(staff: Staff) -> None:
    group = group_active(staff)
    one = meeting_planned(staff, group)
    left = item_add(staff, one)
    for name in ("start", "end"):
        step(staff, one, "cmc", name)
    two = meeting_planned(staff, group, starts=one.needed_by + timedelta(days=7))
    three = meeting_planned(staff, group, starts=one.needed_by + timedelta(days=14))
    with staff.acting("cmc"):
        assert [i.carried_from for i in Meeting.objects.get(pk=two.pk).items.all()] == [left.uuid]
        assert not Meeting.objects.get(pk=three.pk).items.exists()


# ---------------------------------------------------------------- pages
def browser(staff: Staff, name: str) -> Client:
    client = Client()
    client.force_login(staff.people[name])
    return client


def form(**changes: Any) -> dict[str, Any]:
    begins = timezone.localtime() + timedelta(days=2)
    return {
        "title": "Extraordinary meeting", "starts": f"{begins:%Y-%m-%dT%H:%M}",
        "ends": f"{begins + timedelta(hours=1):%Y-%m-%dT%H:%M}", "place": "Tent 4", "classification": "0",
        "sensitivity": "1", "scope": "private",
    } | changes  # fmt: skip


def test_calling_by_the_page_once_however_often_it_is_sent(staff: Staff) -> None:
    group = group_active(staff)
    client, where = browser(staff, "cmc"), f"/working-groups/{group.uuid}/call/"
    page = client.get(where)
    key = page.context["idempotency_key"]
    for _again in range(2):
        answer = client.post(where, form(idempotency_key=key))
        assert answer.status_code == 302, answer.content.decode()[:2000]
    assert [m.title for m in ahead(staff)] == ["Extraordinary meeting"]
    with staff.acting("req"):
        assert Meeting.objects.filter(title="Extraordinary meeting").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends": "2020-01-01T10:00"}, "ends"),
        ({"title": ""}, "title"),
        ({"sensitivity": "0"}, "sensitivity"),
        ({"starts": "x"}, "starts"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_kept(staff: Staff, wrong: dict[str, str], field: str) -> None:
    group = group_active(staff, sensitivity=1)
    answer = browser(staff, "cmc").post(f"/working-groups/{group.uuid}/call/", form(**wrong))
    assert answer.status_code == 422
    found = answer.context["form"].errors | answer.context["label_form"].errors
    assert list(found) == [field]
    assert "Tent 4" in answer.content.decode()
    assert ahead(staff) == []


def test_the_pages_are_missing_for_whoever_does_not_lead(staff: Staff) -> None:
    group = group_active(staff)
    for name in ("req", "sec", "cim"):
        for page in ("call", "series"):
            assert browser(staff, name).get(f"/working-groups/{group.uuid}/{page}/").status_code == 404


def rhythm(**changes: Any) -> dict[str, Any]:
    tomorrow = f"{timezone.now() + timedelta(days=1):%Y-%m-%d}"
    return {
        "title": "Weekly", "frequency": "weekly", "first_on": tomorrow, "at": "08:30",
        "lasts": "60", "time_zone": "Africa/Juba", "ahead": "3", "except_on": "", "place": "Room 2",
    } | changes  # fmt: skip


def test_a_series_by_the_page_shows_its_dates_first(staff: Staff) -> None:
    group = group_active(staff)
    client, where = browser(staff, "cmc"), f"/working-groups/{group.uuid}/series/"
    shown = client.post(where, rhythm(preview="1"))
    assert shown.status_code == 200
    assert len(shown.context["dates"]) == 3
    assert ahead(staff) == []
    key = client.get(where).context["idempotency_key"]
    for _again in range(2):
        assert client.post(where, rhythm(idempotency_key=key)).status_code == 302
    assert len(ahead(staff)) == 3
    assert "08:30 (Africa/Juba)" in client.get(f"/working-groups/{group.uuid}/").content.decode()


def test_a_series_is_changed_and_stopped_by_the_page(staff: Staff) -> None:
    group = group_active(staff)
    series = series_of(staff, group)
    client, where = browser(staff, "cmc"), f"/working-groups/{group.uuid}/series/{series.uuid}/"
    first = f"{series.first_on:%Y-%m-%d}"
    assert client.post(where, rhythm(at="09:15", first_on=first, ahead="4")).status_code == 302
    assert {f"{m.needed_by.astimezone(ZoneInfo('Africa/Juba')):%H:%M}" for m in ahead(staff)} == {"09:15"}
    assert client.post(f"{where}stop/").status_code == 302
    assert ahead(staff) == []
    assert client.get(where).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"except_on": "Christmas"}, "except_on"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"last_on": "2020-01-01"}, "last_on"),
        ({"ahead": "500"}, "ahead"),
        ({"lasts": "0"}, "lasts"),
    ],
)
def test_a_wrong_rule_is_told_at_its_field(staff: Staff, wrong: dict[str, str], field: str) -> None:
    group = group_active(staff)
    answer = browser(staff, "cmc").post(f"/working-groups/{group.uuid}/series/", rhythm(**wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert ahead(staff) == []
