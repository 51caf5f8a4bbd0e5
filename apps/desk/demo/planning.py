"""What every teller of joint plans does: act as somebody at a time, take a step, file a plan, give it a part, answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.desk.demo import plan_stories as story
from apps.desk.demo.plan_stories import ENDORSER, KEEPER, Told
from apps.desk.demo.stage import Stage
from apps.joint_plans import parts
from apps.joint_plans.models import Contributor, JointPlan, Part
from apps.joint_plans.watching import broken_in
from apps.need_to_know.acting import acting_as, acting_as_clock
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.services import record_file
from apps.records.transitions import transition


class Planning:
    """One plan after the other: `first` is the first day of the one that is told, `codes` its parts by key."""

    def __init__(self, stage: Stage, until: datetime) -> None:
        self.stage, self.until = stage, until
        self.zone = ZoneInfo(stage.mission.time_zone)
        self.first = self.day_of(until)
        self.codes: dict[str, int] = {}

    def day_of(self, at: datetime) -> date:
        """The day in the mission."""
        return at.astimezone(self.zone).date()

    def ago(self, days: float) -> datetime:
        """So many days before the telling; ahead where it is less than none."""
        return self.until - timedelta(days=days)

    def day(self, number: int) -> date:
        """The day of the plan with that number."""
        return self.first + timedelta(days=number)

    @contextmanager
    def acting(self, post: str, at: datetime) -> Iterator[Actor]:
        """Whoever held that post then."""
        with clock.at(at), acting_as(self.stage.person_in(post, at), self.stage.mission) as actor:
            yield actor

    def step(self, pk: int, post: str, at: datetime, name: str, note: str = "", **data: Any) -> None:
        """A step of the plan, as that post."""
        with self.acting(post, at) as actor:
            record = JointPlan.objects.get(pk=pk)
            transition(actor, record=record, name=name, data={"note": note, **data}, note=note)

    def by_clock(self, pk: int, name: str) -> None:
        """The portal acts at the moment that the plan itself names."""
        with self.acting(KEEPER, self.until):
            plan = JointPlan.objects.get(pk=pk)
        assert plan.auto_at is not None, "the clock acts on what has a moment"
        with (
            clock.at(max(plan.auto_at, plan.state_since) + timedelta(seconds=30)),
            acting_as_clock(pk) as actor,
        ):
            transition(actor, record=JointPlan.objects.get(pk=pk), name=name)

    def file(
        self,
        said: dict[str, Any],
        county: str,
        at: datetime,
        length: int,
        take_part: Mapping[str, str] = story.TAKE_PART,
    ) -> int:
        """A draft of so many days from `first` on, with whoever takes part."""
        with self.acting(KEEPER, at) as actor:
            plan: JointPlan = record_file(
                actor,
                record=JointPlan(
                    area=self.stage.area(county), starts_on=self.first, ends_on=self.day(length), scope="organisation",
                    sensitivity=1, **said,
                ),
                position=self.stage.post(KEEPER),
            )  # fmt: skip
            for post, standing in take_part.items():
                Contributor.objects.create(
                    plan=plan, position=self.stage.post(post), organisation=self.stage.post(post).organisation,
                    standing=standing,
                )  # fmt: skip
            return plan.pk

    def part(self, pk: int, told: Told, at: datetime, rests_on: int = 0) -> None:
        """A part of the plan; `rests_on` is the record on which an assumption without a day rests."""
        with self.acting(KEEPER, at) as actor:
            plan = JointPlan.objects.get(pk=pk)
            values: dict[str, Any] = {"title": told.title, "details": told.details, **told.more}
            if told.only:
                readers = [self.stage.post(post).organisation.group_id for post in told.only]
                values |= {"opens_to": "named", "readers": readers}
            values |= self._detailed(plan, told, rests_on)
            part = parts.model_of(told.kind)(plan=plan, kind=told.kind, **values)
            self.codes[told.key] = parts.part_add(actor, part=part).pk

    def _detailed(self, plan: JointPlan, told: Told, rests_on: int) -> dict[str, Any]:
        if told.kind == "activity":
            assert told.days is not None
            return {
                "lead": self.stage.post(told.lead).organisation, "area": plan.area,
                "sector": self.stage.sector(told.sector), "starts_on": self.day(told.days[0]),
                "ends_on": self.day(told.days[1]),
                "objective": Part.objects.filter(pk=self.codes.get(told.serves, 0)).first(),
            }  # fmt: skip
        if told.kind == "decision_point" and told.days is not None:
            day = self.day(told.days[0])
            return {
                "decide_by": datetime(day.year, day.month, day.day, 12, tzinfo=self.zone),
                "decider": self.stage.post(ENDORSER),
            }  # fmt: skip
        if told.kind == "assumption" and rests_on and told.days is None:
            record = Record.objects.get(pk=rests_on)
            return {"watched": record.uuid, "watch": "fails", "breaks_in": broken_in(record, "fails")}
        if told.kind == "assumption" and told.days is not None:
            return {"holds_until": self.day(told.days[1])}
        return {}

    def answers(self, pk: int, said: tuple[tuple[str, int, str, str], ...], since: datetime) -> None:
        """What each said, so many days after it circulated; who is not asked again says nothing."""
        for post, days, answer, comment in said:
            at = since + timedelta(days=days)
            with self.acting(post, at):
                row = Contributor.objects.get(plan_id=pk, position=self.stage.post(post))
                number = JointPlan.objects.get(pk=pk).edition
            if row.answered < row.asked:
                self.step(
                    pk, post, at, "answer", contributor=str(row.uuid), number=number, answer=answer, comment=comment
                )  # fmt: skip
