"""Tells the demo mission's joint plans, each event at its time, through the services that pages call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.action_points.models import ActionPoint
from apps.action_points.services import action_point_file
from apps.desk.demo import plan_stories as story
from apps.desk.demo.plan_stories import CMCOORD, ENDORSER, KEEPER, Told
from apps.desk.demo.stage import Stage
from apps.joint_plans import parts
from apps.joint_plans.models import Activity, Contributor, DecisionPoint, Indicator, JointPlan, Part, PlanRule
from apps.joint_plans.watching import broken_in
from apps.lessons.models import Lesson
from apps.lessons.services import lesson_draft
from apps.lessons.teaching import topic
from apps.need_to_know.acting import acting_as, acting_as_clock
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.services import record_file
from apps.records.transitions import transition

#: Days before the telling: when the plan was filed, and when its first day was.
_FILED, _FIRST = 150, 130


class Planner:
    """Makes a plan with others, has it agreed, tripped, revised and ended; and begins the next."""

    def __init__(self, stage: Stage, until: datetime) -> None:
        self.stage, self.until = stage, until
        self.zone = ZoneInfo(stage.mission.time_zone)
        self.first = (until - timedelta(days=_FIRST)).astimezone(self.zone).date()
        self.codes: dict[str, int] = {}

    def tell_all(self) -> int:
        """Both plans, with what belongs to them; how many records."""
        PlanRule.objects.create(
            mission=self.stage.mission, kind="return", endorsed_by=self.stage.post(ENDORSER), review_days=180
        )
        ferry = self._ferry(self._ago(_FILED))
        pk = self._file(story.PLAN, "SS0301", self._ago(_FILED), (0, 110))
        for told in story.PARTS:
            self._part(pk, told, self._ago(_FILED - 1), ferry)
        self._agree(pk)
        self._run(pk, ferry)
        self._learn(pk)
        return 4 + self._next()

    def _ago(self, days: float) -> datetime:
        return self.until - timedelta(days=days)

    @contextmanager
    def _as(self, post: str, at: datetime) -> Iterator[Actor]:
        with clock.at(at), acting_as(self.stage.person_in(post, at), self.stage.mission) as actor:
            yield actor

    def _step(self, pk: int, post: str, at: datetime, name: str, note: str = "", **data: Any) -> None:
        with self._as(post, at) as actor:
            record = JointPlan.objects.get(pk=pk)
            transition(actor, record=record, name=name, data={"note": note, **data}, note=note)

    # ---------------------------------------------------------------- making it
    def _ferry(self, at: datetime) -> int:
        """What the plan rests on: somebody keeps the ferry in order."""
        with self._as(KEEPER, at) as actor:
            point: ActionPoint = action_point_file(
                actor, title="Keep the Akobo ferry in service for lorries", owner=self.stage.post("civ"),
                verifier=self.stage.post(CMCOORD), due=at + timedelta(days=120), priority=2, scope="mission",
                position=self.stage.post(KEEPER),
            )  # fmt: skip
            return point.pk

    def _file(self, said: dict[str, Any], county: str, at: datetime, days: tuple[int, int]) -> int:
        starts, ends = (self.first + timedelta(days=n) for n in days)
        with self._as(KEEPER, at) as actor:
            plan: JointPlan = record_file(
                actor,
                record=JointPlan(
                    area=self.stage.area(county), starts_on=starts, ends_on=ends, scope="organisation", sensitivity=1,
                    **said,
                ),
                position=self.stage.post(KEEPER),
            )  # fmt: skip
            for post, standing in story.TAKE_PART.items():
                Contributor.objects.create(
                    plan=plan, position=self.stage.post(post), organisation=self.stage.post(post).organisation,
                    standing=standing,
                )  # fmt: skip
            return plan.pk

    def _day(self, number: int) -> Any:
        return self.first + timedelta(days=number)

    def _part(self, pk: int, told: Told, at: datetime, ferry: int = 0) -> None:
        with self._as(KEEPER, at) as actor:
            plan = JointPlan.objects.get(pk=pk)
            values: dict[str, Any] = {"title": told.title, "details": told.details, **told.more}
            if told.only:
                readers = [self.stage.post(post).organisation.group_id for post in told.only]
                values |= {"opens_to": "named", "readers": readers}
            if told.kind == "activity":
                assert told.days is not None
                values |= {
                    "lead": self.stage.post(told.lead).organisation, "area": plan.area,
                    "sector": self.stage.sector(told.sector), "starts_on": self._day(told.days[0]),
                    "ends_on": self._day(told.days[1]),
                    "objective": Part.objects.filter(pk=self.codes.get(story.SERVES[told.key], 0)).first(),
                }  # fmt: skip
            elif told.kind == "decision_point" and told.days is not None:
                day = self._day(told.days[0])
                values |= {
                    "decide_by": datetime(day.year, day.month, day.day, 12, tzinfo=self.zone),
                    "decider": self.stage.post(ENDORSER),
                }  # fmt: skip
            elif told.key == "ferry":
                rests_on = Record.objects.get(pk=ferry)
                values |= {
                    "watched": rests_on.uuid,
                    "watch": "fails",
                    "breaks_in": broken_in(rests_on, "fails"),
                }
            elif told.key == "rain":
                values["holds_until"] = plan.ends_on
            part = parts.model_of(told.kind)(plan=plan, kind=told.kind, **values)
            self.codes[told.key] = parts.part_add(actor, part=part).pk

    # ---------------------------------------------------------------- agreeing
    def _answers(self, pk: int, said: tuple[tuple[str, int, str, str], ...], since: datetime) -> None:
        for post, days, answer, comment in said:
            at = since + timedelta(days=days)
            with self._as(post, at):
                row = Contributor.objects.get(plan_id=pk, position=self.stage.post(post))
                number = JointPlan.objects.get(pk=pk).edition
            if row.answered < row.asked:
                self._step(
                    pk,
                    post,
                    at,
                    "answer",
                    contributor=str(row.uuid),
                    number=number,
                    answer=answer,
                    comment=comment,
                )

    def _change(self, at: datetime, key: str, **changes: Any) -> None:
        with self._as(KEEPER, at) as actor:
            bare = Part.objects.select_related("plan").get(pk=self.codes[key])
            part: Any = parts.model_of(bare.kind)._default_manager.get(pk=bare.pk)
            part.plan = bare.plan
            parts.part_change(actor, part=part, base=parts.values_of(part, list(changes)), mine=changes)

    def _agree(self, pk: int) -> None:
        self._step(pk, KEEPER, self._ago(147), "circulate")
        self._answers(pk, story.FIRST, self._ago(147))
        self._change(
            self._ago(142), "escort", title="Escort of convoys to the county line",
            details="Twice a week while the road is not cleared. From the line on, the convoys go alone.",
        )  # fmt: skip
        self._change(self._ago(142), "repair", starts_on=self._day(44), ends_on=self._day(88))
        self._step(pk, KEEPER, self._ago(141.9), "circulate_again", changes=story.CHANGED)
        self._answers(pk, story.SECOND, self._ago(141.9))
        self._step(pk, KEEPER, self._ago(138), "put_forward")
        self._step(pk, ENDORSER, self._ago(136), "endorse")

    def _by_clock(self, pk: int, name: str) -> None:
        """The portal acts at the moment that the plan itself names."""
        with self._as(KEEPER, self.until):
            plan = JointPlan.objects.get(pk=pk)
        assert plan.auto_at is not None, "the clock acts on what has a moment"
        with (
            clock.at(max(plan.auto_at, plan.state_since) + timedelta(seconds=30)),
            acting_as_clock(pk) as actor,
        ):
            transition(actor, record=JointPlan.objects.get(pk=pk), name=name)

    # ---------------------------------------------------------------- while it runs
    def _report(self, key: str, number: int, progress: str, said: str) -> None:
        lead = next(told.lead for told in story.PARTS if told.key == key)
        with self._as(lead, self._ago(_FIRST - number)) as actor:
            activity = Activity.objects.select_related("plan").get(pk=self.codes[key])
            parts.activity_report(actor, activity=activity, progress=progress, report=said)

    def _run(self, pk: int, ferry: int) -> None:
        self._by_clock(pk, "begin")
        for key, number, progress, said in story.REPORTS[:2]:
            self._report(key, number, progress, said)
        with self._as(KEEPER, self._ago(88)) as actor:
            point = ActionPoint.objects.get(pk=ferry)
            transition(
                actor, record=point, name="cancel", note="The ferry sank at its mooring on Sunday night."
            )
        self._by_clock(pk, "trip")
        self._change(self._ago(87), "ferry", assumed="dropped")
        self._change(
            self._ago(86), "grade", title="Grade the road by Lankien and mend two culverts",
            details="The road by Lankien first: it needs no ferry.",
        )  # fmt: skip
        self._step(pk, KEEPER, self._ago(85.9), "revise", changes=story.REVISED)
        self._answers(pk, story.THIRD, self._ago(85.9))
        self._step(pk, KEEPER, self._ago(82), "put_forward")
        self._step(pk, ENDORSER, self._ago(81), "endorse")
        self._by_clock(pk, "begin")
        for key, number, progress, said in story.REPORTS[2:]:
            self._report(key, number, progress, said)
        with self._as(KEEPER, self._ago(58)) as actor:
            go = DecisionPoint.objects.select_related("plan").get(pk=self.codes["go"])
            parts.decision_note(
                actor, point=go, outcome="Go, by the road by Lankien.", decided_on=self._day(72)
            )
        for number, value in story.READINGS:
            with self._as("cpro", self._ago(_FIRST - number)) as actor:
                row = Indicator.objects.select_related("plan").get(pk=self.codes["count"])
                parts.reading_add(
                    actor, indicator=row, on=self._day(number), value=Decimal(value), note="Monitors"
                )
        self._step(
            pk, KEEPER, self._ago(24), "complete", "655 of 700 families are home; the road carries lorries."
        )

    # ---------------------------------------------------------------- learning
    def _learn(self, pk: int) -> None:
        with self._as(KEEPER, self._ago(16)) as actor:
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
        with self._as(CMCOORD, self._ago(14)) as actor:
            transition(actor, record=Lesson.objects.get(pk=lesson.pk), name="share")
        self._step(pk, KEEPER, self._ago(13), "archive", lessons=story.REVIEW)

    def _next(self) -> int:
        """The next plan like it, in consultation now: the lesson shows on its page."""
        pk = self._file(story.NEXT, "SS0308", self._ago(4.5), (_FIRST + 20, _FIRST + 110))
        for told in story.PARTS:
            if told.key in ("road", "safe", "listen", "rain", "rules"):
                self._part(pk, told, self._ago(4.4))
        self._step(pk, KEEPER, self._ago(4), "circulate")
        self._answers(pk, story.SECOND[:2], self._ago(3.9))
        return 1
