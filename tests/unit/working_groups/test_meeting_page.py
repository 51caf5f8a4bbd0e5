"""The page of a meeting, its print and its attendance: what each reader sees of it, in the order of reading."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from apps.mission.vocabulary import EngagementStance
from apps.records.models import Record
from apps.working_groups.models import AgendaItem, Attendance, Correction, Meeting
from apps.working_groups.record import MeetingType
from tests.factories.canary import canary
from tests.factories.groups import (
    decision_made,
    expected,
    group_active,
    item_add,
    meeting_planned,
    step,
)
from tests.factories.paper import pdf_text, squeezed
from tests.factories.staff import Staff


def signed_in(staff: Staff, name: str) -> Client:
    """A browser in which the holder of a post is signed in."""
    client = Client()
    client.force_login(staff.people[name])
    return client


def seen(staff: Staff, name: str, meeting: Record, page: str = "detail", **extra: Any) -> str:
    """What somebody sees of it."""
    answer = signed_in(staff, name).get(MeetingType.url(meeting, page, **extra))
    assert answer.status_code == 200
    return answer.content.decode()


def said(text: str) -> str:
    """The main part of a page in words."""
    main = text[text.index('id="main"') :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def held(staff: Staff, meeting: Meeting, *steps: str) -> Meeting:
    """Take the meeting through steps of whoever keeps it."""
    for name in steps:
        meeting = step(staff, meeting, "cmc", name)
    return meeting


# ---------------------------------------------------------------- when and where
def test_it_says_when_in_the_meetings_own_zone(staff: Staff) -> None:
    begins = datetime(2031, 1, 15, 6, 30, tzinfo=UTC)
    meeting = meeting_planned(
        staff, group_active(staff), starts=begins, time_zone="Africa/Juba", joining="Code 1234"
    )
    page = said(seen(staff, "req", meeting))
    assert "Wed 15 Jan 2031, 08:30–09:30 CAT" in page
    assert "On your clock: Wed 15 Jan 2031, 06:30 UTC" in page
    for told in (meeting.place, "Code 1234", "Post cmc"):
        assert told in page


def test_who_keeps_it_is_restricted_where_unknown(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), scope="mission")
    house = staff.organisations["agency"]
    house.engagement_stance = EngagementStance.UNLISTED
    house.save()
    page = said(seen(staff, "cim", meeting))
    assert "Post cmc" not in page
    assert "Chaired by restricted" in page


def test_the_meetings_before_and_after_are_those_one_reads(staff: Staff) -> None:
    group = group_active(staff)
    now = timezone.now().replace(microsecond=0)
    before, meeting, after = (
        meeting_planned(staff, group, starts=now + timedelta(days=days), scope=scope)
        for days, scope in ((1, "private"), (2, "mission"), (3, "private"))
    )
    page = seen(staff, "req", meeting)
    for other in (before, after):
        assert MeetingType.url(other) in page
    page = seen(staff, "cim", meeting)
    for other in (before, after):
        assert other.reference not in page
    assert group.title not in page, "nor the group, which they do not read"


def test_my_answer_stands_with_the_way_to_change_it(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    assert "My answer Not given Say whether I come" in said(seen(staff, "req", meeting))
    step(staff, meeting, "req", "answer", answer="substitute", substitute="Deputy")
    page = seen(staff, "req", meeting)
    assert "Sends a substitute: Deputy" in said(page)
    assert MeetingType.url(meeting, "transition", name="answer") in page
    held(staff, meeting, "start")
    page = seen(staff, "req", meeting)
    assert "Sends a substitute: Deputy" in said(page)
    assert MeetingType.url(meeting, "transition", name="answer") not in page, "it can be changed no more"
    assert "My answer" not in said(seen(staff, "clu", meeting)), "nor given: they gave none in time"
    other = meeting_planned(staff, group_active(staff), scope="mission")
    assert "My answer" not in said(seen(staff, "cim", other)), "nor is there any for whoever is not expected"


# ---------------------------------------------------------------- agenda
def test_a_closed_item_is_marked_and_others_cannot_tell_that_there_is_one(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), scope="mission")
    item_add(staff, meeting, order=10, title="First", minutes_planned=10)
    item_add(staff, meeting, order=20, title="Behind doors", session="closed", minutes_planned=30)
    item_add(staff, meeting, order=30, title="Last")
    admitted = said(seen(staff, "req", meeting))
    assert "Closed: Members, without observers and invitees" in admitted
    assert [f"{n}. {t}" in admitted for n, t in ((1, "First"), (2, "Behind doors"), (3, "Last"))] == [
        True
    ] * 3
    for page in ("detail", "print"):
        others = said(seen(staff, "sec", meeting, page))
        assert "Behind doors" not in others
        assert "Closed" not in others
        assert "2. Last" in others


def test_items_begin_when_those_before_them_are_over(staff: Staff) -> None:
    begins = datetime(2031, 1, 15, 8, 0, tzinfo=UTC)
    meeting = meeting_planned(staff, group_active(staff), starts=begins, time_zone="UTC")
    for order, minutes in ((10, 15), (20, None), (30, 5)):
        item_add(staff, meeting, order=order, title=f"Item {order}", minutes_planned=minutes)
    page = said(seen(staff, "req", meeting))
    assert re.search(r"Item 10 08:00 15 minutes .*Item 20 08:15 ", page)
    assert not re.search(r"Item 30 \d\d:\d\d", page), "nobody knows how long the second takes"
    assert "Item 30" in page


def test_proposals_stand_apart_with_who_proposed_them(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item_add(staff, meeting, title="Taken")
    step(staff, meeting, "req", "propose", title="Wanted")
    page = said(seen(staff, "clu", meeting))
    assert page.index("Proposed for the agenda") < page.index("Wanted")
    assert "Proposed by Post req" in page
    held(staff, meeting, "start")
    page = said(seen(staff, "clu", meeting))
    assert "1 proposal that was not taken up" in page
    assert "Not taken up before the meeting." in page


def test_what_was_carried_over_says_from_where_to_those_who_read_that(staff: Staff) -> None:
    group = group_active(staff)
    now = timezone.now().replace(microsecond=0)
    first = meeting_planned(staff, group, starts=now + timedelta(days=1))
    second = meeting_planned(staff, group, starts=now + timedelta(days=8), scope="mission")
    item_add(staff, first, title="Waits")
    held(staff, first, "start", "end")
    assert f"Carried over from {first.reference}" in said(seen(staff, "req", second))
    page = said(seen(staff, "cim", second))
    assert first.reference not in page
    assert "Carried over" in page


def test_decisions_stand_under_their_item_for_those_who_read_them(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), scope="mission")
    open_item = item_add(staff, meeting, order=10, title="Open")
    held(staff, meeting, "start")
    with staff.acting("cmc"):
        AgendaItem.objects.filter(pk=open_item.pk).update(minute="First.\n\nSecond.")
    decision = decision_made(staff, meeting, open_item, scope="private")
    page = seen(staff, "req", meeting)
    assert "<p>First.</p>" in page
    assert page.index("First.") < page.index(decision.reference)
    assert decision.text in page
    assert decision.reference not in seen(staff, "cim", meeting)


def test_corrections_and_amendments_stand_under_their_item(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item = item_add(staff, meeting, title="Roads", minute="said")
    held(staff, meeting, "start", "end", "circulate")
    step(staff, meeting, "req", "correct", item=str(item.uuid), text="it was the bridge")
    page = said(seen(staff, "clu", meeting))
    assert page.index("Roads") < page.index("it was the bridge")
    assert "Correction asked for Post req" in page
    with staff.acting("cmc"):
        correction = Correction.objects.get(meeting=meeting)
    step(
        staff,
        meeting,
        "cmc",
        "settle",
        correction=str(correction.uuid),
        outcome="declined",
        reply="It was the road.",
    )
    held(staff, meeting, "adopt")
    step(
        staff, meeting, "cmc", "amend", item=str(item.uuid), text="the bridge after all", reason="photographs"
    )
    page = said(seen(staff, "clu", meeting))
    for told in ("Declined", "It was the road.", "Amended on", "the bridge after all", "photographs"):
        assert told in page
    printed = said(seen(staff, "clu", meeting, "print"))
    assert "the bridge after all" in printed


# ---------------------------------------------------------------- who takes part
def test_numbers_are_for_those_who_may_learn_who_belongs(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff, membership="leads"), scope="mission")
    meeting = held(staff, meeting, "start")
    with staff.acting("cmc"):
        Attendance.objects.filter(meeting=meeting, standing="member").update(presence="in_person")
    assert "3 of 3 members took part, quorum 2: reached" in said(seen(staff, "cmc", meeting))
    for name in ("req", "cim"):
        for page in ("detail", "print"):
            text = seen(staff, name, meeting, page)
            assert "quorum" not in said(text), (name, page)
            # WHY: the panel of readers names the mission's people, who read it anyway.
            told = said(text.split("</aside>")[0].split('<aside class="sticky"')[0])
            assert "Post clu" not in told, (name, page)
    assert "Who else is expected is not shown to you." in said(seen(staff, "req", meeting))


def test_a_quorum_that_is_missing_is_said(staff: Staff) -> None:
    meeting = held(staff, meeting_planned(staff, group_active(staff)), "start")
    assert "0 of 3 members took part, quorum 2: not reached" in said(seen(staff, "req", meeting))


def noted(staff: Staff, name: str, meeting: Meeting, **rows: tuple[str, str]) -> Any:
    """Send the form of attendance: post -> (presence, substitute)."""
    data: dict[str, str] = {"guest-name": "", "guest-presence": "in_person"}
    with staff.acting("cmc"):
        for row in Attendance.objects.filter(meeting=meeting).select_related("position"):
            who = next((n for n, p in staff.positions.items() if p.pk == row.position_id), "")
            presence, substitute = rows.get(who, (row.presence, row.substitute))
            data |= {f"row-{row.uuid}-presence": presence, f"row-{row.uuid}-substitute": substitute}
    data |= {key: value for key, value in rows.items() if isinstance(value, str)}
    return signed_in(staff, name).post(MeetingType.url(meeting, "attendance"), data)


def test_one_press_notes_who_took_part(staff: Staff) -> None:
    meeting = held(staff, meeting_planned(staff, group_active(staff)), "start")
    assert "Note who is present" in said(seen(staff, "cmc", meeting))
    answer = noted(
        staff, "cmc", meeting, req=("in_person", ""), clu=("substitute", "Deputy"), sec=("regrets", "")
    )
    assert answer.status_code == 302
    told = {name: expected(staff, meeting, name) for name in ("req", "clu", "sec", "cmc")}
    assert {n: r.presence for n, r in told.items()} == {
        "req": "in_person", "clu": "substitute", "sec": "regrets", "cmc": "",
    }  # fmt: skip
    assert told["clu"].substitute == "Deputy"
    assert "2 of 3 members took part, quorum 2: reached" in said(seen(staff, "cmc", meeting, "attendance"))


def test_a_substitute_without_a_name_is_refused_at_its_row_and_nothing_is_noted(staff: Staff) -> None:
    meeting = held(staff, meeting_planned(staff, group_active(staff)), "start")
    answer = noted(staff, "cmc", meeting, req=("in_person", ""), clu=("substitute", " "))
    assert answer.status_code == 422
    row = expected(staff, meeting, "clu")
    page = answer.content.decode()
    assert "Say by function who came instead of: Post clu" in page
    assert f'href="#id_row-{row.uuid}-substitute"' in page, "the summary leads to the field"
    assert expected(staff, meeting, "req").presence == ""


def test_a_guest_is_added_by_function_and_taken_off_again(staff: Staff) -> None:
    meeting = held(staff, meeting_planned(staff, group_active(staff)), "start")
    name = canary("guest")
    client = signed_in(staff, "cmc")
    url = MeetingType.url(meeting, "attendance")
    client.post(url, {"guest-name": name, "guest-presence": "remote"})
    with staff.acting("cmc"):
        row = Attendance.objects.get(meeting=meeting, name=name)
        assert (row.presence, row.standing) == ("remote", "invitee")
    assert client.post(url, {"remove": str(row.uuid)}).status_code == 302
    with staff.acting("cmc"):
        assert not Attendance.objects.filter(pk=row.pk).exists()
    member = expected(staff, meeting, "req")
    assert client.post(url, {"remove": str(member.uuid)}).status_code == 404
    assert client.post(url, {"remove": "nonsense"}).status_code == 404


def test_a_position_is_invited_and_reads_the_meeting(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    url = MeetingType.url(meeting, "attendance")
    client = signed_in(staff, "cmc")
    assert signed_in(staff, "unit").get(MeetingType.url(meeting)).status_code == 404
    answer = client.post(url, {"invite": "1", "position": ""})
    assert answer.status_code == 422
    assert "id_position" in answer.content.decode()
    answer = client.post(url, {"invite": "1", "position": str(staff.positions["unit"].uuid)})
    assert answer.status_code == 302
    assert signed_in(staff, "unit").get(MeetingType.url(meeting)).status_code == 200
    meeting = held(staff, meeting, "start", "end")
    assert "Invite a position" not in said(seen(staff, "cmc", meeting, "attendance"))
    late = client.post(url, {"invite": "1", "position": str(staff.positions["unit_other"].uuid)})
    assert late.status_code == 403


def test_attendance_is_for_whoever_keeps_the_meeting_until_it_is_adopted(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item_add(staff, meeting, minute="said")
    url = MeetingType.url(meeting, "attendance")
    codes = {name: signed_in(staff, name).get(url).status_code for name in ("cmc", "req", "cim")}
    assert codes == {"cmc": 200, "req": 403, "cim": 404}
    held(staff, meeting, "start")
    assert noted(staff, "req", meeting, req=("in_person", "")).status_code == 403
    held(staff, meeting, "end", "circulate", "adopt")
    assert signed_in(staff, "cmc").get(url).status_code == 409


# ---------------------------------------------------------------- steps and print
def test_each_step_of_a_meeting_has_a_page_for_those_who_take_it(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item_add(staff, meeting, minute="said")
    wanted = {
        "planned": {"answer", "propose", "start", "move", "cancel"},
        "session": {"end"},
        "minutes": {"circulate"},
        "circulated": {"correct", "revise", "adopt"},
        "adopted": {"amend"},
    }
    for state, step_onward in (
        ("planned", "start"), ("session", "end"), ("minutes", "circulate"), ("circulated", "adopt"), ("adopted", ""),
    ):  # fmt: skip
        page = seen(staff, "cmc", meeting)
        for name in wanted[state]:
            url = MeetingType.url(meeting, "transition", name=name)
            assert url in page, (state, name)
            assert signed_in(staff, "cmc").get(url).status_code == 200, name
        if step_onward:
            meeting = held(staff, meeting, step_onward)
    assert (
        signed_in(staff, "req").get(MeetingType.url(meeting, "transition", name="amend")).status_code == 403
    )


def test_the_print_reads_as_minutes_with_their_label(staff: Staff) -> None:
    group = group_active(staff)
    meeting = meeting_planned(staff, group)
    item = item_add(staff, meeting, title="Roads", minute="The road is open.")
    meeting = held(staff, meeting, "start")
    with staff.acting("cmc"):
        Meeting.objects.filter(pk=meeting.pk).update(summary="All went well.")
    decision = decision_made(staff, meeting, item)
    page = seen(staff, "req", meeting, "print")
    words = said(page)
    order = [
        "Unclassified",
        meeting.title,
        group.title,
        "Attendance",
        "All went well.",
        "Roads",
        "The road is open.",
        decision.text,
    ]
    places = [words.lower().find(part.lower()) for part in order]
    assert -1 not in places
    assert places == sorted(places)
    assert "Timeline" not in words


def test_the_pdf_holds_what_the_print_holds_and_no_more(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), scope="mission")
    item_add(staff, meeting, order=10, title="Roads", minute="The road is open.")
    item_add(staff, meeting, order=20, title="Behind doors", session="closed", minute="Never told.")
    meeting = held(staff, meeting, "start")
    url = MeetingType.url(meeting, "pdf")
    assert url in seen(staff, "req", meeting, "print")

    def text(name: str) -> str:
        answer = signed_in(staff, name).get(url)
        assert answer.status_code == 200
        return squeezed(pdf_text(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]

    member, other = text("req"), text("cim")
    for told in ("1. Roads", "The road is open.", "UNCLASSIFIED", meeting.reference):
        assert squeezed(told) in member, told
        assert squeezed(told) in other, told
    for closed in ("2. Behind doors", "Never told.", "Closed: Members", "Attendance", "Post req"):
        assert squeezed(closed) in member, closed
        assert squeezed(closed) not in other, closed
