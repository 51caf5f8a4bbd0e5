"""A series whose rule changes: what moves, what stays as somebody set it, what is left out, and who is told."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.records.errors import NotPermitted
from apps.records.models import Event, Step
from apps.working_groups.models import AgendaItem, Attendance, Meeting, Series
from apps.working_groups.recurrence import in_words
from apps.working_groups.series import series_save, series_stop
from tests.factories.groups import group_active, item_add, step
from tests.factories.staff import Staff
from tests.unit.working_groups.test_calling import ZONE, ahead, browser, rhythm, rule, series_of

HOUR = timedelta(hours=1)


def changed(staff: Staff, series: Series, by: str = "cmc", **changes: Any) -> None:
    """Change a rule as the holder of a post."""
    with staff.acting(by) as actor:
        row = Series.objects.get(pk=series.pk)
        for name, value in changes.items():
            setattr(row, name, value)
        series_save(actor, series=row)


def told(staff: Staff) -> list[str]:
    """What the group was told, in its order."""
    with staff.acting("cmc"):
        return list(Step.objects.filter(name="tell").order_by("at").values_list("note", flat=True))


def elsewhere(staff: Staff, meeting: Meeting, hours: int = 3) -> Meeting:
    """Move a meeting by hand."""
    begins = meeting.needed_by + hours * HOUR
    found: Meeting = step(
        staff, meeting, "cmc", "move", starts=begins, ends=begins + HOUR, place=meeting.place
    )
    return found


def days(meetings: list[Meeting]) -> list[date]:
    return [m.needed_by.astimezone(ZONE).date() for m in meetings]


def test_what_the_rule_left_out_it_calls_again(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = [m.needed_by for m in ahead(staff)]
    changed(staff, series, last_on=before[1].astimezone(ZONE).date())
    assert [m.needed_by for m in ahead(staff)] == before[:2]
    changed(staff, series, last_on=None)
    assert [m.needed_by for m in ahead(staff)] == before


def test_what_somebody_left_out_stays_left_out_when_the_hour_changes(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = ahead(staff)
    step(staff, before[1], "cmc", "drop", "A holiday.")
    changed(staff, series, at=time(11, 0))
    assert days(ahead(staff)) == days([before[0], *before[2:]])


def test_an_excepted_day_is_left_out_and_comes_back(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = ahead(staff)
    out = days(before)[1]
    changed(staff, series, except_on=[out])
    with staff.acting("cmc"):
        left = Meeting.objects.get(pk=before[1].pk)
    assert (left.state, left.needed_by, left.sequence > 0) == ("cancelled", before[1].needed_by, True)
    assert out not in days(ahead(staff))
    assert f"not on {out}" in told(staff)[-1]
    changed(staff, series, except_on=[])
    assert out in days(ahead(staff))


def test_a_meeting_that_somebody_moved_stands_for_its_slot(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = ahead(staff)
    hand = elsewhere(staff, before[1])
    changed(staff, series, at=time(11, 0))
    after = ahead(staff)
    assert days(after) == days(before)
    assert next(m for m in after if m.pk == hand.pk).needed_by == hand.needed_by
    changed(staff, series, at=time(8, 30))
    assert [m.pk for m in ahead(staff)] == [m.pk for m in before]


def test_place_and_length_set_by_hand_stay_and_the_rest_follows(staff: Staff) -> None:
    series = series_of(staff, group_active(staff), place="Room 1")
    one, two, *_rest = ahead(staff)
    step(staff, one, "cmc", "move", starts=one.needed_by, ends=one.needed_by + 2 * HOUR, place="Tent 4")
    hand = elsewhere(staff, two)
    changed(staff, series, place="Room 2", joining="Line 7", lasts=30)
    after = {m.pk: m for m in ahead(staff)}
    assert (after[one.pk].place, after[one.pk].joining) == ("Tent 4", "Line 7")
    assert after[one.pk].ends_at - after[one.pk].needed_by == 2 * HOUR
    assert (after[two.pk].place, after[two.pk].joining) == ("Room 2", "Line 7")
    assert (after[two.pk].needed_by, after[two.pk].ends_at) == (hand.needed_by, hand.ends_at)
    others = [m for m in after.values() if m.pk not in (one.pk, two.pk)]
    assert {(m.place, m.ends_at - m.needed_by) for m in others} == {("Room 2", timedelta(minutes=30))}


def test_another_weekday_moves_each_within_its_reach_and_in_order(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = ahead(staff)
    codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    changed(staff, series, weekdays=[codes[(days(before)[0].weekday() + 2) % 7]])
    after = ahead(staff)
    assert [m.pk for m in after] == [m.pk for m in before]
    assert all(abs(b.needed_by - a.needed_by) < timedelta(days=7) for a, b in zip(before, after, strict=True))
    assert len(set(days(after))) == len(after)


def test_every_two_weeks_leaves_every_other_out(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = ahead(staff)
    changed(staff, series, frequency="fortnightly", ahead=2)
    assert [m.pk for m in ahead(staff)] == [before[0].pk, before[2].pk]


def test_fewer_ahead_cancels_nothing(staff: Staff) -> None:
    """They take place whatever the number: who would be told of one that is left out and called again next week."""
    series = series_of(staff, group_active(staff))
    before = [m.pk for m in ahead(staff)]
    changed(staff, series, ahead=2)
    assert [m.pk for m in ahead(staff)] == before


def test_what_stood_on_an_agenda_left_out_waits_for_the_next(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    one, two, *_rest = ahead(staff)
    wanted = item_add(staff, one, session="closed", admits="named")
    item_add(staff, one, title="Round of the table", stands=True)
    with staff.acting("cmc"):
        wanted.admitted.create(meeting=one, position=staff.positions["clu"])
    changed(staff, series, except_on=[days([one])[0]])
    with staff.acting("cmc"):
        again = AgendaItem.objects.get(meeting=two)
        assert (again.carried_from, again.session, again.title) == (wanted.uuid, "closed", wanted.title)
        assert [row.position_id for row in again.admitted.all()] == [staff.positions["clu"].pk]


def test_a_cancelled_meeting_hands_its_agenda_on(staff: Staff) -> None:
    series_of(staff, group_active(staff))
    one, two, *_rest = ahead(staff)
    wanted = item_add(staff, one)
    step(staff, one, "cmc", "cancel", "The road is closed.")
    with staff.acting("cmc"):
        assert [i.carried_from for i in AgendaItem.objects.filter(meeting=two)] == [wanted.uuid]


# ---------------------------------------------------------------- who is told
def test_a_new_series_is_told_once(staff: Staff) -> None:
    group = group_active(staff)
    assert browser(staff, "cmc").post(f"/working-groups/{group.uuid}/series/", rhythm()).status_code == 302
    assert len(ahead(staff)) == 3
    assert len(told(staff)) == 1
    assert told(staff)[0].startswith("Weekly: Every week")
    assert told(staff)[0].endswith("Room 2")


def test_nothing_changed_is_told_to_nobody(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    with staff.acting("cmc"):
        known = Event.objects.count()
    changed(staff, series)
    with staff.acting("cmc"):
        assert Event.objects.count() == known


def test_stopping_leaves_out_all_that_lies_ahead_once(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    elsewhere(staff, ahead(staff)[1])
    for _again in range(2):
        with staff.acting("cmc") as actor:
            series_stop(actor, series=series)
    assert ahead(staff) == []
    assert told(staff) == ["Weekly: It meets no more in this series."]
    with staff.acting("cmc"):
        verbs = Event.objects.filter(verb__in=("meeting.cancel", "meeting.move"))
        assert verbs.count() == 1  # the move by hand
        assert set(Meeting.objects.filter(series=series.uuid).values_list("state", flat=True)) == {
            "cancelled"
        }


def test_a_stopped_series_is_not_changed_and_calls_nothing(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    with staff.acting("cmc") as actor:
        series_stop(actor, series=series)
    with pytest.raises(NotPermitted):
        changed(staff, series, at=time(9, 0))
    assert ahead(staff) == []


# ---------------------------------------------------------------- who may
def test_members_do_not_change_a_series(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = [(m.pk, m.needed_by) for m in ahead(staff)]
    for name in ("req", "sec"):
        with pytest.raises(NotPermitted):
            changed(staff, series, by=name, at=time(9, 0))
        with pytest.raises(NotPermitted), staff.acting(name) as actor:
            series_stop(actor, series=series)
    assert [(m.pk, m.needed_by) for m in ahead(staff)] == before


def test_a_new_chair_keeps_what_the_last_one_called(staff: Staff) -> None:
    group = group_active(staff)
    series = series_of(staff, group)
    named = ahead(staff)[3]
    with staff.acting("cmc"):
        Meeting.objects.filter(pk=named.pk).update(chair=staff.positions["req"])
    step(staff, group, "cmc", "appoint", chair=staff.positions["clu"], secretariat=staff.positions["sec"])
    with staff.acting("clu"):
        rows = list(Meeting.objects.filter(series=series.uuid).order_by("needed_by"))
        posts = staff.positions
        assert [(m.chair_id, m.secretary_id) for m in rows[:3]] == [(posts["clu"].pk, posts["sec"].pk)] * 3
        assert rows[3].chair_id == posts["req"].pk
        assert Attendance.objects.filter(meeting=rows[0], position=posts["clu"]).count() == 1


def test_a_new_chair_changes_the_series(staff: Staff) -> None:
    group = group_active(staff)
    series = series_of(staff, group)
    step(staff, group, "cmc", "appoint", chair=staff.positions["clu"])
    changed(staff, series, by="clu", at=time(12, 0))
    assert {m.needed_by.astimezone(ZONE).hour for m in ahead(staff)} == {12}


def test_whoever_leads_and_does_not_keep_the_meetings_is_told_so(staff: Staff) -> None:
    """The co-chair, beside a secretariat: closed items admit “chair and secretariat alone”; the wall stays."""
    posts = staff.positions
    group = group_active(staff, co_chair=posts["req"], secretariat=posts["clu"])
    series = series_of(staff, group)
    before = [(m.pk, m.needed_by) for m in ahead(staff)]
    client, where = browser(staff, "req"), f"/working-groups/{group.uuid}/series/{series.uuid}/"
    answer = client.post(where, rhythm(at="09:15", first_on=f"{series.first_on}"))
    assert answer.status_code == 403
    assert "Meetings of this series are kept by others." in answer.content.decode()
    answer = client.post(f"{where}stop/")
    assert answer.status_code == 403
    assert "Meetings of this series are kept by others." in answer.content.decode()
    assert [(m.pk, m.needed_by) for m in ahead(staff)] == before
    with staff.acting("cmc"):
        assert Series.objects.get(pk=series.pk).at == series.at


def test_whoever_only_keeps_the_minutes_ends_a_meeting_of_a_series(staff: Staff) -> None:
    series_of(staff, group_active(staff))
    first = ahead(staff)[0]
    with staff.acting("cmc") as actor:
        from apps.records.services import record_update
        from apps.working_groups.convening import appointed

        found = Meeting.objects.get(pk=first.pk)
        record_update(actor, record=found, changes={"secretary": staff.positions["req"]})
        appointed(actor, record=found)
    step(staff, first, "req", "start")
    assert step(staff, first, "req", "end").state == "minutes"


# ---------------------------------------------------------------- pages
def test_stopping_is_asked_first_and_pressed_twice_stops_once(staff: Staff) -> None:
    group = group_active(staff)
    series = series_of(staff, group)
    client, where = browser(staff, "cmc"), f"/working-groups/{group.uuid}/series/{series.uuid}/stop/"
    page = client.get(where)
    assert "4 meetings ahead do not take place then" in page.content.decode()
    assert len(ahead(staff)) == 4
    for _again in range(2):
        assert client.post(where).status_code == 302
    assert ahead(staff) == []
    assert len(told(staff)) == 1
    assert client.get(where).status_code == 302


def test_stopping_is_missing_for_others_and_for_series_of_other_groups(staff: Staff) -> None:
    group, other = group_active(staff), group_active(staff)
    series = series_of(staff, group)
    for name in ("req", "sec", "cim"):
        answer = browser(staff, name).post(f"/working-groups/{group.uuid}/series/{series.uuid}/stop/")
        assert answer.status_code == 404
    answer = browser(staff, "cmc").post(f"/working-groups/{other.uuid}/series/{series.uuid}/stop/")
    assert answer.status_code == 404
    assert len(ahead(staff)) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_on": "9999-12-31", "at": "23:00", "time_zone": "America/New_York"},
        {"first_on": "0001-01-01", "at": "01:00", "time_zone": "Asia/Tokyo"},
        {"first_on": "1500-01-01", "frequency": "daily"},
    ],
)
@pytest.mark.parametrize("button", [{}, {"preview": "1"}])
def test_days_at_the_ends_of_the_calendar(
    staff: Staff, wrong: dict[str, str], button: dict[str, str]
) -> None:
    group = group_active(staff)
    answer = browser(staff, "cmc").post(f"/working-groups/{group.uuid}/series/", rhythm(**wrong, **button))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["first_on"]


def test_the_words_name_days_left_out_from_today_on() -> None:
    row = rule(except_on=[date(2026, 12, 29), date(2026, 10, 20)])
    assert in_words(row).endswith("not on 2026-10-20, 2026-12-29")
    assert in_words(row, date(2026, 11, 1)).endswith("not on 2026-12-29")
    assert "not on" not in in_words(row, date(2027, 1, 1))


def test_the_hour_of_the_zone_named_stays_when_the_zone_changes(staff: Staff) -> None:
    series = series_of(staff, group_active(staff))
    before = ahead(staff)
    changed(staff, series, time_zone="America/New_York")
    after = ahead(staff)
    assert [m.pk for m in after] == [m.pk for m in before]
    assert {m.needed_by.astimezone(ZoneInfo("America/New_York")).time() for m in after} == {time(8, 30)}
    assert {m.time_zone for m in after} == {"America/New_York"}
