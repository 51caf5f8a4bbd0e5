"""Where a lesson is shown again: on similar records, those with most in common first, and to whoever may read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.joint_plans.models import JointPlan
from apps.lessons.models import Lesson
from apps.lessons.selectors import lessons_for
from apps.mission.models import Area, Sector
from apps.records.errors import Incomplete
from apps.records.models import Record
from tests.factories.aid_requests import request_file
from tests.factories.lessons import lesson_file, proposed, shared, take
from tests.factories.plans import completed, plan_file
from tests.factories.plans import take as take_plan
from tests.factories.staff import Staff
from tests.unit.lessons.conftest import Signed


def shown(staff: Staff, plan: Any, by: str = "cim", most: int = 10) -> list[int]:
    """Ids of the lessons that the holder of a post finds on a record."""
    with staff.acting(by) as actor:
        return [lesson.pk for lesson in lessons_for(actor, Record.objects.get(pk=plan.pk), most=most)]


def test_what_was_learnt_from_a_plan_shows_on_the_next_plan_of_its_kind_and_area(
    staff: Staff, signed: Signed
) -> None:
    done = completed(staff)
    with pytest.raises(Incomplete) as refused:
        take_plan(staff, done, "cim", "archive", lessons="Returns take longer than planned.")
    assert set(refused.value.errors) == {"nothing_new"}
    lesson = shared(
        staff, source=done, kind="after_action", title="Register on the day of arrival",
        next_time="Bring the registration team on the first bus.",
    )  # fmt: skip
    assert take_plan(staff, done, "cim", "archive", lessons="Returns take longer.").state == "archived"
    following = plan_file(staff)
    for page, extra in (("detail", []), ("edit", ["plan"])):
        said = (
            signed("cim").get(reverse(f"joint_plans:{page}", args=[following.uuid, *extra])).content.decode()
        )
        assert "What was learnt before" in said, page
        assert lesson.title in said
        assert "Bring the registration team on the first bus." in said
        assert reverse("lessons:detail", args=[lesson.uuid]) in said
    said = signed("cim").get(reverse("joint_plans:detail", args=[done.uuid])).content.decode()
    assert "What was learnt before" not in said
    assert lesson.reference in said, "among the plan's links"


def test_nothing_new_may_be_learnt_if_one_says_so(staff: Staff) -> None:
    done = completed(staff)
    lesson = lesson_file(staff, source=done)
    take(staff, lesson, "cim", "withdraw")
    with pytest.raises(Incomplete):
        take_plan(staff, done, "cim", "archive", lessons="As ever.")
    assert take_plan(staff, done, "cim", "archive", lessons="As ever.", nothing_new=True).state == "archived"


def test_kind_comes_before_area_and_area_before_sector(staff: Staff) -> None:
    other_sector = Sector.objects.get(mission=staff.mission, code="HEA")
    elsewhere = Area.objects.create(mission=staff.mission, pcode="TT02", name="Second State", level=1)
    common: dict[str, Any] = {"area": None, "sector": None}
    found = {
        "general": shared(staff, **common | {"applies_to": ["joint_plan"]}),
        "sector": shared(staff, **common | {"applies_to": ["joint_plan"], "sector": staff.sector}),
        "area": shared(staff, **common | {"applies_to": ["joint_plan:access"], "area": staff.area.parent}),
        "kind": shared(staff, **common),
        "kind and sector": shared(staff, **common | {"sector": staff.sector}),
        "newer kind": shared(staff, **common | {"area": elsewhere, "sector": other_sector}),
        "all": shared(staff, sector=staff.sector),
    }
    for unlike in (
        {"applies_to": ["joint_plan:access"], "area": elsewhere}, {"applies_to": ["aid_request"]},
        {"applies_to": ["joint_plan"], "sector": other_sector, "area": None},
    ):  # fmt: skip
        shared(staff, **unlike)
    plan = plan_file(staff, sector=staff.sector)
    names = {lesson.pk: name for name, lesson in found.items()}
    order = ["all", "kind and sector", "newer kind", "kind", "area", "sector", "general"]
    assert [names[pk] for pk in shown(staff, plan)] == order
    assert [names[pk] for pk in shown(staff, plan, most=3)] == order[:3]
    with staff.acting("cim") as actor, CaptureQueriesContext(connection) as asked:
        record = JointPlan.objects.get(pk=plan.pk)
        lessons_for(actor, record)
    assert len(asked) == 2


def test_drafts_and_what_was_taken_back_or_replaced_are_not_shown(staff: Staff) -> None:
    lesson_file(staff)
    proposed(staff)
    take(staff, shared(staff), "cim", "supersede")
    take(staff, shared(staff), "cim", "withdraw")
    kept = shared(staff)
    assert shown(staff, plan_file(staff)) == [kept.pk]


def test_each_finds_what_they_may_read(staff: Staff, signed: Signed) -> None:
    ours = shared(staff)
    theirs = shared(staff, by="req", validator="req_colleague")
    open_to_all = shared(staff, scope="mission")
    plan = plan_file(staff, by="cim", scope="mission")
    assert set(shown(staff, plan, "cim")) == {ours.pk, open_to_all.pk}
    assert set(shown(staff, plan, "req")) == {theirs.pk, open_to_all.pk}
    said = signed("req").get(reverse("joint_plans:detail", args=[plan.uuid])).content.decode()
    for hidden in (ours.title, ours.next_time, ours.reference, str(ours.uuid)):
        assert hidden not in said


def test_aid_requests_show_theirs(staff: Staff, signed: Signed) -> None:
    request = request_file(staff)
    lesson = shared(staff, by="req", validator="req_colleague", applies_to=[f"aid_request:{request.kind}"])
    shared(staff, by="req", validator="req_colleague")
    assert shown(staff, request, "req") == [lesson.pk]
    said = signed("req").get(reverse("aid_requests:detail", args=[request.uuid])).content.decode()
    assert lesson.title in said
    with staff.acting("req"):
        assert Lesson.objects.count() == 2
