"""Groups, meetings and decisions by programs: what each caller reads of them, and their steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.records.models import Record
from apps.working_groups.models import AgendaItem, Attendance, Meeting, TermsOfReference, WorkingGroup
from tests.factories.groups import decision_made, group_active, item_add, meeting_planned, step
from tests.factories.staff import Staff

API = "/api/v1/"


def caller(staff: Staff, name: str) -> Client:
    """A program that acts as the holder of a post."""
    found = Client()
    found.force_login(staff.people[name])
    return found


def read(staff: Staff, name: str, record: Record) -> dict[str, Any]:
    """The whole record as somebody reads it."""
    answer = caller(staff, name).get(f"{API}{record.record_type.plural}/{record.uuid}/")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def take(staff: Staff, name: str, record: Record, step_name: str, **data: Any) -> Any:
    """Take a step by the API."""
    address = f"{API}{record.record_type.plural}/{record.uuid}/transitions/{step_name}/"
    return caller(staff, name).post(address, data, content_type="application/json")


def posts(staff: Staff, rows: list[dict[str, Any]]) -> set[str]:
    """The posts that stand in rows."""
    names = {str(position.uuid): name for name, position in staff.positions.items()}
    return {names[row["position"]] for row in rows if row["position"]}


# ---------------------------------------------------------------- what is read
@pytest.mark.parametrize(
    ("shown", "insider", "outsider"),
    [("readers", {"req", "clu", "sec"}, {"req", "clu", "sec"}), ("members", {"req", "clu", "sec"}, set())],
)
def test_members_and_those_expected_are_listed_as_far_as_they_are_shown(
    staff: Staff, shown: str, insider: set[str], outsider: set[str]
) -> None:
    group = group_active(staff, scope="mission", membership=shown)
    meeting = meeting_planned(staff, group, scope="mission")
    for name, seen in (("req", insider), ("cim", outsider)):
        assert posts(staff, read(staff, name, group)["members"]) == seen
        assert posts(staff, read(staff, name, meeting)["attendance"]) >= seen
    if not outsider:
        assert read(staff, "cim", meeting)["attendance"] == []


def test_ones_own_row_is_read_where_no_other_is(staff: Staff) -> None:
    group = group_active(staff, membership="leads")
    meeting = meeting_planned(staff, group)
    assert posts(staff, read(staff, "req", group)["members"]) == {"req"}
    assert posts(staff, read(staff, "req", meeting)["attendance"]) == {"req"}


def test_open_items_are_for_readers_and_closed_ones_for_those_admitted(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), scope="mission")
    shown = item_add(staff, meeting, order=1, details="of all", minute="said aloud")
    closed = item_add(staff, meeting, order=2, session="closed", details="of few", minute="said low")
    rows = read(staff, "req", meeting)["items"]
    assert [row["title"] for row in rows] == [shown.title, closed.title]
    assert [(row["uuid"], row["details"], row["minute"]) for row in rows] == [
        (str(shown.uuid), "of all", "said aloud"),
        (str(closed.uuid), "of few", "said low"),
    ]
    for name in ("sec", "cim"):
        found = read(staff, name, meeting)
        assert [row["title"] for row in found["items"]] == [shown.title], name
        assert closed.title not in str(found)


def test_terms_say_by_whom_and_when_they_were_endorsed(staff: Staff) -> None:
    group = group_active(staff)
    with staff.acting("cmc"):
        terms = TermsOfReference.objects.create(group=group, text="What we do")
    day = timezone.now().date().isoformat()
    answer = take(
        staff, "cmc", group, "endorse", terms=str(terms.uuid), endorsed_on=day, endorsed_by="The Access group"
    )
    assert answer.status_code == 200, answer.content
    found = read(staff, "req", group)
    assert found["terms"] == [{"text": "What we do"}]
    assert found["endorsements"] == [
        {"number": 1, "endorsed_on": day, "endorsed_by": "The Access group", "review_on": None}
    ]


def test_a_decision_is_read_with_what_it_came_of(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    older = decision_made(staff, meeting)
    newer = decision_made(staff, meeting, replaces=older)
    found = read(staff, "req", newer)
    assert (found["text"], found["state"]) == (newer.text, "in_force")
    links = caller(staff, "req").get(f"{API}decisions/{newer.uuid}/links/").json()["results"]
    told = {(each["relation"], each["reference"]) for each in links}
    assert told == {("replaces", older.reference), ("meeting_outcome", meeting.reference)}


def test_lists_take_the_filters_of_the_register(staff: Staff) -> None:
    mine = decision_made(staff, meeting_planned(staff, group_active(staff), scope="mission"))
    for name, wanted in (("req", [mine.reference]), ("cim", [])):
        rows = caller(staff, name).get(f"{API}decisions/?group=true").json()["results"]
        assert [row["reference"] for row in rows] == wanted, name


def test_what_one_may_not_read_is_missing(staff: Staff) -> None:
    group = group_active(staff)
    meeting = meeting_planned(staff, group)
    decision = decision_made(staff, meeting)
    program = caller(staff, "cim")
    for record in (group, meeting, decision):
        address = f"{API}{record.record_type.plural}/{record.uuid}/"
        for each in (address, f"{address}links/", f"{address}transitions/"):
            assert program.get(each).status_code == 404, each


# ---------------------------------------------------------------- steps
def test_who_leads_is_appointed(staff: Staff) -> None:
    group = group_active(staff)
    answer = take(
        staff, "cmc", group, "appoint",
        chair=str(staff.positions["cmc"].uuid), secretariat=str(staff.positions["clu"].uuid),
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    assert answer.json()["secretariat"] == str(staff.positions["clu"].uuid)
    with staff.acting("clu"):
        assert WorkingGroup.objects.get(pk=group.pk).secretariat == staff.positions["clu"]
    refused = take(staff, "cmc", group, "appoint")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["chair"])


def test_an_answer_is_given_for_oneself(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    refused = take(staff, "req", meeting, "answer", answer="substitute")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["substitute"])
    answer = take(staff, "req", meeting, "answer", answer="substitute", substitute="Deputy")
    assert answer.status_code == 200, answer.content
    with staff.acting("cmc"):
        rows = {row.position_id: row for row in Attendance.objects.filter(meeting=meeting)}
        assert rows[staff.positions["req"].pk].substitute == "Deputy"
        assert rows[staff.positions["clu"].pk].answer == ""


def test_an_item_is_proposed_and_stands_as_proposed(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    answer = take(staff, "req", meeting, "propose", title="Fuel", session="open")
    assert answer.status_code == 200, answer.content
    (row,) = answer.json()["items"]
    assert (row["title"], row["state"]) == ("Fuel", "proposed")
    assert row["proposer"] == str(staff.positions["req"].uuid)


def test_a_closed_item_is_proposed_by_those_it_admits(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    closed = {"title": "Low", "session": "closed"}
    for name, data, field in (
        ("req", closed | {"admits": "leads"}, "admits"),  # a member is not among those who lead
        ("sec", closed, "session"),  # nor an observer among the members
    ):
        refused = take(staff, name, meeting, "propose", **data)
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [field]), name
    with staff.acting("cmc"):
        assert not AgendaItem.objects.filter(meeting=meeting).exists()
    assert take(staff, "req", meeting, "propose", **closed, admits="members").status_code == 200
    assert (
        take(staff, "cmc", meeting, "propose", title="Lower", session="closed", admits="leads").status_code
        == 200
    )
    for name, seen in (("cmc", {"Low", "Lower"}), ("clu", {"Low"}), ("sec", set())):
        assert {row["title"] for row in read(staff, name, meeting)["items"]} == seen, name


def test_a_meeting_is_moved_by_whoever_keeps_it(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    begins = timezone.now().replace(microsecond=0) + timedelta(days=3)
    data = {"starts": begins.isoformat(), "ends": (begins + timedelta(hours=1)).isoformat(), "place": "Tent"}
    assert take(staff, "req", meeting, "move", **data).status_code == 403
    turned = data | {"ends": (begins - timedelta(hours=1)).isoformat()}
    refused = take(staff, "cmc", meeting, "move", **turned)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["ends"])
    moved = take(staff, "cmc", meeting, "move", **data)
    assert moved.status_code == 200, moved.content
    assert moved.json()["place"] == "Tent"
    with staff.acting("cmc"):
        assert Meeting.objects.get(pk=meeting.pk).needed_by == begins


def test_steps_say_what_they_need(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    address = f"{API}meetings/{meeting.uuid}/transitions/"
    mine = {each["name"]: each for each in caller(staff, "req").get(address).json()["results"]}
    assert {"answer", "propose"} <= set(mine)
    assert "move" not in mine
    assert {"answer", "substitute"} <= {field["name"] for field in mine["answer"]["fields"]}
    step(staff, meeting, "cmc", "start")
    assert take(staff, "req", meeting, "answer", answer="remote").status_code == 409
