"""Builds a mission's structure from the cast, and finds its parts by their short keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password

from apps.accounts.models import User
from apps.desk.demo import cast, places
from apps.desk.demo.story import Story
from apps.mission.models import (
    Area,
    Compartment,
    Component,
    DecisionAuthority,
    Holding,
    LeadTime,
    Mission,
    Organisation,
    Position,
    PositionRole,
    Sector,
    VocabularyTerm,
)
from apps.mission.vocabulary import RequestKind

PASSWORD = "demonstration-only"  # noqa: S105  (printed for everybody; the command refuses a real installation)


class Stage:
    """One mission with everybody in it."""

    def __init__(
        self, mission: Mission, orgs: dict[str, cast.Org], posts: dict[str, cast.Post],
        people: dict[str, User], now: datetime,
    ) -> None:  # fmt: skip
        self.mission = mission
        self._people, self._now = people, now
        self._orgs, self._posts = orgs, posts
        self._made: dict[tuple[str, str], Any] = {}

    # ---------------------------------------------------------------- building
    def build(self) -> None:
        """Create the structure; people are shared between missions."""
        self._places()
        self._vocabulary()
        self._organisations()
        self._positions()
        if "cos" in self._posts:
            deciders = [(kind, key) for kind, keys in cast.DECIDES.items() for key in keys]
        else:
            deciders = [(kind, "xdec") for kind in RequestKind]
        for kind, key in deciders:
            DecisionAuthority.objects.create(mission=self.mission, kind=kind, position=self.post(key))
        for state, priority, hours in cast.LEAD_TIMES:
            LeadTime.objects.create(
                mission=self.mission, record_type="aid_request", state=state, priority=priority, hours=hours
            )

    def _uuid(self, *words: str) -> UUID:
        return uuid5(NAMESPACE_URL, ":".join(("demo", self.mission.code, *words)))

    def _places(self) -> None:
        points = {county: (latitude, longitude) for county, latitude, longitude in places.TOWNS.values()}
        for code, (name, _counties) in places.STATES.items():
            self._made["area", code] = Area.objects.create(
                mission=self.mission, pcode=code, name=name, level=1, valid_from=places.VALID_FROM
            )
        Area.objects.bulk_create(
            Area(
                mission=self.mission, pcode=code, name=name, level=2, parent=self.area(state),
                valid_from=places.VALID_FROM, latitude=points.get(code, (None, None))[0],
                longitude=points.get(code, (None, None))[1],
            )
            for code, name, state in places.counties()
        )  # fmt: skip
        for area in Area.objects.filter(mission=self.mission, level=2):
            self._made["area", area.pcode] = area

    def _vocabulary(self) -> None:
        for code, name in cast.SECTORS.items():
            self._made["sector", code] = Sector.objects.create(mission=self.mission, code=code, name=name)
        for code, name in cast.COMPARTMENTS.items():
            self._made["compartment", code] = Compartment.objects.create(
                mission=self.mission, code=code, name=name
            )
        for key, (name, kind) in cast.COMPONENTS.items():
            self._made["component", key] = Component.objects.create(
                mission=self.mission, name=name, kind=kind
            )
        for vocabulary, terms in cast.TERMS.items():
            for order, (code, label) in enumerate(terms):
                self._made[vocabulary, code] = VocabularyTerm.objects.create(
                    mission=self.mission, vocabulary=vocabulary, code=code, label=label, order=order
                )

    def _organisations(self) -> None:
        for key, org in self._orgs.items():
            self._made["org", key] = Organisation.objects.create(
                mission=self.mission, uuid=self._uuid("org", key), name=org.name, acronym=org.acronym,
                org_type=org.type, side=org.side, engagement_stance=org.stance,
                component=self._made["component", org.component] if org.component else None,
                parent=self.organisation(org.parent) if org.parent else None,
            )  # fmt: skip

    def _positions(self) -> None:
        for key, post in self._posts.items():
            org = self.organisation(post.org)
            made = Position.objects.create(
                mission=self.mission, uuid=self._uuid("post", key), title=post.title, organisation=org,
                component=org.component, area=self.area(post.area) if post.area else None, clearance=post.clearance,
            )  # fmt: skip
            made.compartments.set([self.compartment(code) for code in post.compartments])
            self._made["post", key] = made
            for role in post.roles:
                code, _sep, sector = role.partition(":")
                PositionRole.objects.create(
                    position=made, role=cast.ROLE_OF[code], sector=self.sector(sector) if sector else None
                )
            for holder in post.holders:
                Holding.objects.create(
                    position=made, person=self.person(holder.person), capacity=holder.capacity,
                    starts=self._starts(holder), until=None if holder.until is None else self._ends(holder),
                )  # fmt: skip
        for key, post in self._posts.items():
            if post.reports_to:
                Position.objects.filter(pk=self.post(key).pk).update(reports_to=self.post(post.reports_to))

    # ---------------------------------------------------------------- finding
    def post(self, key: str) -> Position:
        """A position by its key."""
        found: Position = self._made["post", key]
        return found

    def organisation(self, key: str) -> Organisation:
        """An organisation by its key."""
        found: Organisation = self._made["org", key]
        return found

    def area(self, code: str) -> Area:
        """An area by its P-code."""
        found: Area = self._made["area", code]
        return found

    def sector(self, code: str) -> Sector:
        """A sector by its code."""
        found: Sector = self._made["sector", code]
        return found

    def compartment(self, code: str) -> Compartment:
        """A compartment by its code."""
        found: Compartment = self._made["compartment", code]
        return found

    def term(self, vocabulary: str, code: str) -> VocabularyTerm:
        """A term of the mission's own lists."""
        found: VocabularyTerm = self._made[vocabulary, code]
        return found

    def person(self, key: str) -> User:
        """A person by key."""
        return self._people[key]

    def person_in(self, key: str, at: datetime | None = None) -> User:
        """Who holds a position, at that moment or at present: the first named of those whose days it is."""
        holders, moment = self._posts[key].holders, at or self._now
        current = [
            h for h in holders if self._starts(h) <= moment and (h.until is None or self._ends(h) > moment)
        ]
        return self.person((current or holders)[0].person)

    def _starts(self, holder: cast.Holder) -> datetime:
        return self._now + timedelta(days=holder.since)

    def _ends(self, holder: cast.Holder) -> datetime:
        return self._now + timedelta(days=holder.until or 0)

    def principal(self, named: str) -> Position | Organisation | User:
        """What a grant names: `post:u9`, `org:rar` or `person:chen`."""
        kind, _sep, key = named.partition(":")
        if kind == "post":
            return self.post(key)
        return self.organisation(key) if kind == "org" else self.person(key)

    def usual(self, role: str, county: str, story: Story | None = None) -> str:
        """The post that usually handles a place: Sector North and East have officers of their own."""
        if self.mission.is_exercise:
            return {"cmcoord": "xcmc", "cimic": "xcim", "joc": "xjoc", "security": "xsec"}[role]
        north, east = county[:4] in {"SS07", "SS06", "SS00"}, county[:4] in {"SS03", "SS02"}
        closed = story is not None and (story.classification == 2 or bool(story.compartments))
        if role == "cmcoord":
            return "cmcn" if north and not closed else "cmc"
        if role == "cimic":
            return "u9" if closed else "s9n" if north else "s9e" if east else "u9o"
        if role == "security":
            return "fsc" if east and not closed else "sec"
        return "jocc" if closed else "jocd"

    def releases_for(self, key: str) -> str:
        """The post whose word opens what a post has filed: its organisation's release authority, else itself."""
        ours = (
            k for k, post in self._posts.items() if post.org == self._posts[key].org and "REL" in post.roles
        )
        return next(ours, key)

    def cluster_of(self, sector: str) -> str:
        """The post that coordinates a sector."""
        if self.mission.is_exercise:
            return "xclu"
        return next(key for key, post in self._posts.items() if f"CLU:{sector}" in post.roles)

    def decider_of(self, kind: RequestKind) -> str:
        """The post that decides on a kind first."""
        return "xdec" if self.mission.is_exercise else cast.DECIDES[kind][0]

    def unit(self, key: str) -> str:
        """The unit of this mission that stands for `key`."""
        return "xunit" if self.mission.is_exercise else key


def people_make() -> dict[str, User]:
    """Everybody, with one password; hashed once, because the hash is slow on purpose."""
    hashed = make_password(PASSWORD)
    admins = {"weber", "haddad", "xgita"}
    found = {}
    for key, name in cast.PEOPLE.items():
        if key not in cast.ADDRESSES:
            continue
        language, zone = cast.PREFERENCES.get(key, ("en", "Africa/Juba"))
        found[key] = User.objects.create(
            email=cast.address(key), name=name, password=hashed, language=language, time_zone=zone,
            is_staff=key in admins,
        )  # fmt: skip
    return found
