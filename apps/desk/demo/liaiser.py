"""Tells the demo mission's liaison, each event at its time, through the services that pages call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.desk.demo.liaison_stories import LINKS, MET, OFFICES, Linked, Met, Office
from apps.desk.demo.places import TOWNS
from apps.desk.demo.registrar import Registrar
from apps.desk.demo.stage import Stage
from apps.liaison_offices.models import (
    Channel,
    Engagement,
    FollowUp,
    LiaisonLink,
    LiaisonOffice,
    Officer,
    Responsibility,
    Shift,
)
from apps.liaison_offices.services import link_save, stakeholder_name
from apps.need_to_know.acting import acting_as
from apps.records import clock
from apps.records.actors import Actor
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.stakeholders.models import Stakeholder


class Liaiser:
    """Keeps offices, links and the log of a stage whose register is kept."""

    def __init__(self, stage: Stage, registrar: Registrar, until: datetime) -> None:
        self.stage, self.registrar, self.until = stage, registrar, until
        self.zone = ZoneInfo(stage.mission.time_zone)

    def tell_all(self) -> int:
        """Offices, links, and encounters; how many records."""
        for office in OFFICES:
            self._office(office)
        for link in LINKS:
            self._link(link)
        for met in MET:
            self._met(met)
        return len(OFFICES) + len(MET)

    @contextmanager
    def _as(self, post: str, at: datetime) -> Iterator[Actor]:
        with clock.at(at), acting_as(self.stage.person_in(post, at), self.stage.mission) as actor:
            yield actor

    def _known(self, key: str) -> Stakeholder:
        return Stakeholder.objects.get(pk=self.registrar.kept[key])

    # ---------------------------------------------------------------- offices
    def _office(self, story: Office) -> None:
        pcode, latitude, longitude = TOWNS[story.town]
        first, last = story.span or (None, None)
        with self._as(story.by, self.until - timedelta(days=4, hours=3)) as actor:
            filed: LiaisonOffice = record_file(
                actor,
                record=LiaisonOffice(
                    title=story.title, area=self.stage.area(pcode), address=story.address, hours=story.hours,
                    latitude=f"{latitude:.5f}", longitude=f"{longitude:.5f}", time_zone=self.stage.mission.time_zone,
                    by_day=story.by_day, by_night=story.by_night, covers=story.covers, scope="mission",
                    covers_from=None if first is None else time(first),
                    covers_until=None if last is None else time(last),
                ),
                position=self.stage.post(story.by),
            )  # fmt: skip
            self._furnish(filed, story)
            if story.host:
                stakeholder_name(actor, record=filed, stakeholder=self._known(story.host))
            for name in {"open": ("open",), "closed": ("open", "close"), "discarded": ("discard",)}.get(
                story.state, ()
            ):
                note = "" if name == "open" else "Nobody of us is there any more; ask the office in Bor."
                transition(actor, record=filed, name=name, note=note)

    def _furnish(self, filed: LiaisonOffice, story: Office) -> None:
        for kind, number, hours in story.channels:
            Channel.objects.create(office=filed, kind=kind, number=number, hours=hours)
        for post, function, languages in story.officers:
            Officer.objects.create(
                office=filed, position=self.stage.post(post), function=function, languages=languages
            )
        for code in story.areas:
            Responsibility.objects.create(office=filed, area=self.stage.area(code))
        today = self.until.astimezone(self.zone).replace(hour=0, minute=0, second=0)
        for post, first, hour, long, days in story.shifts:
            for day in range(first, first + days):
                starts = today + timedelta(days=day, hours=hour)
                Shift.objects.create(
                    office=filed,
                    position=self.stage.post(post),
                    starts=starts,
                    ends=starts + timedelta(hours=long),
                )

    # ---------------------------------------------------------------- links
    def _link(self, story: Linked) -> None:
        post = self.stage.post
        with self._as(story.by, self.until - timedelta(days=3, hours=6)) as actor:
            link_save(
                actor,
                link=LiaisonLink(
                    a=self._known(story.a), b=self._known(story.b), level=story.level, mode=story.mode,
                    primary=post(story.primary) if story.primary else None,
                    alternate=post(story.alternate) if story.alternate else None,
                    area=self.stage.area(story.area) if story.area else None, frequency_days=story.days,
                    note=story.note,
                ),
            )  # fmt: skip

    # ---------------------------------------------------------------- encounters
    def _met(self, story: Met) -> None:
        held = self.until - timedelta(days=story.ago)
        # WHY: what lies ahead was planned yesterday.
        at = held if story.ago > 0 else self.until - timedelta(days=1)
        with self._as(story.by, at) as actor:
            filed: Engagement = record_file(
                actor, record=self._written(story, held), position=self.stage.post(story.by)
            )
            for key in story.people:
                stakeholder_name(actor, record=filed, stakeholder=self._known(key))
            for what, post, days, _outcome, _came in story.follow:
                FollowUp.objects.create(
                    engagement=filed, what=what, owner=self.stage.post(post),
                    due=(self.until + timedelta(days=days)).date(),
                )  # fmt: skip
            steps = {
                "planned": ("plan",),
                "reported": ("report",),
                "closed": ("report",),
                "cancelled": ("cancel",),
            }
            for name in steps.get(story.state, ()):
                transition(actor, record=filed, name=name, note=story.note)
        for what, _post, _days, outcome, came in story.follow:
            if outcome:
                with self._as(story.by, self.until - timedelta(days=1)) as actor:
                    record = Engagement.objects.get(pk=filed.pk)
                    row = FollowUp.objects.get(engagement=record, what=what)
                    data = {"follow_up": row.uuid, "outcome": outcome, "note": came}
                    transition(actor, record=record, name="settle", data=data, note=came)
        if story.state == "closed":
            with self._as(story.by, self.until - timedelta(days=1)) as actor:
                transition(actor, record=Engagement.objects.get(pk=filed.pk), name="close")

    def _written(self, story: Met, held: datetime) -> Engagement:
        return Engagement(
            kind=story.kind, title=story.title, area=self.stage.area(TOWNS[story.town][0]), place=story.town,
            planned_for=held if story.ago <= 0 else None, held_on=held.date() if story.ago > 0 else None,
            objective=story.objective, talking_points=story.points, cultural_notes=story.customs,
            red_lines=story.red, participants=story.who, said=story.said, agreed=story.agreed,
            assessment=story.assessment, scope="mission", sensitivity=1,
        )  # fmt: skip
