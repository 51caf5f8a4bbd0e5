"""Tells the demo mission's releases and questions, each event at its time, through the services that pages call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.desk.demo.information_stories import QUESTIONS, RELEASES, Asked, Did, Told
from apps.desk.demo.places import TOWNS
from apps.desk.demo.teller import Teller
from apps.information_requests.answering import answer_draft, answer_of
from apps.information_requests.models import InformationRequest
from apps.need_to_know.acting import acting_as, acting_as_clock
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.releases.models import Release
from apps.releases.services import release_draft


class Informer:
    """Tells them on the teller's stage, after its stories."""

    def __init__(self, teller: Teller) -> None:
        self.stage, self.until, self.told = teller.stage, teller.until, teller.told

    def tell_all(self) -> int:
        """Every release and every question; how many."""
        for release in RELEASES:
            self._release(release)
        for question in QUESTIONS:
            self._question(question)
        return len(RELEASES) + len(QUESTIONS)

    # ---------------------------------------------------------------- releases
    def _release(self, told: Told) -> None:
        begun = self._begun(told.ago)
        with self._as(told.by, begun) as actor:
            self.told[told.key] = self._drafted(actor, told).pk
        for did, at in self._moments(told.steps, begun):
            self._step(did, at, Release, self.told[told.key])

    def _drafted(self, actor: Actor, told: Told) -> Release:
        release = self._written(told)
        if not told.source:
            filed: Release = record_file(actor, record=release, position=self.stage.post(told.by))
            return filed
        return release_draft(actor, source=self._record(told.source), release=release)

    def _written(self, told: Told) -> Release:
        valid = None if told.valid_days is None else clock.now() + timedelta(days=told.valid_days)
        return Release(
            title=told.title, summary=told.summary, handling=told.handling, valid_until=valid, priority=3,
            area=self.stage.area(TOWNS[told.town][0]) if told.town else None, **told.fields,
        )  # fmt: skip

    def _record(self, key: str) -> Record:
        return Record.objects.get(pk=self.told[key])

    # ---------------------------------------------------------------- questions
    def _question(self, asked: Asked) -> None:
        begun = self._begun(asked.ago)
        with self._as(asked.by, begun) as actor:
            needed = (begun + timedelta(days=asked.needed)).replace(minute=0, second=0, microsecond=0)
            request = InformationRequest(
                title=asked.title, question=asked.question, purpose=asked.purpose, priority=asked.priority,
                needed_by=needed, area=self.stage.area(TOWNS[asked.town][0]), scope=asked.scope,
                sector=self.stage.sector(asked.sector),
                asked_of=self.stage.organisation(asked.of) if asked.of else None,
            )  # fmt: skip
            filed = record_file(actor, record=request, position=self.stage.post(asked.by))
            self.told[asked.key] = filed.pk
        for did, at in self._moments(asked.steps, begun):
            if did.write is not None:
                self._answer(did.write, at - timedelta(hours=2), asked.key)
            self._step(did, at, InformationRequest, self.told[asked.key])

    def _answer(self, told: Told, at: datetime, question: str) -> None:
        with self._as(told.by, at) as actor:
            request = InformationRequest.objects.get(pk=self.told[question])
            source = self._record(told.source) if told.source else None
            made = answer_draft(actor, request=request, release=self._written(told), source=source)
            self.told[told.key] = made.pk

    def _begun(self, ago: float) -> datetime:
        """So many days ago; in the morning, unless it is of today."""
        moment = self.until - timedelta(days=ago)
        return moment if ago < 1 else moment.astimezone(UTC).replace(hour=6, minute=20)

    # ---------------------------------------------------------------- steps
    def _moments(self, steps: tuple[Did, ...], begun: datetime) -> list[tuple[Did, datetime]]:
        """When each happens: in its order, and never in the future."""
        last = self.until - timedelta(minutes=10)
        whole = sum(did.after for did in steps) or 1
        pace = min(1.0, (last - begun) / timedelta(hours=whole))
        found, at = [], begun
        for did in steps:
            at += timedelta(hours=did.after * pace)
            found.append((did, at))
        return found

    def _step(self, did: Did, at: datetime, model: type[Any], pk: int) -> None:
        if not did.who:
            self._by_clock(did, model, pk)
            return
        with self._as(did.who, at) as actor:
            record: Any = model.objects.get(pk=pk)
            name, data = did.name, dict(did.data)
            if name == "sign_answer":
                record, name = answer_of(record), "sign"
            if "drafter" in data:
                data["drafter"] = self.stage.post(data["drafter"])
            transition(actor, record=record, name=name, data=data, note=did.note)

    def _by_clock(self, did: Did, model: type[Any], pk: int) -> None:
        """The portal acts at the moment that the record itself names."""
        with acting_as(self.stage.person_in("nbr"), self.stage.mission):
            due = model.objects.get(pk=pk).auto_at
        with clock.at(due + timedelta(seconds=30)), acting_as_clock(pk) as actor:
            transition(actor, record=model.objects.get(pk=pk), name=did.name)

    @contextmanager
    def _as(self, post: str, at: datetime) -> Iterator[Actor]:
        """Act as whoever held the post at a moment, at that moment."""
        with clock.at(at), acting_as(self.stage.person_in(post, at), self.stage.mission) as actor:
            yield actor
