"""The demo mission's plan goes the whole way: objection, revision, endorsement, a broken assumption, a lesson."""

from __future__ import annotations

import pytest

from apps.accounts.models import User
from apps.desk.demo import plan_stories as story
from apps.desk.demo import project_stories as projects
from apps.desk.demo.plan_stories import CMCOORD, KEEPER
from apps.desk.demo.teller import sign_in
from apps.joint_plans.deconfliction import conflicts_of
from apps.joint_plans.models import (
    Activity,
    Assumption,
    Concurrence,
    Funding,
    Instalment,
    JointPlan,
    Part,
    PlanVersion,
    Play,
)
from apps.joint_plans.versions import difference
from apps.lessons.selectors import lessons_for
from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as
from apps.pages.names import Names
from apps.records.models import Step

# WHY: whoever comes first waits until the whole demo mission is told.
pytestmark = pytest.mark.timeout(400)


def person(post: str) -> User:
    return User.objects.get(email=sign_in(post))


def plan_of(said: dict[str, object]) -> JointPlan:
    return JointPlan.objects.get(title=said["title"])


def test_it_was_taken_through_all_of_it(mission: Mission) -> None:
    with acting_as(person(KEEPER), mission):
        plan = plan_of(story.PLAN)
        steps = list(
            Step.objects.filter(record_id=plan.pk).order_by("at", "id").values_list("name", flat=True)
        )
        agreed = [name for name in steps if name != "answer"]
        assert agreed == [
            "file", "circulate", "circulate_again", "put_forward", "endorse", "begin", "trip", "revise",
            "put_forward", "endorse", "begin", "complete", "archive",
        ]  # fmt: skip
        assert (plan.state, plan.edition) == ("archived", 3)
        assert PlanVersion.objects.filter(plan=plan, endorsed_at__isnull=False).count() == 2


def test_one_did_not_concur_until_the_plan_was_changed(mission: Mission) -> None:
    with acting_as(person(CMCOORD), mission) as actor:
        plan = plan_of(story.PLAN)
        said = Concurrence.objects.filter(plan=plan, organisation__acronym="ICCG").order_by("number")
        assert [(row.number, row.answer) for row in said][:2] == [(1, "non_concur"), (2, "concur")]
        told = difference(plan, 1, 2, Names(actor))
        assert {part.title for part in told.parts} == {
            "Escort of convoys to the county line", "Repair the clinic and its water point",
        }  # fmt: skip


def test_a_broken_assumption_reopened_it_by_the_clock(mission: Mission) -> None:
    with acting_as(person(KEEPER), mission):
        plan = plan_of(story.PLAN)
        trip = Step.objects.get(record_id=plan.pk, name="trip")
        assert trip.actor_id is None
        ferry = Assumption.objects.get(plan=plan, title__startswith="The ferry")
        assert (ferry.assumed, ferry.tripped_at is not None) == ("dropped", True)
        assert (trip.at - ferry.tripped_at).total_seconds() < 120


def test_what_is_sealed_is_sealed(mission: Mission) -> None:
    """The times of the patrol are the battalion's and the engineers' alone, and the plan makes sense without them."""
    for post, reads in (("bat1", True), ("eng", True), ("nbr", False), ("cpro", False)):
        with acting_as(person(post), mission):
            plan = plan_of(story.PLAN)
            assert Part.objects.filter(plan=plan, title__startswith="Times and routes").exists() is reads, (
                post
            )
            assert Activity.objects.filter(plan=plan).count() == 5


def test_what_was_learnt_shows_on_the_next_plan_like_it(mission: Mission) -> None:
    with acting_as(person(KEEPER), mission) as actor:
        following = plan_of(story.NEXT)
        assert following.state == "consultation"
        assert [lesson.title for lesson in lessons_for(actor, following)] == [story.LESSON["title"]]


def test_a_clinic_is_half_built_and_meets_the_return(mission: Mission) -> None:
    """Two of three instalments are paid; the grader is promised to it, so that the return plan's own ask conflicts."""
    with acting_as(person(KEEPER), mission) as actor:
        project = plan_of(projects.PROJECT)
        assert (project.state, project.edition) == ("active", 1)
        settled = [row.is_settled for row in Instalment.objects.filter(plan=project).order_by("number")]
        assert settled == [True, True, False]
        met = conflicts_of(actor, plan_of(story.NEXT)).found
        assert {(each.kind, each.plan and each.plan.pk) for each in met} >= {
            ("place", project.pk), ("resource", project.pk),
        }  # fmt: skip


def test_what_it_costs_is_read_by_those_who_take_part(mission: Mission) -> None:
    for post, reads in (("nbr", True), ("cos", True), ("host", False)):
        with acting_as(person(post), mission):
            assert Funding.objects.filter(plan=plan_of(projects.PROJECT)).exists() is reads, post


def test_an_exercise_is_agreed_and_tells_where_it_is_played(mission: Mission) -> None:
    with acting_as(person(KEEPER), mission):
        plan = plan_of(projects.EXERCISE_PLAN)
        assert (plan.state, Play.objects.get(plan=plan).mission.is_exercise) == ("endorsed", True)
