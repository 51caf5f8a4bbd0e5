"""Tells the demo mission's joint plans, each event at its time, through the services that pages call."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.action_points.models import ActionPoint
from apps.action_points.services import action_point_file
from apps.desk.demo import plan_stories as story
from apps.desk.demo.plan_stories import CMCOORD, ENDORSER, KEEPER
from apps.desk.demo.planning import Planning
from apps.joint_plans import parts
from apps.joint_plans.models import Activity, DecisionPoint, Indicator, JointPlan, Part, PlanRule
from apps.lessons.models import Lesson
from apps.lessons.services import lesson_draft
from apps.lessons.teaching import topic
from apps.records.transitions import transition

#: Days before the telling: when the plan was filed, and when its first day was.
_FILED, _FIRST = 150, 130


class Planner(Planning):
    """Makes a plan with others, has it agreed, tripped, revised and ended; and begins the next."""

    def tell_all(self) -> int:
        """Both plans, with what belongs to them; how many records."""
        PlanRule.objects.create(
            mission=self.stage.mission, kind="return", endorsed_by=self.stage.post(ENDORSER), review_days=180
        )
        ferry = self._ferry(self.ago(_FILED))
        self.first = self.day_of(self.ago(_FIRST))
        pk = self.file(story.PLAN, "SS0301", self.ago(_FILED), story.LENGTH)
        for told in story.PARTS:
            self.part(pk, told, self.ago(_FILED - 1), ferry)
        self._agree(pk)
        self._run(pk, ferry)
        self._learn(pk)
        return 4 + self._next()

    # ---------------------------------------------------------------- making it
    def _ferry(self, at: datetime) -> int:
        """What the plan rests on: somebody keeps the ferry in order."""
        with self.acting(KEEPER, at) as actor:
            point: ActionPoint = action_point_file(
                actor, title="Keep the Akobo ferry in service for lorries", owner=self.stage.post("civ"),
                verifier=self.stage.post(CMCOORD), due=at + timedelta(days=120), priority=2, scope="mission",
                position=self.stage.post(KEEPER),
            )  # fmt: skip
            return point.pk

    # ---------------------------------------------------------------- agreeing
    def _change(self, at: datetime, key: str, **changes: Any) -> None:
        with self.acting(KEEPER, at) as actor:
            bare = Part.objects.select_related("plan").get(pk=self.codes[key])
            part: Any = parts.model_of(bare.kind)._default_manager.get(pk=bare.pk)
            part.plan = bare.plan
            parts.part_change(actor, part=part, base=parts.values_of(part, list(changes)), mine=changes)

    def _agree(self, pk: int) -> None:
        self.step(pk, KEEPER, self.ago(147), "circulate")
        self.answers(pk, story.FIRST, self.ago(147))
        self._change(
            self.ago(142), "escort", title="Escort of convoys to the county line",
            details="Twice a week while the road is not cleared. From the line on, the convoys go alone.",
        )  # fmt: skip
        self._change(self.ago(142), "repair", starts_on=self.day(44), ends_on=self.day(88))
        self.step(pk, KEEPER, self.ago(141.9), "circulate_again", changes=story.CHANGED)
        self.answers(pk, story.SECOND, self.ago(141.9))
        self.step(pk, KEEPER, self.ago(138), "put_forward")
        self.step(pk, ENDORSER, self.ago(136), "endorse")

    # ---------------------------------------------------------------- while it runs
    def _report(self, key: str, number: int, progress: str, said: str) -> None:
        lead = next(told.lead for told in story.PARTS if told.key == key)
        with self.acting(lead, self.ago(_FIRST - number)) as actor:
            activity = Activity.objects.select_related("plan").get(pk=self.codes[key])
            parts.activity_report(actor, activity=activity, progress=progress, report=said)

    def _run(self, pk: int, ferry: int) -> None:
        self.by_clock(pk, "begin")
        for key, number, progress, said in story.REPORTS[:2]:
            self._report(key, number, progress, said)
        with self.acting(KEEPER, self.ago(88)) as actor:
            point = ActionPoint.objects.get(pk=ferry)
            transition(
                actor, record=point, name="cancel", note="The ferry sank at its mooring on Sunday night."
            )
        self.by_clock(pk, "trip")
        self._change(self.ago(87), "ferry", assumed="dropped")
        self._change(
            self.ago(86), "grade", title="Grade the road by Lankien and mend two culverts",
            details="The road by Lankien first: it needs no ferry.",
        )  # fmt: skip
        self.step(pk, KEEPER, self.ago(85.9), "revise", changes=story.REVISED)
        self.answers(pk, story.THIRD, self.ago(85.9))
        self.step(pk, KEEPER, self.ago(82), "put_forward")
        self.step(pk, ENDORSER, self.ago(81), "endorse")
        self.by_clock(pk, "begin")
        for key, number, progress, said in story.REPORTS[2:]:
            self._report(key, number, progress, said)
        with self.acting(KEEPER, self.ago(58)) as actor:
            go = DecisionPoint.objects.select_related("plan").get(pk=self.codes["go"])
            parts.decision_note(
                actor, point=go, outcome="Go, by the road by Lankien.", decided_on=self.day(72)
            )
        for number, value in story.READINGS:
            with self.acting("cpro", self.ago(_FIRST - number)) as actor:
                row = Indicator.objects.select_related("plan").get(pk=self.codes["count"])
                parts.reading_add(
                    actor, indicator=row, on=self.day(number), value=Decimal(value), note="Monitors"
                )
        self.step(
            pk, KEEPER, self.ago(24), "complete", "655 of 700 families are home; the road carries lorries."
        )

    # ---------------------------------------------------------------- learning
    def _learn(self, pk: int) -> None:
        with self.acting(KEEPER, self.ago(16)) as actor:
            plan = JointPlan.objects.get(pk=pk)
            lesson = lesson_draft(
                actor,
                record=Lesson(
                    kind="after_action", area=self.stage.area("SS03"), scope="organisation", sensitivity=plan.sensitivity,
                    applies_to=[topic("joint_plan", "return")], **story.LESSON,
                ),
                source=plan, position=self.stage.post(KEEPER),
            )  # fmt: skip
            transition(actor, record=lesson, name="propose", data={"validator": self.stage.post(CMCOORD)})
        with self.acting(CMCOORD, self.ago(14)) as actor:
            transition(actor, record=Lesson.objects.get(pk=lesson.pk), name="share")
        self.step(pk, KEEPER, self.ago(13), "archive", lessons=story.REVIEW)

    def _next(self) -> int:
        """The next plan like it, in consultation now: the lesson shows on its page."""
        self.first = self.day_of(self.ago(-10))
        pk = self.file(story.NEXT, "SS0308", self.ago(4.5), 90)
        for told in story.NEXT_PARTS:
            self.part(pk, told, self.ago(4.4))
        self.step(pk, KEEPER, self.ago(4), "circulate")
        self.answers(pk, story.SECOND[:2], self.ago(3.9))
        return 1
