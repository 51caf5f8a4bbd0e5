"""I13 for parts: reads of a confidential part are logged, also where its plan is not; to those cleared for it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.joint_plans.models import JointPlan
from apps.joint_plans.record import JointPlanType
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.need_to_know.models import ReadLog
from tests.contract.addresses import addresses
from tests.contract.calling import text_of
from tests.factories.fixtures import with_posts_of_its_own
from tests.factories.plans import activity_make, plan_file, take
from tests.factories.staff import Staff
from tests.unit.joint_plans.conftest import Call, one, parts_url


def signed(staff: Staff, who: str) -> Client:
    client = Client()
    client.force_login(staff.people[who], backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def logged(staff: Staff, plan: JointPlan, who: str = "aud") -> list[tuple[str, str, int | None]]:
    """What that person finds in the log of the plan: (post, channel, classification)."""
    known = {person.pk: post for post, person in staff.people.items()}
    with staff.acting(who):
        rows = ReadLog.objects.filter(record_id=plan.pk).order_by("id")
        return [(known[row.person_id], row.channel, row.classification) for row in rows]


@pytest.fixture
def plan(staff: Staff) -> JointPlan:
    """A plan that is not confidential; its planner and the logistics cell are cleared, and one part is for them."""
    Position.objects.filter(pk__in=[staff.positions[name].pk for name in ("cim", "req")]).update(clearance=1)
    made = plan_file(staff)
    with staff.acting("cim"):
        activity_make(staff, made, title=SECRET, classification=1)
    return take(staff, made, "cim", "circulate")


SECRET = "Move by night"
PLACES = {
    "": "page", "timeline/": "page", "timeline/print/": "print",
    "timeline/export/": "export", "print/": "print", "pdf/": "print", "parts/?kind=activity": "page",
    "versions/": "page", "conflicts/": "page",
}  # fmt: skip


def test_each_way_to_a_confidential_part_is_logged_under_its_label(staff: Staff, plan: JointPlan) -> None:
    found = {}
    for place, channel in PLACES.items():
        before = len(logged(staff, plan))
        answer = signed(staff, "cim").get(f"/joint-plans/{plan.uuid}/{place}")
        assert answer.status_code == 200, place
        found[place] = logged(staff, plan)[before:] == [("cim", channel, 1)]
    assert [place for place, is_so in found.items() if not is_so] == []


def test_i13_every_address_that_says_something_of_the_part_is_logged(staff: Staff, plan: JointPlan) -> None:
    """Over all addresses of a plan and of a part, also those that are added later."""
    with staff.acting("cim"):
        part = plan.parts.get(title=SECRET)
    known = {"uuid": plan.uuid, "item": part.uuid, "number": 1}
    client, told, silent = signed(staff, "cim"), set(), []
    for address in addresses():
        if address.record_type not in (JointPlanType, None) or not {"uuid"} <= {*address.parameters} <= {
            *known
        }:
            continue
        before = len(logged(staff, plan))
        answer = client.get(reverse(address.name, kwargs={name: known[name] for name in address.parameters}))
        if answer.status_code == 200 and SECRET in text_of(answer):
            told.add(address.name)
            if len(logged(staff, plan)) == before:
                silent.append(address.name)
    assert silent == []
    assert {"joint_plans:detail", "joint_plans:part", "joint_plans:timeline", "joint_plans:print"} <= told
    assert len([name for name in told if name.startswith("api:")]) >= 3


def test_programs_are_logged_as_well(staff: Staff, plan: JointPlan, call: Call) -> None:
    with staff.acting("cim"):
        part = plan.parts.get(title=SECRET)
    for path in (parts_url(plan), one(plan, part)):
        before = len(logged(staff, plan))
        assert call("cim").get(path).status_code == 200
        assert logged(staff, plan)[before:] == [("cim", "api", 1)], path


def test_who_is_shown_no_such_part_is_not_logged(staff: Staff, plan: JointPlan) -> None:
    for place in PLACES:
        answer = signed(staff, "joc").get(f"/joint-plans/{plan.uuid}/{place}")
        assert answer.status_code == 200, place
        assert SECRET not in str(b"".join(answer))
    assert logged(staff, plan) == []


def test_a_plan_without_such_parts_leaves_no_log(staff: Staff) -> None:
    other = plan_file(staff)
    assert signed(staff, "cim").get(other.get_absolute_url()).status_code == 200
    assert logged(staff, other) == []


def test_whoever_is_not_cleared_learns_nothing_from_the_log(staff: Staff, plan: JointPlan) -> None:
    """Their release authority reads the plan and its log, and does not learn that there is a part beyond them."""
    staff = with_posts_of_its_own(staff)
    staff.post("colleague", "force", Role.RELEASE)
    signed(staff, "cim").get(plan.get_absolute_url())
    assert logged(staff, plan, "cim") == logged(staff, plan) == [("cim", "page", 1)]
    assert logged(staff, plan, "colleague") == []
    page = signed(staff, "colleague").get(f"/joint-plans/{plan.uuid}/reads/").content.decode()
    assert "No reads yet." in page
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    own = signed(staff, "cim").get(f"/joint-plans/{plan.uuid}/reads/").content.decode()
    assert "Confidential" in own.partition('<table class="dense list"')[2]


def test_nobody_logs_above_their_clearance(staff: Staff, plan: JointPlan) -> None:
    with staff.acting("joc"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT need_to_know_log(ARRAY[%s]::bigint[], ARRAY[2]::smallint[], 'page', 'x', '')", [plan.pk]
        )
        assert cursor.fetchone()[0] == 0
    assert logged(staff, plan) == []
