"""Tells a story to the portal: each event at its time, by its person, through the services that pages call."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.aid_requests.models import AidRequest, CargoLine, CivilianAlternative, HostClearance
from apps.desk.demo import cast, files, phrases
from apps.desk.demo.places import TOWNS
from apps.desk.demo.stage import Stage
from apps.desk.demo.story import Attach, Event, Say, Share, Step, Story
from apps.mission.vocabulary import RequestKind
from apps.need_to_know.acting import acting_as, acting_as_clock
from apps.need_to_know.grants import grant_give
from apps.records import clock
from apps.records.actors import Actor
from apps.records.attachments import attachment_add
from apps.records.services import comment_add, record_file
from apps.records.transitions import transition

ZONE = ZoneInfo("Africa/Juba")
#: The moment that the portal's own clock acts by itself.
CLOCK = {"expire", "auto_close"}
#: Steps after which nothing is awaited of anybody.
ENDS = CLOCK | {"confirm", "decline", "withdraw", "met_by_civilian", "refuse_offer"}
_UNITS = {
    RequestKind.ESCORT: "bat1", RequestKind.FORCE_PROTECTION: "bat3", RequestKind.ENGINEERING: "eng",
    RequestKind.LIFT: "avn", RequestKind.MEDICAL: "hos", RequestKind.UAV: "avn", RequestKind.STORAGE: "mov",
    RequestKind.COMMUNICATIONS: "tec", RequestKind.MCDA: "mov", RequestKind.MISSION_SUPPORT: "mov",
}  # fmt: skip


class Teller:
    """Tells stories on a stage, up to a moment; the same seed tells the same."""

    def __init__(self, stage: Stage, *, until: datetime, seed: int) -> None:
        self.stage = stage
        self.until = until
        self.seed = seed
        self.told: dict[str, int] = {}

    def tell(self, story: Story) -> None:
        """File the request and let everything happen to it, in order, before the present moment."""
        dice = Random(f"{self.seed}:{story.key}")  # noqa: S311  (a story needs no secrets)
        moment, moments = self._moments(story, dice)
        words = phrases.Words(story, dice)
        author = self.stage.person_in(story.by)
        with clock.at(moment), acting_as(author, self.stage.mission) as actor:
            record = self._file(actor, story, words)
        self.told[story.key] = record.pk
        for event, at in zip(story.events, moments, strict=True):
            try:
                self._happens(story, event, at, record.pk, words)
            except Exception as error:
                error.add_note(f"story {story.key}, {event}, {at}")
                raise

    def _moments(self, story: Story, dice: Random) -> tuple[datetime, list[datetime]]:
        """When the request was filed, and when each event happens: never in the future."""
        last = self.until - timedelta(minutes=15)
        if story.filed < 1:
            filed = self.until - timedelta(days=story.filed)
        else:
            day = (self.until - timedelta(days=story.filed)).astimezone(ZONE)
            morning = day.replace(
                hour=dice.randint(7, 15), minute=dice.randint(0, 59), second=0, microsecond=0
            )
            filed = morning.astimezone(UTC)
        gaps = [timedelta(hours=event.after * dice.uniform(0.8, 1.2)) for event in story.events]
        whole = sum(gaps, timedelta())
        if not story.events:
            return filed, []
        open_ = story.filed >= 1 and not any(isinstance(e, Step) and e.name in ENDS for e in story.events)
        # WHY: what is open was touched lately, or everything on every desk would be long overdue.
        stretch = min(2.0, max(1.0, (last - filed) / whole)) if open_ else min(1.0, (last - filed) / whole)
        moments, now = [], filed
        for gap in gaps:
            now += gap * stretch
            if stretch >= 1 and story.priority > 1:
                now = self._by_day(now, dice)
            moments.append(now)
        if open_:
            shift = last - self._quiet(story, dice) - moments[-1]
            filed, moments = filed + shift, [moment + shift for moment in moments]
        for index in range(len(moments) - 1, -1, -1):
            moments[index] = last = min(moments[index], last - timedelta(seconds=40))
        return filed, moments

    def _quiet(self, story: Story, dice: Random) -> timedelta:
        """How long nothing has happened on an open request: one in five is late."""
        usual = dice.uniform(0.5, 7) if story.priority < 3 else dice.uniform(1, 20)
        return timedelta(hours=dice.uniform(30, 60) if dice.random() < 0.2 else usual)

    def _by_day(self, moment: datetime, dice: Random) -> datetime:
        local = moment.astimezone(ZONE)
        if 7 <= local.hour < 19:
            return moment
        morning = local.replace(hour=7, minute=dice.randint(5, 55))
        return (morning + timedelta(days=1 if local.hour >= 19 else 0)).astimezone(UTC)

    # ---------------------------------------------------------------- filing
    def _file(self, actor: Actor, story: Story, words: phrases.Words) -> AidRequest:
        stage, position = self.stage, self.stage.post(story.by)
        record = AidRequest(
            title=story.title, kind=story.kind, priority=story.priority, need_statement=story.need,
            classification=story.classification, sensitivity=story.sensitivity, scope=story.scope,
            compartments=sorted(stage.compartment(code).pk for code in story.compartments),
        )  # fmt: skip
        for name, value in self._answers(story, words).items():
            setattr(record, name, value)
        filed: AidRequest = record_file(actor, record=record, position=position)
        self._rows(filed, story, words)
        return filed

    def _answers(self, story: Story, words: phrases.Words) -> dict[str, Any]:
        if story.partial:
            return {"area": self.stage.area(TOWNS[story.town][0]), **story.fields}
        now, humanitarian = clock.now(), story.kind != RequestKind.MISSION_SUPPORT
        needed = (now + timedelta(days=story.needed)).replace(minute=0, second=0, microsecond=0)
        found: dict[str, Any] = {
            "area": self.stage.area(TOWNS[story.town][0]),
            "destination_place": story.town,
            "needed_by": needed,
            "duration": story.duration,
            "end_date": (needed + timedelta(days=story.duration + 1)).date(),
            "is_emergency": story.emergency,
            **words.contact(),
        }
        _county, latitude, longitude = TOWNS[story.town]
        if story.sensitivity < 2:
            found |= {
                "destination_latitude": Decimal(str(latitude)),
                "destination_longitude": Decimal(str(longitude)),
            }
        if humanitarian:
            found |= {
                "sector": self.stage.sector(story.sector),
                "people_targeted": story.people,
                "population_group": self.stage.term("population_group", story.group),
                "consequence_if_not_met": story.consequence or words.say("consequence"),
                "last_resort_justification": story.last_resort or words.say("last_resort"),
                "distinction_measures": words.say("distinction"),
                "distinction_marking": True,
                "distinction_seating": True,
                "distinction_no_weapons": True,
                "cost_basis": "no_cost",
            }
        if story.origin:
            found |= {
                "origin_area": self.stage.area(TOWNS[story.origin][0]),
                "origin_place": story.origin,
                "ready_to_load": needed - timedelta(hours=18),
            }
        return found | words.of_kind() | story.fields

    def _rows(self, record: AidRequest, story: Story, words: phrases.Words) -> None:
        rows: list[Any] = [
            CargoLine(
                request=record, item=line.item, quantity=line.quantity, unit=line.unit, weight_mt=line.weight,
                volume_m3=line.volume, hazardous=bool(line.hazard), hazard_class=line.hazard, cold_chain=line.cold,
            )
            for line in story.cargo
        ]  # fmt: skip
        if not story.partial and story.kind != RequestKind.MISSION_SUPPORT:
            for each in story.alternatives or words.alternatives():
                option = self.stage.term("alternative", each.option)
                rows.append(
                    CivilianAlternative(
                        request=record, option=option, result=each.result, evidence=each.evidence
                    )
                )
        today = clock.now().astimezone(ZONE).date()
        for paper in story.clearances:
            until = today + timedelta(days=paper.days)
            rows.append(
                HostClearance(request=record, authority="Relief Liaison Office", reference=paper.reference,
                              valid_from=today, valid_to=until)
            )  # fmt: skip
        for row in rows:
            row.clean_fields(exclude=["request", "quantity", "weight_mt", "volume_m3"])
            row.clean()
            row.save()

    # ---------------------------------------------------------------- what happens then
    def _happens(self, story: Story, event: Event, at: datetime, pk: int, words: phrases.Words) -> None:
        if isinstance(event, Step) and event.name in CLOCK:
            self._by_clock(story, event.name, pk)
            return
        who = event.who if isinstance(event, Step | Say | Attach) else ""
        person = self.stage.person(who) if who else self._usual(story, event, at)
        with clock.at(at), acting_as(person, self.stage.mission) as actor:
            record = AidRequest.objects.get(pk=pk)
            if isinstance(event, Step):
                data = self._data(story, event, record, words)
                note = event.note or words.note(event.name)
                transition(actor, record=record, name=event.name, data=data, note=note)
            elif isinstance(event, Say):
                comment_add(actor, record=record, text=event.text)
            elif isinstance(event, Attach):
                content = io.BytesIO(files.made(event.name, event.shows, event.lines))
                attachment_add(
                    actor, record=record, name=event.name, content=content, description=event.shows
                )
            else:
                until = None if event.days is None else clock.now() + timedelta(days=event.days)
                to = self.stage.principal(event.to)
                grant_give(actor, record=record, to=to, right=event.right, reason=event.reason, until=until)

    def _by_clock(self, story: Story, name: str, pk: int) -> None:
        """The portal acts at the moment that the record itself names."""
        with acting_as(self.stage.person_in(story.by), self.stage.mission):
            due = AidRequest.objects.get(pk=pk).auto_at
        assert due is not None, "the clock acts on what has a moment"
        with clock.at(due + timedelta(seconds=30)), acting_as_clock(pk) as actor:
            transition(actor, record=AidRequest.objects.get(pk=pk), name=name)

    def _usual(self, story: Story, event: Event, at: datetime) -> User:
        """Whoever usually takes such a step on such a request."""
        if isinstance(event, Share):
            return self.stage.person_in(self.stage.releases_for(story.by), at)
        if not isinstance(event, Step):
            return self.stage.person_in(story.by)
        find: Callable[[], str] = {
            "requester": lambda: story.by,
            "cluster": lambda: self.stage.cluster_of(story.sector),
            "cmcoord": lambda: self.stage.usual("cmcoord", TOWNS[story.town][0], story),
            "cimic": lambda: self.stage.usual("cimic", TOWNS[story.town][0], story),
            "joc": lambda: self.stage.usual("joc", TOWNS[story.town][0], story),
            "security": lambda: self.stage.usual("security", TOWNS[story.town][0], story),
            "decider": lambda: self.stage.decider_of(story.kind),
            "unit": lambda: self.unit_of(story),
        }[phrases.TAKEN_BY[event.name]]
        return self.stage.person_in(find(), at)

    def unit_of(self, story: Story) -> str:
        """The post that carries the story's task out."""
        told = next(
            (e.data.get("unit") for e in reversed(story.events) if isinstance(e, Step) and e.name == "task"),
            None,
        )
        return told or self.stage.unit(_UNITS[story.kind])

    def _data(self, story: Story, step: Step, record: AidRequest, words: phrases.Words) -> dict[str, Any]:
        data = {**words.data(step.name), **step.data}
        if step.name == "task":
            data["unit"] = self.stage.post(data.get("unit") or self.unit_of(story))
            data["report_by"] = clock.now() + timedelta(days=data.pop("report_days", story.duration + 1))
        if step.name == "decline":
            data["reason"] = self.stage.term("decline_reason", data["reason"])
        if step.name == "met_by_civilian" and data.get("provider"):
            data["provider"] = self.stage.organisation(data["provider"])
        for name in ("extended_until", "until"):
            if name in data:
                data[name] = clock.now() + timedelta(days=data[name])
        return data


def sign_in(post: str) -> str:
    """The address of whoever holds a post first."""
    holder = {**cast.POSTS, **cast.EXERCISE_POSTS}[post].holders[0]
    return cast.address(holder.person)
