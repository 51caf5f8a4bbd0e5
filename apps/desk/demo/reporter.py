"""Tells what the demo mission's JOC reported, each event at its time, through the services that pages call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from apps.desk.demo.joc_stories import ASKED, REPORTS, Reported
from apps.desk.demo.stage import Stage
from apps.joc_products.models import Contribution, JocProduct, ProductTemplate, TemplateSection
from apps.joc_products.services import correction_file
from apps.need_to_know.acting import acting_as
from apps.records import clock
from apps.records.actors import Actor
from apps.records.services import record_file
from apps.records.transitions import transition

JOC, REL = "jocd", "jocc"


class Reporter:
    """Sets the templates up and tells the reports of a stage."""

    def __init__(self, stage: Stage, until: datetime) -> None:
        self.stage, self.until = stage, until

    def tell_all(self) -> int:
        """Every report and its corrections; how many."""
        for kind, headings in ASKED.items():
            for heading, post in headings.items():
                TemplateSection.objects.filter(
                    template__mission=self.stage.mission, template__kind=kind, heading=heading
                ).update(position=self.stage.post(post))
        return sum(self._tell(story) for story in REPORTS)

    @contextmanager
    def _as(self, post: str, at: datetime) -> Iterator[Actor]:
        with clock.at(at), acting_as(self.stage.person_in(post, at), self.stage.mission) as actor:
            yield actor

    def _step(self, pk: int, post: str, at: datetime, name: str, note: str = "", **data: object) -> None:
        with self._as(post, at) as actor:
            transition(actor, record=JocProduct.objects.get(pk=pk), name=name, data=data, note=note)

    def _tell(self, story: Reported) -> int:
        at = self.until - timedelta(days=story.ago)
        template = ProductTemplate.objects.get(mission=self.stage.mission, kind=story.kind)
        with self._as(JOC, at) as actor:
            incident = None if story.incident_hours is None else at - timedelta(hours=story.incident_hours)
            product = JocProduct(
                template=template, title=story.title or f"{template.name} {at:%Y-%m-%d}", incident_at=incident,
                scope="mission" if story.state == "released" else "organisation", sensitivity=1,
            )  # fmt: skip
            filed: JocProduct = record_file(actor, record=product, position=self.stage.post(JOC))
        if story.state == "withdrawn":
            self._step(filed.pk, JOC, at + timedelta(minutes=5), "discard", story.note)
        elif story.state != "draft":
            self._go_on(filed.pk, story, at + timedelta(minutes=1))
        return 1 if story.corrected is None else 1 + self._correct(filed.pk, story, at + timedelta(hours=6))

    def _go_on(self, pk: int, story: Reported, at: datetime) -> None:
        asks = story.kind in ASKED
        self._step(pk, JOC, at, "ask" if asks else "compile")
        for number, (heading, text) in enumerate(story.said.items(), start=1):
            post = ASKED.get(story.kind, {}).get(heading, JOC)
            self._write(pk, post, at + timedelta(minutes=number), heading, text)
        if story.state == "collecting":
            return
        at += timedelta(minutes=30)
        if asks:
            self._step(pk, JOC, at, "close")
        if story.state == "compiling":
            return
        self._step(pk, JOC, at + timedelta(minutes=10), "submit")
        if story.state == "returned":
            self._step(pk, REL, at + timedelta(minutes=20), "return", story.note)
        elif story.state == "released":
            self._step(pk, REL, at + timedelta(minutes=20), "release")

    def _write(self, pk: int, post: str, at: datetime, heading: str, text: str) -> None:
        with self._as(post, at):
            row = Contribution.objects.get(product_id=pk, heading=heading)
        self._step(pk, post, at, "contribute", section=str(row.uuid), text=text, nothing=not text)

    def _correct(self, pk: int, story: Reported, at: datetime) -> int:
        assert story.corrected is not None
        heading, text = story.corrected
        with self._as(JOC, at) as actor:
            newer = correction_file(actor, product=JocProduct.objects.get(pk=pk))
            transition(actor, record=newer, name="compile")
            row = Contribution.objects.get(product=newer, heading=heading)
        self._step(newer.pk, JOC, at, "edit", section=str(row.uuid), text=text, section_version=row.version)
        self._step(newer.pk, JOC, at + timedelta(minutes=1), "submit")
        self._step(newer.pk, REL, at + timedelta(minutes=9), "release")
        return 1
