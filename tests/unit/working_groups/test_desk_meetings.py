"""The desk's meetings of today and tomorrow: mine, by the mission's clock, with my answer; no section without one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.mission.models import Mission
from apps.records import clock
from apps.working_groups.models import Meeting
from apps.working_groups.record import MeetingType
from apps.working_groups.selectors import MEETINGS_MOST, near_meetings
from tests.factories.groups import group_active, meeting_planned, step
from tests.factories.staff import Staff

#: Ten in the evening of the first of March in the mission, eight in the world.
NOW = datetime(2031, 3, 1, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def evening(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is evening in a mission that is two hours ahead."""
    Mission.objects.filter(pk=staff.mission.pk).update(time_zone="Africa/Juba")
    monkeypatch.setattr(staff.mission, "time_zone", "Africa/Juba")
    monkeypatch.setattr(clock, "now", lambda: NOW)


def desk(staff: Staff, name: str) -> str:
    """The section as somebody sees it; empty where there is none."""
    client = Client()
    client.force_login(staff.people[name])
    answer = client.get("/")
    assert answer.status_code == 200
    text = answer.content.decode()
    start = text.find('aria-labelledby="desk-meetings"')
    return "" if start < 0 else text[start : text.index("</section>", start)]


def said(text: str) -> str:
    """The same in words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def at(staff: Staff, group: Any, hours: float, **changes: Any) -> Meeting:
    """A meeting so many hours from now."""
    return meeting_planned(staff, group, starts=NOW + timedelta(hours=hours), **changes)


def test_today_and_tomorrow_are_the_missions(staff: Staff) -> None:
    group = group_active(staff)
    today, tomorrow, late = (at(staff, group, hours) for hours in (1, 3, 25.9))
    yesterday, after = at(staff, group, -23), at(staff, group, 26.1)
    page = said(desk(staff, "req"))
    assert f"{today.title} Today Sat 1 Mar 2031, 23:00" in page
    assert f"{tomorrow.title} Tomorrow Sun 2 Mar 2031, 01:00" in page
    assert late.title in page
    for other in (yesterday, after):
        assert other.title not in page
    assert page.index(today.title) < page.index(tomorrow.title) < page.index(late.title)
    assert today.place in page
    assert "Meetings today and tomorrow (3)" in page


def test_my_answer_stands_with_the_way_to_give_it(staff: Staff) -> None:
    meeting = at(staff, group_active(staff), 1)
    way = MeetingType.url(meeting, "transition", name="answer")
    page = desk(staff, "req")
    assert "My answer: No answer Say whether I come" in said(page)
    assert way in page
    step(staff, meeting, "req", "answer", answer="substitute", substitute="Deputy")
    assert "Sends a substitute: Deputy" in said(desk(staff, "req"))
    assert "No answer" in said(desk(staff, "clu")), "an answer is one's own"
    step(staff, meeting, "cmc", "start")
    page = desk(staff, "req")
    assert "In session" in said(page)
    assert way not in page, "it can be changed no more"


def test_a_meeting_that_goes_on_past_midnight_is_of_today(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = at(staff, group_active(staff), 1.5)
    step(staff, meeting, "cmc", "start")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=2.25))
    assert f"{meeting.title} Today" in said(desk(staff, "req"))


def test_what_is_over_cancelled_or_anybodys_is_not_there(staff: Staff) -> None:
    group = group_active(staff, scope="mission")
    over, cancelled = at(staff, group, 1, scope="mission"), at(staff, group, 2)
    step(staff, over, "cmc", "start")
    step(staff, over, "cmc", "end")
    step(staff, cancelled, "cmc", "cancel", note="rain")
    assert desk(staff, "req") == "", "nothing, and no heading"
    mine = at(staff, group, 3, scope="mission")
    assert mine.title in desk(staff, "req")
    assert mine.title in desk(staff, "cmc"), "whoever keeps it"
    assert desk(staff, "cim") == "", "read by everybody, and no meeting of theirs"


def test_a_hidden_meeting_of_others_is_not_there(staff: Staff) -> None:
    at(staff, group_active(staff), 1)
    assert desk(staff, "unit") == ""


def test_many_are_cut_with_the_way_to_the_rest_in_one_query(staff: Staff) -> None:
    group = group_active(staff)
    for number in range(MEETINGS_MOST + 1):
        at(staff, group, 1 + number / 10)
    page = desk(staff, "req")
    assert f"({MEETINGS_MOST}+)" in page
    assert 'href="/meetings/"' in page
    with staff.acting("req") as actor:
        assert actor.positions, "known to every page"
        with CaptureQueriesContext(connection) as asked:
            found, more = near_meetings(actor)
    assert (len(found), more, len(asked.captured_queries)) == (MEETINGS_MOST, True, 1)
