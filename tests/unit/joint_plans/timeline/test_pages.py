"""The time line on screen, on paper and as a workbook: what it shows, and what it tells nobody who has not the part."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from apps.joint_plans.models import DecisionPoint, JointPlan, Part
from apps.joint_plans.timeline.asked import asked_of
from apps.joint_plans.timeline.board import Board
from apps.joint_plans.timeline.marks import marks_of
from apps.joint_plans.vocabulary import PartKind
from apps.mission.models import Position
from apps.mission.vocabulary import EngagementStance
from apps.need_to_know.models import ReadLog
from tests.factories.plans import activity_make, assumption_make, part_make, plan_file, take
from tests.factories.staff import Staff

FIRST, LAST = date(2026, 11, 16), date(2027, 2, 15)


def client(staff: Staff, who: str) -> Client:
    made = Client()
    made.force_login(staff.people[who])
    return made


def get(staff: Staff, plan: JointPlan, who: str = "cim", what: str = "") -> Any:
    return client(staff, who).get(f"/joint-plans/{plan.uuid}/timeline/{what}")


def told(staff: Staff, plan: JointPlan, who: str = "cim", what: str = "") -> str:
    answer = get(staff, plan, who, what)
    assert answer.status_code == 200
    return answer.content.decode()


def book(staff: Staff, plan: JointPlan, who: str = "cim", what: str = "") -> Any:
    answer = get(staff, plan, who, f"export/{what}")
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def cells(workbook: Any) -> list[list[Any]]:
    return [[sheet.title, *(cell.value for cell in row)] for sheet in workbook for row in sheet.iter_rows()]


def point_make(plan: JointPlan, **values: Any) -> DecisionPoint:
    return DecisionPoint.objects.create(plan=plan, of_plan=plan, kind=PartKind.DECISION_POINT, **values)


def plain_plan(staff: Staff, **changes: Any) -> JointPlan:
    """A plan over the turn of the year, without its factory's parts."""
    plan = plan_file(staff, **{"starts_on": FIRST, "ends_on": LAST} | changes)
    with staff.acting("cim"):
        Part.objects.filter(plan=plan).update(is_removed=True)
    return plan


def columns_of(line: str) -> tuple[int, int, int]:
    """(columns before the bar, those of the bar, all) in a line of the table."""
    widths = [
        ("bar" in said, int(width[1]) if (width := re.search(r'colspan="(\d+)"', said)) else 1)
        for said in re.findall(r"<td([^>]*)>", line)
    ]
    (at,) = [number for number, (is_bar, _width) in enumerate(widths) if is_bar]
    return sum(w for _b, w in widths[:at]), widths[at][1], sum(w for _b, w in widths)


def test_bars_stand_in_their_columns_over_the_turn_of_the_year(staff: Staff) -> None:
    plan = plain_plan(staff)
    with staff.acting("cim"):
        turn = activity_make(
            staff, plan, title="Turn", starts_on=date(2026, 12, 31), ends_on=date(2027, 1, 1)
        )
        out = activity_make(staff, plan, title="Out", starts_on=date(2026, 10, 30), ends_on=date(2027, 3, 1))
    page = told(staff, plan, what="?by=month")
    assert re.search(r'colspan="3">2026</th><th scope="colgroup" colspan="3">2027</th>', page)
    line = re.search(rf"<bdi>{turn.code}</bdi>.*?</tr>", page)
    assert line is not None
    assert columns_of(line[0]) == (2, 2, 6), "December and January"
    line = re.search(rf"<bdi>{out.code}</bdi>.*?</tr>", page)
    assert line is not None
    assert columns_of(line[0]) == (0, 6, 6)
    assert "Begins before the plan." in line[0]
    assert "Goes on after the plan." in line[0]
    clipped = told(staff, plan, what="?by=month&since=2026-12-01&until=2026-12-31")
    line = re.search(rf"<bdi>{out.code}</bdi>.*?</tr>", clipped)
    assert line is not None
    assert "began before" in line[0]
    assert "goes on after" in line[0]


def test_what_stands_out_is_marked_and_listed(staff: Staff) -> None:
    plan = plain_plan(staff)
    with staff.acting("cim"):
        objective = part_make(staff, plan, PartKind.OBJECTIVE)
        early = activity_make(staff, plan, starts_on=FIRST, ends_on=date(2026, 12, 10), objective=objective)
        late = activity_make(staff, plan, starts_on=date(2026, 12, 10), ends_on=date(2026, 12, 20))
        undated = activity_make(staff, plan, starts_on=None, ends_on=None)
        point = point_make(plan, title="Go or not", decide_by=timezone.make_aware(datetime(2027, 1, 5)))
        assumed = assumption_make(staff, plan, holds_until=date(2027, 1, 20))
    page = told(staff, plan)
    assert f"Same lead, same area, same time: {late.code}" in page
    assert f"Same lead, same area, same time: {early.code}" in page
    gaps = re.sub(r"<[^>]+>", " ", page[page.index('id="gaps"') : page.index('id="undated"')])
    assert "First Battalion 21 Dec 2026 – 15 Feb 2027 (57 days)" in " ".join(gaps.split())
    assert f"{objective.title} {objective.code} 11 Dec 2026 – 15 Feb 2027" in " ".join(gaps.split())
    assert undated.code in page[page.index('id="undated"') :]
    for each in (point, assumed):
        assert page.count(each.code) == 3, "the cell's title, its text, and the list"
    by_area = told(staff, plan, what="?lanes=area")
    assert 'id="lane-TT0101"' in by_area
    matrix = told(staff, plan, what="?view=matrix")
    assert matrix.count(f"<i>{early.code}</i>") == 4, "every week that it touches"


def test_dates_are_told_on_a_day_and_todays_column_is_marked(staff: Staff) -> None:
    plan = plan_file(staff, starts_on=timezone.localdate() - timedelta(days=20))
    assert 'aria-current="date"' in told(staff, plan)
    assert 'aria-current="date"' not in told(staff, plan, what="?since=2090-01-01&until=2090-03-01")


HIDDEN: list[dict[str, Any]] = [
    {"opens_to": "planners"},
    {"opens_to": "contributors"},
    {"opens_to": "named"},
    {"classification": 1},
]
#: Reads the plan with all the mission, and takes no part in it.
READER = "req_elsewhere"
LOOKS = (
    "", "?lanes=area", "?view=matrix", "?view=matrix&lanes=area", "?by=week", "?by=quarter", "?only=overlap",
    "?progress=planned", "?since=2026-12-01", "print/", "print/?view=matrix",
)  # fmt: skip


@pytest.mark.parametrize("hidden", HIDDEN, ids=[str(each) for each in HIDDEN])
def test_who_has_not_a_part_sees_the_plan_that_never_had_it(staff: Staff, hidden: dict[str, Any]) -> None:
    """Every number, lane, gap, overlap and column of the reader is that of a plan without the hidden parts."""
    if hidden.get("classification"):
        Position.objects.exclude(pk=staff.positions[READER].pk).update(clearance=1)
    ours, other = staff.organisations["contingent"], staff.organisations["ngo"]
    if hidden.get("opens_to") == "named":
        hidden = hidden | {"readers": [ours.group_id]}
    seen: dict[bool, list[str]] = {}
    codes: list[str] = []
    for with_hidden in (False, True):
        plan = plain_plan(staff, title="The same", purpose="The same", scope="mission")
        with staff.acting("cim"):
            objective = part_make(staff, plan, PartKind.OBJECTIVE, title="Objective")
            values: dict[str, Any] = {
                "title": "Open",
                "starts_on": date(2026, 12, 1),
                "ends_on": date(2026, 12, 20),
            }
            shown = activity_make(staff, plan, objective=objective, **values)
            point = point_make(plan, title="Point", decide_by=timezone.make_aware(datetime(2027, 1, 5)))
            if with_hidden:
                beyond = {
                    "title": "Secret",
                    "starts_on": date(2026, 12, 5),
                    "ends_on": date(2028, 12, 20),
                } | hidden
                codes = [
                    activity_make(staff, plan, objective=objective, **beyond).code,
                    activity_make(staff, plan, lead=other, **beyond).code,
                    activity_make(staff, plan, **beyond | {"starts_on": None, "ends_on": None}).code,
                    point_make(
                        plan, title="Secret", decide_by=timezone.make_aware(datetime(2029, 1, 5)), **hidden
                    ).code,
                    part_make(staff, plan, PartKind.OBJECTIVE, title="Secret", **hidden).code,
                    assumption_make(staff, plan, title="Secret", holds_until=date(2030, 1, 1), **hidden).code,
                ]
        plan = take(staff, plan, "cim", "circulate")

        def same(
            text: str,
            plan: JointPlan = plan,
            known: tuple[str, ...] = (shown.code, point.code, objective.code),
        ) -> str:
            text = text[text.find("<main") :] if "<main" in text else text
            for number, code in enumerate((plan.reference, str(plan.uuid), *known)):
                text = text.replace(code, f"<{number}>")
            text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d\d:\d\d", "", text)
            return text

        seen[with_hidden] = [same(told(staff, plan, READER, look)) for look in LOOKS]
        seen[with_hidden].append(
            same(
                "\n".join(
                    " | ".join(str(cell) for cell in row if not isinstance(cell, datetime))
                    for row in cells(book(staff, plan, READER))
                )
            )
        )
        if not with_hidden:
            # WHY: the other of the two would meet it: it is over, as if it had never been.
            take(staff, plan, "cim", "withdraw", note="The other one comes now")
        else:
            keeper = told(staff, plan)
            assert all(code in keeper for code in codes), "who keeps the plan sees all of it"
    for look, without, with_ in zip([*LOOKS, "export"], seen[False], seen[True], strict=True):
        assert with_ == without, look
        assert "Secret" not in with_
        assert not any(code in with_ for code in codes)


def test_what_leaves_is_labelled_as_high_as_the_highest_part_in_it(staff: Staff) -> None:
    Position.objects.exclude(pk=staff.positions["clu"].pk).update(clearance=1)
    plan = plain_plan(staff, scope="mission")
    with staff.acting("cim"):
        part_make(staff, plan, PartKind.OBJECTIVE)
        activity_make(staff, plan, title="Open", starts_on=FIRST, ends_on=FIRST, lead=None)
        activity_make(staff, plan, title="Close", starts_on=LAST, ends_on=LAST, classification=1)
    plan = take(staff, plan, "cim", "circulate")
    for who, label in (("cim", "CONFIDENTIAL"), ("clu", "UNCLASSIFIED")):
        answer = get(staff, plan, who, "export/")
        assert answer["X-Label-Classification"] == label
        assert unquote(answer["Content-Disposition"]).find(label) > 0
        made = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        for sheet in made:
            assert sheet["B1"].value == label
            assert label in sheet.oddHeader.center.text
        page = told(staff, plan, who, "print/")
        assert page.count("label-line confidential") == (3 if label == "CONFIDENTIAL" else 0)
    rows = {
        row[2]: row
        for row in cells(book(staff, plan))
        if row[0] == "Activities" and row[1] and row[1][:2] == "A-"
    }
    assert {title: row[14] for title, row in rows.items()} == {
        "Open": "UNCLASSIFIED",
        "Close": "CONFIDENTIAL",
    }
    narrowed = get(staff, plan, "cim", "export/?lead=none")
    assert narrowed["X-Label-Classification"] == "UNCLASSIFIED", (
        "a filter that leaves it out leaves its label out"
    )


def test_what_leaves_a_restricted_plan_is_asked_for_and_logged(staff: Staff) -> None:
    Position.objects.update(clearance=1)
    plan = plain_plan(staff, classification=1)
    with staff.acting("cim"):
        activity_make(staff, plan)
    told(staff, plan, "cim", "print/")
    assert get(staff, plan, "cim", "export/").status_code == 200
    told(staff, plan)
    with staff.acting("cim"):
        found = list(ReadLog.objects.filter(record_id=plan.pk).values_list("channel", flat=True))
    assert {"print", "export", "page"} <= set(found)


def test_the_workbook_says_what_the_page_says(staff: Staff) -> None:
    plan = plain_plan(staff)
    with staff.acting("cim"):
        first = activity_make(staff, plan, title="=1+1", starts_on=FIRST, ends_on=FIRST + timedelta(days=3))
        second = activity_make(staff, plan, starts_on=FIRST, ends_on=LAST)
        point = point_make(
            plan,
            title="Go",
            decide_by=timezone.make_aware(datetime(2027, 1, 5)),
            decider=staff.positions["dec"],
        )
    made = book(staff, plan)
    assert made.sheetnames == ["Activities", "Matrix", "Decision points", "Assumptions"]
    rows = {
        row[1]: row for row in cells(made) if row[0] == "Activities" and row[1] in (first.code, second.code)
    }
    assert rows[first.code][2] == "'=1+1"
    assert rows[first.code][4:7] == ["First Battalion", "First County", "TT0101"]
    assert rows[first.code][8] == datetime(2026, 11, 16)
    assert rows[first.code][12] == f"Overlap: Same lead, same area, same time: {second.code}"
    matrix = [row for row in cells(made) if row[0] == "Matrix" and row[1] == "First Battalion"]
    assert matrix[0][2] == 2
    assert matrix[0][3] == f"2: {first.code}, {second.code}"
    assert matrix[0][4] == f"1: {second.code}"
    points = [row for row in cells(made) if row[0] == "Decision points" and row[1] == point.code]
    assert "Post dec" in points[0][4]
    assert made.custom_doc_props["Marking"].value.startswith("CIMIC")
    filtered = book(staff, plan, what="?until=2026-11-01")
    assert not [row for row in cells(filtered) if row[1] in (first.code, second.code)]


def test_leads_that_the_reader_may_not_know_share_one_lane_and_overlap_with_nobody(staff: Staff) -> None:
    secret = staff.organisations["other_ngo"]
    plan = plain_plan(staff)
    with staff.acting("cim"):
        part_make(staff, plan, PartKind.OBJECTIVE)
        for _number in range(2):
            activity_make(staff, plan, starts_on=FIRST, ends_on=LAST, lead=secret)
        activity_make(staff, plan, starts_on=FIRST, ends_on=LAST, lead=staff.organisations["support"])
    plan = take(staff, plan, "cim", "circulate")
    type(secret).objects.filter(name__in=("Second House", "Support Division")).update(
        engagement_stance=EngagementStance.UNLISTED
    )
    page = told(staff, plan, "clu")
    assert "Second House" not in page
    assert "Support Division" not in page
    assert str(secret.uuid) not in page
    assert page.count('<tr class="lane"') == 1
    assert "Same lead, same area" not in page
    assert "Second House" not in str(cells(book(staff, plan, "clu")))
    # Asking for the lane of one of them by its key finds what asking for nobody's finds.
    asked = told(staff, plan, "clu", f"?lead={secret.uuid}")
    assert asked.count('<tr class="lane"') == 1


BAD = (
    "?by=year", "?view=x", "?lanes=%00", "?since=2026-13-40", "?since=tomorrow", "?until=0001-01-01", "?objective=1",
    "?objective=00000000-0000-0000-0000-000000000000", "?area=nowhere", "?lead=%00%00", "?page=-1", "?page=99999999999",
    "?part=0&open=%27", "?at=9999-12-31", "?since=2027-01-01&until=2026-01-01", "?progress=gone&sector=%F0%9F%92%A9",
    "?since=2199-12-31", "?since=1900-01-01&until=2200-12-31&by=week", "?only=1&open=none&page=7",
)  # fmt: skip


@pytest.mark.parametrize("what", ["", "print/", "export/"])
def test_a_query_string_that_asks_nothing_sensible_gets_a_page(staff: Staff, what: str) -> None:
    plan = plan_file(staff)
    empty = plain_plan(staff, title="Empty", purpose="")
    with staff.acting("cim"):
        JointPlan.objects.filter(pk=empty.pk).update(starts_on=None, ends_on=None)
        activity_make(staff, plan, starts_on=date(1, 1, 1), ends_on=date(9999, 12, 31))
        activity_make(staff, plan, starts_on=date(1, 1, 1), ends_on=None, progress="done")
    caller = client(staff, "cim")
    for query in BAD if what != "export/" else BAD[::4]:
        for each in (plan, empty):
            answer = caller.get(f"/joint-plans/{each.uuid}/timeline/{what}{query}")
            assert answer.status_code == 200, query


def test_the_page_is_nobodys_who_does_not_read_the_plan(staff: Staff) -> None:
    plan = plan_file(staff)
    for what in ("", "print/", "export/"):
        assert get(staff, plan, "req_elsewhere", what).status_code == 404


def many(staff: Staff, plan: JointPlan, count: int) -> None:
    for number in range(count):
        start = FIRST + timedelta(days=number % 60)
        activity_make(
            staff, plan, title=f"Number {number}", starts_on=start, ends_on=start + timedelta(days=9)
        )


def test_queries_do_not_grow_with_activities_and_lanes_open_one_at_a_time(staff: Staff) -> None:
    plan = plain_plan(staff)
    counts: dict[str, list[int]] = {}
    for size in (10, 60):
        with staff.acting("cim"):
            many(staff, plan, size)
        caller = client(staff, "cim")
        for look in ("", "?view=matrix", "print/", "export/"):
            path = f"/joint-plans/{plan.uuid}/timeline/{look}"
            caller.get(path)
            with CaptureQueriesContext(connection) as found:
                caller.get(path)
            counts.setdefault(look, []).append(len(found))
    assert all(few == more for few, more in counts.values()), counts
    page = told(staff, plan)
    assert "70 activities" in page
    assert "Number 3" not in page, "more than can be looked at: they stand in numbers"
    lane = staff.organisations["contingent"].uuid
    opened = told(staff, plan, what=f"?open={lane}")
    assert opened.count('class="bar ') == 50
    assert told(staff, plan, what=f"?open={lane}&page=2").count('class="bar ') == 20
    assert told(staff, plan, what="?lead=none").count('class="bar ') == 0
    assert told(staff, plan, what="print/").count('class="bar ') == 70


def test_marks_are_collected_in_one_place_and_others_can_add_theirs(staff: Staff) -> None:
    plan = plain_plan(staff)
    with staff.acting("cim") as actor:
        made = activity_make(staff, plan, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 1))
        board = Board(actor, plan, asked_of({}))
        assert [mark.word for mark in marks_of(board, board.rows)[made.pk]] == ["Early", "Beyond"]
