"""Tells what the demo mission builds and practises, through the services that pages call: projects, resources, exercise."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from apps.desk.demo import project_stories as story
from apps.desk.demo.plan_stories import CMCOORD, ENDORSER, KEEPER, NEXT, NEXT_PARTS
from apps.desk.demo.planning import Planning
from apps.joint_plans.models import (
    Activity,
    Funding,
    Instalment,
    JointPlan,
    MonitoringVisit,
    PlanRule,
    Project,
    Promise,
    Resource,
)
from apps.joint_plans.playing import play_set
from apps.joint_plans.projects import services
from apps.joint_plans.projects.rules import criteria_of
from apps.joint_plans.resources import days_of, promise_ask, promise_settle, resource_save
from apps.joint_plans.vocabulary import Promised
from apps.mission.models import Mission

#: Days before the telling: when the project was filed and began; when the exercise was filed and, ahead, begins.
_FILED, _FIRST = 62, 50
_PRACTISED, _AHEAD = 20, -12


class Builder(Planning):
    """Offers resources, asks for them, takes a quick impact project half-way, and has an exercise endorsed."""

    def tell_all(self, exercise: Mission) -> int:
        """A project and an exercise, played in that mission; how many records."""
        for kind in ("qip", "works", "exercise"):
            PlanRule.objects.create(
                mission=self.stage.mission, kind=kind, endorsed_by=self.stage.post(ENDORSER)
            )
        offered = self._offer(self.ago(90))
        self._build(offered)
        self._practise(exercise)
        return 2

    # ---------------------------------------------------------------- resources
    def _offer(self, at: datetime) -> dict[str, Resource]:
        made = {}
        for key, (post, capability, kind, hours, conditions) in story.RESOURCES.items():
            with self.acting(post, at) as actor:
                made[key] = resource_save(
                    actor,
                    resource=Resource(
                        keeper=self.stage.post(post), capability=capability, kind=kind, notice_hours=hours,
                        conditions=conditions,
                    ),
                )  # fmt: skip
        return made

    def _ask(self, activity: Activity, resource: Resource, at: datetime) -> Promise:
        with self.acting(KEEPER, at) as actor:
            starts, ends = days_of(self.stage.mission, activity)
            assert starts is not None
            assert ends is not None
            return promise_ask(
                actor, plan=activity.of_plan, part=activity, resource=resource, starts=starts, ends=ends
            )

    def _asked_for_the_return(self, offered: dict[str, Resource], at: datetime) -> None:
        """The next return plan asks for what the project is promised a little later."""
        with self.acting(KEEPER, at):
            plan = JointPlan.objects.get(title=NEXT["title"])
            found = {
                row.title: row for row in Activity.objects.filter(of_plan=plan).select_related("of_plan")
            }
        for told in NEXT_PARTS:
            if told.key in story.ASKED:
                self._ask(found[told.title], offered[story.ASKED[told.key]], at)

    # ---------------------------------------------------------------- the clinic
    def _build(self, offered: dict[str, Resource]) -> None:
        self.first = self.day_of(self.ago(_FIRST))
        pk = self.file(story.PROJECT, "SS0308", self.ago(_FILED), story.PROJECT_LENGTH, story.PROJECT_PART)
        for told in story.PROJECT_PARTS:
            self.part(pk, told, self.ago(_FILED))
        with self.acting(KEEPER, self.ago(_FILED)) as actor:
            plan = JointPlan.objects.get(pk=pk)
            Project.objects.create(plan=plan, **story.BUILT)
            Funding.objects.create(
                plan=plan, amount_asked=Decimal(story.ASKED_FOR), opens_to="contributors",
                partner=self.stage.post("nbr").organisation,
            )  # fmt: skip
            for number, (amount, condition) in enumerate(story.INSTALMENTS, start=1):
                Instalment.objects.create(
                    plan=plan, number=number, amount=Decimal(amount), condition=condition
                )
            said = {each.pk: ("yes", story.WHY) for each in criteria_of(plan)}
            services.criteria_answer(actor, plan=plan, said=said)
        self._approve(pk)
        self._oversee(pk)
        self._asked_for_the_return(offered, self.ago(3))
        with self.acting(KEEPER, self.ago(2)):
            level = Activity.objects.select_related("of_plan").get(pk=self.codes["level"])
        promise = self._ask(level, offered["grader"], self.ago(2))
        with self.acting("eng", self.ago(1.5)) as actor:
            promise_settle(actor, promise=promise, state=Promised.PROMISED)

    def _approve(self, pk: int) -> None:
        self.step(pk, KEEPER, self.ago(_FILED - 1), "circulate")
        self.answers(
            pk, tuple((post, 1, "concur", "") for post in ("nbr", "eng", CMCOORD)), self.ago(_FILED - 1)
        )
        self.step(
            pk, CMCOORD, self.ago(_FILED - 3), "check_duplication", result="none", looked_at=story.LOOKED_AT
        )
        self.step(pk, KEEPER, self.ago(_FILED - 4), "put_forward")
        self.step(pk, ENDORSER, self.ago(_FILED - 7), "endorse", amount_approved=Decimal(story.APPROVED))
        self.by_clock(pk, "begin")

    def _pay(self, pk: int, number: int, at: datetime) -> None:
        with self.acting(KEEPER, at) as actor:
            row = Instalment.objects.select_related("plan__mission").get(plan_id=pk, number=number)
            services.instalment_pay(actor, instalment=row, on=self.day_of(at), reference=f"QIP-{number}")

    def _oversee(self, pk: int) -> None:
        self._pay(pk, 1, self.ago(_FIRST - 2))
        for day, percent, finding in story.FOUND:
            with self.acting("eng", self.ago(_FIRST - day)) as actor:
                visit = MonitoringVisit(
                    plan=JointPlan.objects.get(pk=pk), on=self.day(day), percent=percent, finding=finding
                )
                services.visit_add(actor, visit=visit)
        self._pay(pk, 2, self.ago(_FIRST - 32))

    # ---------------------------------------------------------------- the exercise
    def _practise(self, exercise: Mission) -> None:
        self.first = self.day_of(self.ago(_AHEAD))
        pk = self.file(
            story.EXERCISE_PLAN, "SS0301", self.ago(_PRACTISED), story.EXERCISE_LENGTH, story.EXERCISE_PART
        )
        for told in story.EXERCISE_PARTS:
            self.part(pk, told, self.ago(_PRACTISED))
        since = self.ago(_PRACTISED) + timedelta(hours=2)
        self.step(pk, KEEPER, since, "circulate")
        self.answers(pk, tuple((post, 1, "concur", "") for post in ("bat1", "hos", "nbr", CMCOORD)), since)
        self.step(pk, KEEPER, since + timedelta(days=3), "put_forward")
        self.step(pk, ENDORSER, since + timedelta(days=4), "endorse")
        with self.acting(CMCOORD, since + timedelta(days=5)) as actor:
            play_set(actor, plan=JointPlan.objects.get(pk=pk), mission=exercise)
