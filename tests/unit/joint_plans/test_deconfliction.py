"""What a plan meets: in full to whoever reads both ends, as a position to ask to whoever does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.joint_plans.deconfliction import Conflicts, _pairs, _read, conflict_marks, conflicts_of
from apps.joint_plans.models import Activity, JointPlan, Part
from apps.mission.models import Area, Organisation, Sector
from apps.mission.vocabulary import EngagementStance
from apps.records.models import Record
from tests.factories.aid_requests import bring_to, request_file
from tests.factories.plans import activity_make, circulated, now, plan_file, take, today
from tests.factories.resources import ask, resource_make, settle
from tests.factories.staff import Staff


@pytest.fixture
def theirs(staff: Staff) -> JointPlan:
    """A plan of the force, which CMCoord does not read."""
    return circulated(staff, parts={"req": "contributor"})


@pytest.fixture
def mine(staff: Staff) -> JointPlan:
    """A plan of CMCoord on the same place, days and sector, which the force does not read."""
    return own_plan(staff)


def own_plan(staff: Staff, **changes: Any) -> JointPlan:
    filed = plan_file(staff, by="cmc", parts={"clu_other_sector": "contributor"}, **changes)
    return take(staff, filed, "cmc", "circulate")


def seen(staff: Staff, post: str, plan: JointPlan) -> Conflicts:
    with staff.acting(post) as actor:
        return conflicts_of(actor, now(plan))


def page(staff: Staff, post: str, plan: JointPlan, status: int = 200) -> str:
    client = Client()
    client.force_login(staff.people[post], backend=settings.AUTHENTICATION_BACKENDS[0])
    answered = client.get(f"/joint-plans/{plan.uuid}/conflicts/")
    assert answered.status_code == status
    return answered.content.decode()


def hidden_change(staff: Staff, plan: JointPlan, by: str = "cim", **values: Any) -> None:
    with staff.acting(by):
        for activity in Activity.objects.filter(of_plan=plan):
            Activity.objects.filter(pk=activity.pk).update(**values)


def test_whoever_reads_both_ends_is_told_all(staff: Staff, theirs: JointPlan) -> None:
    second = circulated(staff, parts={"req": "contributor"})
    found = seen(staff, "cim", theirs)
    assert [(c.kind, c.plan.pk if c.plan else 0, c.same_sector) for c in found.found] == [
        ("place", second.pk, True)
    ]
    assert found.hints == []
    assert second.reference in page(staff, "cim", theirs)


def test_what_is_taken_back_while_the_page_is_made_is_left_out(staff: Staff, theirs: JointPlan) -> None:
    """It was met a moment ago, and is not the reader's any more when its words are read: no conflict, and no fault."""
    circulated(staff, parts={"req": "contributor"})
    with staff.acting("cim") as actor:
        rows = list(Activity.objects.filter(of_plan=theirs))
        (pair,) = _pairs(actor, now(theirs), rows)
        gone = [pair._replace(other=0), pair._replace(kind="request", other=0)]
        assert [found.kind for found in _read([*gone, pair])] == ["place"]


def test_whoever_does_not_is_told_whom_to_ask(staff: Staff, theirs: JointPlan, mine: JointPlan) -> None:
    found = seen(staff, "cmc", mine)
    assert found.found == []
    assert [[p.pk for p in hint.positions] for hint in found.hints] == [[staff.positions["cim"].pk]]
    with staff.acting("cmc") as actor:
        rows = Activity.objects.filter(of_plan=mine)
        assert [mark.ask for mark in conflict_marks(actor, now(mine), rows).values()] == [True]
    text = page(staff, "cmc", mine)
    assert staff.positions["cim"].title in text
    with staff.acting("cim"):
        parts = Part.objects.filter(plan=theirs).values_list("title", flat=True)
        words = [theirs.title, theirs.reference, str(theirs.uuid), *parts]
    assert not [word for word in words if word in text]
    assert page(staff, "cim", mine, 404)


def test_the_coordinator_is_named_rather_than_who_filed_it(staff: Staff, mine: JointPlan) -> None:
    circulated(staff, parts={"req": "contributor"}, coordinator=staff.positions["joc"])
    assert [[p.pk for p in hint.positions] for hint in seen(staff, "cmc", mine).hints] == [
        [staff.positions["joc"].pk]
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"may_hint": False},
        {"starts_on": today() + timedelta(days=300), "ends_on": today() + timedelta(days=301)},
        {"area": None},
        {"progress": "planned", "starts_on": None},
    ],
)
def test_no_hint(staff: Staff, theirs: JointPlan, mine: JointPlan, values: dict[str, Any]) -> None:
    assert len(seen(staff, "cmc", mine).hints) == 1
    hidden_change(staff, theirs, **values)
    assert seen(staff, "cmc", mine).hints == []


def test_no_hint_of_drafts_and_of_what_is_over(staff: Staff, mine: JointPlan) -> None:
    plan = plan_file(staff, parts={"req": "contributor"})
    assert seen(staff, "cmc", mine).hints == []
    plan = take(staff, plan, "cim", "circulate")
    assert len(seen(staff, "cmc", mine).hints) == 1
    take(staff, plan, "cim", "withdraw", note="over")
    assert seen(staff, "cmc", mine).hints == []


def test_probing_takes_a_version_that_others_read(staff: Staff, theirs: JointPlan) -> None:
    """A draft, and an activity that was moved since the last version, tell nothing."""
    draft = plan_file(staff, by="cmc", parts={"clu_other_sector": "contributor"})
    assert seen(staff, "cmc", draft).hints == []
    plan = take(staff, draft, "cmc", "circulate")
    assert len(seen(staff, "cmc", plan).hints) == 1
    hidden_change(staff, plan, "cmc", ends_on=today() + timedelta(days=40))
    assert seen(staff, "cmc", plan).hints == []
    plan = take(staff, plan, "cmc", "circulate_again", changes="moved")
    assert len(seen(staff, "cmc", plan).hints) == 1


def test_a_hint_is_for_whoever_keeps_or_leads(staff: Staff, theirs: JointPlan, mine: JointPlan) -> None:
    """A colleague who reads the plan is told nothing until their organisation leads the activity."""
    assert seen(staff, "clu", mine).hints == []
    assert staff.positions["cim"].title not in page(staff, "clu", mine)
    hidden_change(staff, mine, "cmc", lead=staff.organisations["agency"])
    take(staff, mine, "cmc", "circulate_again", changes="who leads")
    assert len(seen(staff, "clu", mine).hints) == 1


def test_a_hidden_part_of_a_plan_that_is_read_gives_a_hint(staff: Staff) -> None:
    """A contributor who keeps a plan of their own is told of a part that does not open to them, by position alone."""
    theirs = circulated(staff, parts={"cmc": "contributor"})
    own = own_plan(staff)
    assert [c.plan for c in seen(staff, "cmc", own).found] == [theirs]
    with staff.acting("cim"):
        Part.objects.filter(plan=theirs, kind="activity").update(opens_to="planners")
    found = seen(staff, "cmc", own)
    assert found.found == []
    assert [[p.pk for p in hint.positions] for hint in found.hints] == [[staff.positions["cim"].pk]]


def test_an_organisation_that_is_not_to_be_listed_is_not_named(staff: Staff, theirs: JointPlan) -> None:
    """Somebody who may not know it is sent to the CMCoord officers."""
    own = plan_file(staff, by="clu", parts={"req_mission": "contributor"})
    own = take(staff, own, "clu", "circulate")
    assert staff.positions["cim"].title in page(staff, "clu", own)
    Organisation.objects.filter(pk=staff.organisations["force"].pk).update(
        engagement_stance=EngagementStance.UNLISTED
    )
    found = seen(staff, "clu", own)
    assert {p.pk for hint in found.hints for p in hint.positions} == {staff.positions["cmc"].pk}
    text = page(staff, "clu", own)
    assert staff.positions["cim"].title not in text.split('id="ask"')[1]
    assert "Force Headquarters" not in text


def test_places_lie_in_one_another(staff: Staff, theirs: JointPlan) -> None:
    """The state and a place within the county meet it; the county beside it does not."""
    state = Area.objects.get(mission=staff.mission, pcode="TT01")
    beside = Area.objects.create(mission=staff.mission, pcode="TT0102", name="Beside", level=2, parent=state)
    within = Area.objects.create(
        mission=staff.mission, pcode="TT010101", name="Within", level=3, parent=staff.area
    )
    for area, meets in ((state, 1), (within, 1), (beside, 0)):
        plan = plan_file(staff, by="cmc", parts={"clu_other_sector": "contributor"})
        hidden_change(staff, plan, "cmc", area=area)
        plan = take(staff, plan, "cmc", "circulate")
        assert len(seen(staff, "cmc", plan).hints) == meets, area
        take(staff, plan, "cmc", "withdraw", note="over")
        readable = plan_file(staff, parts={"req": "contributor"})
        hidden_change(staff, readable, area=area)
        assert len(seen(staff, "cim", readable).found) == meets, area
        take(staff, readable, "cim", "withdraw", note="over")


def test_the_same_sector_stands_first(staff: Staff, theirs: JointPlan) -> None:
    health = Sector.objects.get(mission=staff.mission, code="HEA")
    early = plan_file(staff, starts_on=today() + timedelta(days=5))
    hidden_change(staff, early, sector=health)
    plan_file(staff)
    assert [c.same_sector for c in seen(staff, "cim", theirs).found] == [True, False]


def test_exercises_meet_exercises_alone(staff: Staff, theirs: JointPlan) -> None:
    first, second = (
        own_plan(staff, kind="exercise"),
        circulated(staff, kind="exercise", parts={"req": "contributor"}),
    )
    assert [[p.pk for p in hint.positions] for hint in seen(staff, "cmc", first).hints] == [
        [staff.positions["cim"].pk]
    ]
    assert seen(staff, "cim", second).found == []
    assert seen(staff, "cim", theirs).found == []
    take(staff, second, "cim", "withdraw", note="over")
    assert seen(staff, "cmc", first).hints == []


def test_resources_that_others_ask_for(staff: Staff, theirs: JointPlan, mine: JointPlan) -> None:
    """What is asked elsewhere is told to whoever reads both; what is promised where one cannot read: its keeper."""
    hidden_change(staff, theirs, area=None)
    resource = resource_make(staff)
    other = circulated(staff, parts={"req": "contributor"})
    hidden_change(staff, other, area=None)
    mine_asks = ask(staff, mine, resource, by="cmc")
    asked = ask(staff, theirs, resource)
    ask(staff, other, resource, since=11)
    assert [(c.kind, c.plan) for c in seen(staff, "cim", theirs).found] == [("resource", other)]
    assert [hint.over for hint in seen(staff, "cmc", mine).hints] == []
    settle(staff, asked, "promised")
    hints = seen(staff, "cmc", mine).hints
    assert [(h.over, [p.pk for p in h.positions]) for h in hints] == [
        ("resource", [staff.positions["unit"].pk])
    ]
    assert mine_asks.state == "asked"


def test_requests_that_the_actor_reads(staff: Staff, theirs: JointPlan, mine: JointPlan) -> None:
    """A request that is needed there then is told to its readers; to others not even as a hint."""
    request = bring_to(staff, request_file(staff), "submitted")
    needed = timezone.now() + timedelta(days=20)
    with staff.acting("req"):
        Record.objects.filter(pk=request.pk).update(area=staff.area, sector=staff.sector, needed_by=needed)
    found = [(c.kind, c.other.pk, c.same_sector) for c in seen(staff, "req", theirs).found]
    assert found == [("request", request.pk, True)]
    assert request.title in page(staff, "req", theirs)
    before = len(seen(staff, "clu_other_sector", mine).hints)
    with staff.acting("clu_other_sector"):
        assert not Record.objects.filter(pk=request.pk).exists()
    assert seen(staff, "clu_other_sector", mine).found == []
    with staff.acting("req"):
        Record.objects.filter(pk=request.pk).update(area=None)
    assert len(seen(staff, "clu_other_sector", mine).hints) == before
    assert seen(staff, "req", theirs).found == []


def test_a_fixed_number_of_queries(staff: Staff, theirs: JointPlan) -> None:
    def queries() -> int:
        with (
            staff.acting("cim") as actor,
            CaptureQueriesContext(
                connection,
            ) as found,
        ):
            conflicts_of(actor, now(theirs))
        return len(found)

    circulated(staff, parts={"req": "contributor"})
    before = queries()
    for _time in range(3):
        plan = circulated(staff, parts={"req": "contributor"})
        with staff.acting("cim"):
            activity_make(staff, now(plan))
    assert queries() == before <= 12
