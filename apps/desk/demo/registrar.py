"""Puts the demo mission's organisations on the register, through the services that pages call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.desk.demo.places import TOWNS
from apps.desk.demo.register_stories import Known, Works
from apps.desk.demo.stage import Stage
from apps.need_to_know.acting import acting_as
from apps.records import clock
from apps.records.actors import Actor
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.stakeholders.models import Caveat, Contact, Mandate, Person, Presence, Stakeholder
from apps.stakeholders.relating import relation_add

_CONTACT = ("function", "phone", "channel", "hours")
_PERSON = ("name", "function", "phone", "languages", "consent")


class Registrar:
    """Keeps the register of a stage."""

    def __init__(self, stage: Stage, until: datetime) -> None:
        self.stage, self.until = stage, until
        self.kept: dict[str, int] = {}  # key of a story -> id of its record

    def keep_all(self, stories: Iterable[Known]) -> int:
        """Every file, then what they are to each other; how many files."""
        told = list(stories)
        for number, story in enumerate(told):
            at = self.until - timedelta(days=190 - number * 3, hours=2)
            with clock.at(at), acting_as(self.stage.person_in(story.by, at), self.stage.mission) as actor:
                self.kept[story.key] = self._keep(actor, story)
        for story in told:
            for kind, other in story.related:
                with (
                    clock.at(self.until),
                    acting_as(self.stage.person_in(story.by), self.stage.mission) as actor,
                ):
                    source, target = (
                        Stakeholder.objects.get(pk=self.kept[key]) for key in (story.key, other)
                    )
                    relation_add(actor, source=source, target=target, kind=kind)
            if story.merged:
                with (
                    clock.at(self.until),
                    acting_as(self.stage.person_in(story.by), self.stage.mission) as actor,
                ):
                    gone, into = (
                        Stakeholder.objects.get(pk=self.kept[key]) for key in (story.key, story.merged)
                    )
                    transition(actor, record=gone, name="merge", data={"into": into})
        return len(told)

    def _keep(self, actor: Actor, story: Known) -> int:
        filed: Stakeholder = record_file(
            actor, record=self._written(story), position=self.stage.post(story.by)
        )
        self._furnish(filed, story)
        if story.discarded:
            transition(actor, record=filed, name="discard", note=story.discarded)
        if story.draft or story.discarded:
            return filed.pk
        transition(actor, record=filed, name="register", data={"scope": story.scope})
        if story.dormant:
            transition(actor, record=filed, name="rest", note=story.dormant)
        return filed.pk

    def _written(self, story: Known) -> Stakeholder:
        org = self.stage.organisation(story.org) if story.org else None
        return Stakeholder(
            title=story.name or (org.name if org else ""), acronym=story.acronym or (org.acronym if org else ""),
            kind=story.kind or (org.org_type if org else ""), side=story.side or (org.side if org else ""),
            stance=org.engagement_stance if org else story.stance, organisation=org, other_names=story.other_names,
            area=self.stage.area(TOWNS[story.town][0]) if story.town else None,
            sector=self.stage.sector(story.sector) if story.sector else None, purpose=story.purpose,
            engagement=story.engagement, culture=story.culture, sensitivities=story.sensitivities,
            scope="private" if story.scope == "private" else "organisation", classification=story.classification,
            sensitivity=1 if story.classification else 0,
        )  # fmt: skip

    def _furnish(self, filed: Stakeholder, story: Known) -> None:
        for number, contact in enumerate(story.contacts):
            said = dict(zip(_CONTACT, contact, strict=True))
            Contact.objects.create(stakeholder=filed, is_first=number == 0, **said)
        for person in story.people:
            agreed = self.until.date() - timedelta(days=40)
            made = Person(stakeholder=filed, consent_on=agreed, **dict(zip(_PERSON, person, strict=True)))
            made.clean()
            made.save()
        for text, source in story.mandates:
            Mandate.objects.create(stakeholder=filed, text=text, source=source)
        for kind, area, reason, classification in story.caveats:
            Caveat.objects.create(
                stakeholder=filed, kind=kind, area=self.stage.area(area) if area else None, reason=reason,
                classification=classification,
            )  # fmt: skip
        for works in story.works:
            self._present(filed, works)

    def _present(self, filed: Stakeholder, works: Works) -> None:
        pcode, latitude, longitude = TOWNS[works.town]
        today = self.until.date()
        Presence.objects.create(
            stakeholder=filed, sector=self.stage.sector(works.sector), activity=works.activity,
            area=self.stage.area(pcode), place=works.town, latitude=f"{latitude:.5f}", longitude=f"{longitude:.5f}",
            start=today + timedelta(days=works.begun),
            end=None if works.ends is None else today + timedelta(days=works.ends), status=works.status,
            targeted=works.targeted, reached=works.reached, population=works.population,
        )  # fmt: skip
