"""Tells the demo mission's announcements, each event at its time, through the services that pages call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from apps.announcements.models import Announcement
from apps.announcements.services import acknowledge
from apps.desk.demo.announcement_stories import Announced, Next
from apps.desk.demo.places import TOWNS
from apps.desk.demo.stage import Stage
from apps.need_to_know.acting import acting_as, acting_as_clock
from apps.records import clock
from apps.records.actors import Actor
from apps.records.services import record_file
from apps.records.transitions import transition

_ENDS = ("expire", "cancel", "discard")
_CODES = ("category", "urgency", "severity", "certainty")


class Announcer:
    """Tells them on a stage."""

    def __init__(self, stage: Stage, until: datetime) -> None:
        self.stage, self.until = stage, until

    def tell_all(self, stories: Iterable[Announced]) -> int:
        """Every announcement; how many."""
        told = [self._tell(story) for story in stories]
        return len(told)

    def _tell(self, story: Announced) -> int:
        at = self._begun(story.ago)
        with self._as(story.by, at) as actor:
            filed: Announcement = record_file(
                actor, record=self._written(story), position=self.stage.post(story.by)
            )
        for step in story.steps:
            if step.name in _ENDS:
                at = self._read(story, filed.pk, at)
            at = self._next(story, step, filed.pk, at)
        if not story.steps or story.steps[-1].name not in _ENDS:
            self._read(story, filed.pk, at)
        return filed.pk

    def _written(self, story: Announced) -> Announcement:
        ends = None if story.hours is None else clock.now() + timedelta(hours=story.hours)
        return Announcement(
            kind=story.kind, title=story.title, message=story.message, instruction=story.instruction,
            priority=story.priority, needs_acknowledgement=story.asks, expires_at=ends,
            classification=story.classification, sensitivity=1 if story.classification else 0, scope="organisation",
            area=self.stage.area(TOWNS[story.town][0]) if story.town else None,
            **dict(zip(_CODES, story.codes, strict=True)),
        )  # fmt: skip

    def _next(self, story: Announced, step: Next, pk: int, before: datetime) -> datetime:
        """Take a step, and say when."""
        if step.name == "expire":
            with acting_as(self.stage.person_in(story.by), self.stage.mission):
                due = Announcement.objects.get(pk=pk).auto_at
            assert due is not None, "an emergency ends"
            at = due + timedelta(seconds=30)
            with clock.at(at), acting_as_clock(pk) as actor:
                transition(actor, record=Announcement.objects.get(pk=pk), name=step.name)
            return at
        at = before + timedelta(hours=step.after)
        data = {**step.data, **({"scope": "mission"} if step.name == "issue" else {})}
        if step.hours is not None:
            data["expires_at"] = at + timedelta(hours=step.hours)
        with self._as(step.who or story.by, at) as actor:
            record = Announcement.objects.get(pk=pk)
            transition(actor, record=record, name=step.name, data=data, note=step.note)
        return at

    def _read(self, story: Announced, pk: int, at: datetime) -> datetime:
        """They say, one after the other, that they have read it; when the last of them did."""
        last = self.until - timedelta(minutes=5)
        apart = min(timedelta(minutes=4), (last - at) / (len(story.read) + 1))
        for post in story.read:
            at += apart
            with self._as(post, at) as actor:
                acknowledge(actor, record=Announcement.objects.get(pk=pk))
        return at

    def _begun(self, ago: float) -> datetime:
        """So many days ago; in the morning, unless it is of today."""
        moment = self.until - timedelta(days=ago)
        return moment if ago < 1 else moment.astimezone(UTC).replace(hour=3, minute=50)

    @contextmanager
    def _as(self, post: str, at: datetime) -> Iterator[Actor]:
        """Act as whoever held the post at a moment, at that moment."""
        with clock.at(at), acting_as(self.stage.person_in(post, at), self.stage.mission) as actor:
            yield actor
