"""A plan is agreed by version: who is asked about what, whose answer holds, and what the database keeps."""

from __future__ import annotations

import pytest

from apps.joint_plans import rules
from apps.joint_plans.models import Contributor, JointPlan, Part, PartVersion, PlanVersion
from apps.joint_plans.vocabulary import PartKind
from apps.records.errors import DutyConflict, Incomplete, NotPermitted, StaleRecord
from apps.records.models import Record
from apps.records.transitions import refusals
from tests.factories.plans import (
    activity_make,
    agreed,
    answer,
    circulated,
    endorsed,
    now,
    part_make,
    plan_file,
    take,
)
from tests.factories.staff import Staff


def rows(staff: Staff, plan: JointPlan, by: str = "cim") -> dict[str, tuple[int, int, str]]:
    """Post -> (asked, answered, answer) of each contributor."""
    with staff.acting(by):
        return {
            row.position.title.removeprefix("Post "): (row.asked, row.answered, row.answer)
            for row in Contributor.objects.filter(plan=plan).select_related("position")
        }


def test_a_draft_is_its_own_and_circulating_opens_it_to_whoever_takes_part(staff: Staff) -> None:
    plan = plan_file(staff)
    for post in ("req", "unit", "clu"):
        with staff.acting(post):
            assert not Record.objects.filter(pk=plan.pk).exists()
    plan = take(staff, plan, "cim", "circulate")
    assert (plan.state, plan.edition) == ("consultation", 1)
    for post in ("req", "unit", "clu"):
        with staff.acting(post):
            assert Part.objects.filter(plan=plan).count() == 2
    with staff.acting("req_elsewhere"):
        assert not Record.objects.filter(pk=plan.pk).exists()
    assert rows(staff, plan) == {"req": (1, 0, ""), "unit": (1, 0, ""), "clu": (0, 0, "")}


def test_what_is_missing_is_told_by_field(staff: Staff) -> None:
    plan = plan_file(staff, parts={}, purpose="")
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "circulate")
    assert set(refused.value.errors) == {"purpose", "contributors"}


def test_each_organisation_answers_for_itself_and_to_the_version_that_circulates(staff: Staff) -> None:
    plan = circulated(staff)
    answer(staff, plan, "req", "comment", "Only by day")
    assert rows(staff, plan)["req"] == (1, 1, "comment")
    with pytest.raises(NotPermitted):
        answer(staff, plan, "clu")
    with staff.acting("req"):
        own = Contributor.objects.get(plan=plan, position=staff.positions["req"])
    with pytest.raises(NotPermitted):
        take(staff, plan, "unit", "answer", contributor=str(own.uuid), number=1, answer="concur")
    with pytest.raises(StaleRecord):
        take(staff, plan, "req", "answer", contributor=str(own.uuid), number=2, answer="concur")


def test_an_answer_holds_until_something_changes_that_the_organisation_reads(staff: Staff) -> None:
    plan = circulated(staff)
    with staff.acting("cim"):
        contingent = staff.organisations["contingent"].group_id
        secret = activity_make(staff, plan, opens_to="named", readers=[contingent])
    plan = take(staff, plan, "cim", "circulate_again")
    assert rows(staff, plan) == {"req": (1, 0, ""), "unit": (2, 0, ""), "clu": (0, 0, "")}
    answer(staff, plan, "req")
    answer(staff, plan, "unit")
    with staff.acting("cim"):
        assert rules.awaited(plan) == []
        secret.needs = "Two more graders"
        secret.save()
    plan = take(staff, plan, "cim", "circulate_again")
    assert rows(staff, plan)["req"] == (1, 2, "concur"), "nothing that it reads has changed"
    assert rows(staff, plan)["unit"] == (3, 2, "concur")
    with staff.acting("cim"):
        assert [row.position_id for row in rules.awaited(plan)] == [staff.positions["unit"].pk]


def test_nothing_is_put_forward_that_did_not_circulate(staff: Staff) -> None:
    plan = agreed(staff)
    with staff.acting("cim"):
        part_make(staff, plan, PartKind.INSTRUCTION)
    with pytest.raises(Incomplete):
        take(staff, plan, "cim", "put_forward")
    take(staff, plan, "cim", "circulate_again")
    with pytest.raises(Incomplete):
        take(staff, plan, "cim", "put_forward")
    for post in ("req", "unit"):
        answer(staff, plan, post)
    assert take(staff, plan, "cim", "put_forward").state == "for_endorsement"


def test_over_the_head_of_somebody_who_does_not_concur_a_reason_is_needed(staff: Staff) -> None:
    plan = circulated(staff)
    answer(staff, plan, "req", "non_concur", "The road is mined")
    answer(staff, plan, "unit")
    with pytest.raises(Incomplete):
        take(staff, plan, "cim", "put_forward")
    plan = take(staff, plan, "cim", "put_forward", note="It cannot wait for the mines to be cleared")
    with pytest.raises(Incomplete):
        take(staff, plan, "dec", "endorse")
    assert take(staff, plan, "dec", "endorse", note="The route goes round them").state == "endorsed"
    with staff.acting("req"):
        assert [row.answer for row in rules.objecting(now(plan))] == ["non_concur"]


def test_nobody_endorses_what_they_filed(staff: Staff) -> None:
    staff.also_holds("cim", "dec")
    plan = take(staff, agreed(staff), "cim", "put_forward")
    with pytest.raises(DutyConflict):
        take(staff, plan, "cim", "endorse")


def test_endorsed_is_endorsed(staff: Staff) -> None:
    plan = endorsed(staff)
    with staff.acting("cim"):
        assert PlanVersion.objects.get(plan=plan).endorsed_at is not None
        for change in (
            lambda: Part.objects.filter(plan=plan).update(title="Otherwise"),
            lambda: Contributor.objects.filter(plan=plan).delete(),
            lambda: part_make(staff, plan, PartKind.RISK),
        ):
            with pytest.raises(NotPermitted), refusals():
                change()


def test_versions_are_nobodys_to_rewrite(staff: Staff) -> None:
    plan = circulated(staff)
    with staff.acting("cim"):
        for change in (
            lambda: PlanVersion.objects.filter(plan=plan).update(note="Otherwise"),
            lambda: PartVersion.objects.filter(plan=plan).update(content={}),
            lambda: PartVersion.objects.filter(plan=plan).delete(),
        ):
            with pytest.raises(NotPermitted), refusals():
                change()


def test_whoever_is_informed_does_not_contribute(staff: Staff) -> None:
    """What opens to contributing organisations opens to them alone, in every version."""
    plan = plan_file(staff)
    with staff.acting("cim"):
        inner = part_make(staff, plan, PartKind.INSTRUCTION, opens_to="contributors")
    plan = take(staff, plan, "cim", "circulate")
    for post, reads in (("req", True), ("unit", True), ("clu", False)):
        with staff.acting(post) as actor:
            assert now(plan).edition == 1, post
            assert Part.objects.filter(pk=inner.pk).exists() is reads, post
            assert PartVersion.objects.filter(part_id=inner.pk).exists() is reads, post
            assert rules.contributes(actor, plan) is reads, post
