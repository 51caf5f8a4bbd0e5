"""The row rule in plain words of Python, written from its statement and from nothing that the portal computes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Post:
    """A position: who owns it, what it may see."""

    organisation: str
    roles: set[str]
    clearance: int
    holds_compartment: bool
    active: bool = True

    @property
    def reads(self) -> bool:
        """Positions that only administer or audit read nothing."""
        return not self.roles or bool(self.roles - {"ADM", "AUD"})


@dataclass
class Grant:
    """A permission given to a person, position or organisation ("person:x" …), until a moment or for good."""

    to: str
    edits: bool
    until: datetime | None
    right: str = ""


@dataclass
class Emergency:
    """A record opened by somebody in a position, until a moment."""

    person: str
    post: str
    until: datetime
    reviewed: bool = False


@dataclass
class Thing:
    """A record: its label, and everybody it names."""

    author_post: str
    originator: str
    scope: str = "private"
    classification: int = 0
    compartment: bool = False
    protected: bool = False  # holds data that the military side never reads
    addressees: set[str] = field(default_factory=set)
    grants: list[Grant] = field(default_factory=list)
    emergencies: list[Emergency] = field(default_factory=list)


@dataclass
class Model:
    """Who holds what, and one record."""

    posts: dict[str, Post]
    holdings: set[tuple[str, str]]  # person, post
    thing: Thing
    military: set[str] = field(default_factory=set)  # organisations

    def may_read(self, person: str, now: datetime) -> bool:
        """Named by one of the posts held now (or in person), cleared, and holding the compartment.

        Or by an emergency access in a post still held. Nobody who also stands on the military side reads what is
        protected from it.
        """
        held = {name: self.posts[name] for who, name in self.holdings if who == person}
        active = {name: post for name, post in held.items() if post.active}
        if self.thing.protected and any(post.organisation in self.military for post in active.values()):
            return False
        if any(e.person == person and e.post in active and e.until > now for e in self.thing.emergencies):
            return True
        reading = {name: post for name, post in active.items() if post.reads}
        if not reading:
            return False
        cleared = max(post.clearance for post in reading.values()) >= self.thing.classification
        inside = not self.thing.compartment or any(post.holds_compartment for post in reading.values())
        return cleared and inside and bool(self._names(person, reading) & self._named(now))

    @staticmethod
    def _names(person: str, reading: dict[str, Post]) -> set[str]:
        return (
            {f"person:{person}", "mission"}
            | {f"post:{name}" for name in reading}
            | {f"organisation:{post.organisation}" for post in reading.values()}
        )

    def _named(self, now: datetime) -> set[str]:
        thing = self.thing
        named = {f"post:{thing.author_post}"} | {f"post:{name}" for name in thing.addressees}
        if thing.scope in ("organisation", "mission"):
            named.add(f"organisation:{thing.originator}")
        if thing.scope == "mission":
            named.add("mission")
        return named | {grant.to for grant in thing.grants if grant.until is None or grant.until > now}
