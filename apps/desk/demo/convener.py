"""Holds the demo mission's meetings of a quarter, each at its time, through the services that pages call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.action_points.models import ActionPoint
from apps.action_points.services import action_point_file
from apps.desk.demo.group_stories import BELONG, GROUP, STANDING, TERMS, WEEKS, Item, Task, Week
from apps.desk.demo.stage import Stage
from apps.need_to_know.acting import acting_as
from apps.records import clock
from apps.records.actors import Actor
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.working_groups.calling import meeting_call
from apps.working_groups.convening import convene
from apps.working_groups.deciding import came_of, decision_record
from apps.working_groups.models import (
    AgendaItem,
    Correction,
    Decision,
    Meeting,
    Member,
    Series,
    StandingItem,
    TermsOfReference,
    WorkingGroup,
)
from apps.working_groups.series import ahead_of, series_extend
from apps.working_groups.vocabulary import ItemState, Presence

CHAIR, SECRETARY = "cmc", "cmcn"
_HOUR, _LASTS = time(8, 30), timedelta(minutes=60)


class Convener:
    """Keeps the groups of a stage and holds their meetings."""

    def __init__(self, stage: Stage, until: datetime) -> None:
        self.stage, self.until = stage, until
        self.zone = ZoneInfo(stage.mission.time_zone)
        self.owed: list[tuple[int, Task, datetime]] = []
        self.decided: dict[str, int] = {}

    def tell_all(self) -> int:
        """The weekly group with its quarter, and a group whose members are not shown; how many records."""
        first = self._first_day()
        group = self._group(self._local(first) - timedelta(days=6))
        with self._as(CHAIR, self._local(first) - timedelta(days=5)) as actor:
            series = Series.objects.create(
                group=WorkingGroup.objects.get(pk=group.pk), title="Weekly coordination meeting", frequency="weekly",
                weekdays=["TU"], first_on=first, at=_HOUR, time_zone=self.stage.mission.time_zone,
                lasts=60, place="OCHA compound, meeting room 2", joining="Conference line 555 0300, code 4471", ahead=6,
            )  # fmt: skip
            series_extend(actor, series=series)
        told = 1
        for number, week in enumerate(WEEKS):
            day = first + timedelta(weeks=number)
            told += self._week(series, self._local(day), week)
        self._settle(self.until)
        with self._as(CHAIR, self.until):
            told += len(ahead_of(series))
        return told + self._quiet_group()

    def _first_day(self) -> date:
        """The Tuesday of the first week, so that the last of all lies a few days back."""
        today = self.until.astimezone(self.zone).date()
        last = today - timedelta(days=(today.weekday() - 1) % 7 or 7)
        return last - timedelta(weeks=len(WEEKS) - 1)

    def _local(self, day: date) -> datetime:
        return datetime.combine(day, _HOUR, self.zone)

    @contextmanager
    def _as(self, post: str, at: datetime) -> Iterator[Actor]:
        with clock.at(at), acting_as(self.stage.person_in(post, at), self.stage.mission) as actor:
            yield actor

    def _take(
        self,
        post: str,
        at: datetime,
        record: Meeting | ActionPoint,
        name: str,
        note: str = "",
        **data: object,
    ) -> None:
        with self._as(post, at) as actor:
            now = type(record).objects.get(pk=record.pk)
            transition(actor, record=now, name=name, data=data, note=note)

    # ---------------------------------------------------------------- groups
    def _group(self, at: datetime) -> WorkingGroup:
        post = self.stage.post
        with self._as(CHAIR, at) as actor:
            filed: WorkingGroup = record_file(
                actor,
                record=WorkingGroup(
                    kind="cmcoord", composition="humanitarian", chair=post(CHAIR), co_chair=post("clog"),
                    secretariat=post(SECRETARY), quorum=4, area=self.stage.area("SS03"), scope="private", **GROUP,
                ),
                position=post(CHAIR),
            )  # fmt: skip
            for key, standing in BELONG:
                Member.objects.create(group=filed, position=post(key), standing=standing)
            for title, minutes in STANDING:
                StandingItem.objects.create(group=filed, title=title, minutes_planned=minutes)
            terms = TermsOfReference.objects.create(group=filed, text=TERMS)
            transition(actor, record=filed, name="establish", data={})
            data = {
                "terms": terms.uuid, "endorsed_on": at.date(), "endorsed_by": "Humanitarian Country Team",
                "review_on": at.date() + timedelta(days=180),
            }  # fmt: skip
            transition(actor, record=filed, name="endorse", data=data)
        return filed

    def _quiet_group(self) -> int:
        post, at = self.stage.post, self.until - timedelta(days=9)
        with self._as("ochr", at) as actor:
            group: WorkingGroup = record_file(
                actor,
                record=WorkingGroup(
                    title="Humanitarian access working group", kind="access", composition="humanitarian",
                    purpose="What keeps people from aid, and who speaks to whom about it.", chair=post("ochr"),
                    secretariat=post(CHAIR), membership="members", calendar="absent", scope="mission", sensitivity=2,
                ),
                position=post("ochr"),
            )  # fmt: skip
            for key in ("nbr", "hhi", "dca", "cpro"):
                Member.objects.create(group=group, position=post(key))
            transition(actor, record=group, name="establish", data={})
            starts = self._local((self.until + timedelta(days=3)).astimezone(self.zone).date())
            meeting = meeting_call(
                actor, group=group, title="Access, second half of the month", starts=starts,
                ends=starts + timedelta(minutes=90), place="OCHA compound, upstairs",
            )  # fmt: skip
            AgendaItem.objects.create(
                meeting=meeting, order=10, title="Kodok after the new commander", minutes_planned=30
            )
        return 2

    # ---------------------------------------------------------------- one week
    def _week(self, series: Series, starts: datetime, week: Week) -> int:
        with self._as(CHAIR, starts - timedelta(days=1)):
            meeting = Meeting.objects.get(series=series.uuid, slot=starts)
        self._propose(meeting, starts, week)
        self._take(CHAIR, starts, meeting, "start")
        told = self._minute(meeting, starts, week)
        self._take(CHAIR, starts + _LASTS, meeting, "end")
        if starts + timedelta(days=2) < self.until:
            self._take(SECRETARY, starts + timedelta(days=2), meeting, "circulate")
            self._correct(meeting, starts, week)
        if starts + timedelta(days=6, hours=20) < self.until:
            self._take(
                CHAIR,
                starts + timedelta(days=6, hours=20),
                meeting,
                "adopt",
                "Adopted without further remarks.",
            )
        self._settle(starts + timedelta(days=7))
        return told + 1

    def _propose(self, meeting: Meeting, starts: datetime, week: Week) -> None:
        with self._as(CHAIR, starts - timedelta(days=1)):
            known = {item.title: item for item in Meeting.objects.get(pk=meeting.pk).items.all()}
        for item in week.items:
            if item.title in known:
                continue
            if item.by and not item.closed:
                self._take(
                    item.by, starts - timedelta(days=1), meeting, "propose", title=item.title, session="open"
                )
                with self._as(SECRETARY, starts - timedelta(hours=20)):
                    AgendaItem.objects.filter(meeting=meeting, title=item.title).update(
                        state=ItemState.ACCEPTED
                    )
                continue
            with self._as(SECRETARY, starts - timedelta(days=1)):
                AgendaItem.objects.create(
                    meeting=meeting, title=item.title, order=100, session="closed" if item.closed else "open",
                    admits=item.closed or "members", minutes_planned=10,
                )  # fmt: skip

    def _minute(self, meeting: Meeting, starts: datetime, week: Week) -> int:
        made = 0
        with self._as(SECRETARY, starts + timedelta(minutes=50)) as actor:
            now = Meeting.objects.get(pk=meeting.pk)
            for row in now.attendance.select_related("position"):
                row.presence = self._presence(row.position, week)
                row.save(update_fields=["presence"])
            if week.summary:
                Meeting.objects.filter(pk=now.pk).update(summary=week.summary)
            for item in week.items:
                row_of = now.items.filter(title=item.title).first()
                if row_of is None:
                    continue
                AgendaItem.objects.filter(pk=row_of.pk).update(minute=item.minute)
                made += self._outcomes(actor, now, row_of, item)
        return made

    def _presence(self, position: object, week: Week) -> str:
        if any(self.stage.post(key) == position for key in week.regrets):
            return Presence.REGRETS
        if any(self.stage.post(key) == position for key in week.remote):
            return Presence.REMOTE
        return Presence.IN_PERSON

    def _outcomes(self, actor: Actor, meeting: Meeting, row: AgendaItem, item: Item) -> int:
        now = clock.now()
        for decided in item.decided:
            older = Decision.objects.filter(pk=self.decided.get(decided.replaces, 0)).first()
            made = decision_record(
                actor, meeting=meeting, item=row, title=decided.title, text=decided.text,
                effective_from=now.astimezone(self.zone).date(), replaces=older,
            )  # fmt: skip
            self.decided[decided.title] = made.pk
        for task in item.tasks:
            point = action_point_file(
                actor, title=task.what, owner=self.stage.post(task.owner), source=meeting, body=meeting.body,
                due=(now + timedelta(days=task.days)).replace(hour=14, minute=0), priority=task.priority,
                position=self.stage.post(SECRETARY), verifier=self.stage.post(CHAIR),
            )  # fmt: skip
            came_of(actor, meeting=meeting, item=row, record=point)
            convene(actor, record=point)
            self.owed.append((point.pk, task, now))
        return len(item.decided) + len(item.tasks)

    def _correct(self, meeting: Meeting, starts: datetime, week: Week) -> None:
        if week.correction is None:
            return
        by, text, reply = week.correction
        self._take(by, starts + timedelta(days=3), meeting, "correct", text=text)
        with self._as(SECRETARY, starts + timedelta(days=4)):
            row = Correction.objects.get(meeting_id=meeting.pk)
        self._take(
            SECRETARY, starts + timedelta(days=4), meeting, "settle", correction=row.uuid,
            outcome="declined" if reply else "taken", reply=reply,
        )  # fmt: skip

    # ---------------------------------------------------------------- action points
    def _settle(self, by: datetime) -> None:
        """What owners did until a moment, and who saw it."""
        for pk, task, since in list(self.owed):
            if task.done is None or since + timedelta(days=task.done) > min(by, self.until):
                continue
            self.owed.remove((pk, task, since))
            done = since + timedelta(days=task.done)
            with self._as(task.owner, done):
                point = ActionPoint.objects.get(pk=pk)
            self._take(task.owner, done - timedelta(days=1), point, "start")
            self._take(task.owner, done, point, "claim", task.said)
            if task.verified and done + timedelta(hours=6) < self.until:
                self._take(CHAIR, done + timedelta(hours=6), point, "verify")
