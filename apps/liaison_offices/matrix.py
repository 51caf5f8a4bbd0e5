"""The liaison matrix: every pair with its links, what is wrong with each, and where a link is missing. No HTTP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from apps.liaison_offices import selectors
from apps.liaison_offices.models import LiaisonLink
from apps.liaison_offices.rules import Rules, stance_refusal
from apps.liaison_offices.vocabulary import Level
from apps.mission.vocabulary import EngagementStance, Side
from apps.pages.structure import Structure
from apps.records import clock
from apps.records.actors import Actor
from apps.stakeholders.models import Presence, Stakeholder
from apps.stakeholders.selectors import registered

GAPS_MOST = 200
_SIDES = list(Side.values)


@dataclass
class Asked:
    """Filters of the matrix, from an address; what is not understood counts as not asked."""

    area: str = ""
    side: str = ""
    level: str = ""
    problems: bool = False

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Asked:
        """What the query string asks."""
        side, level = str(query.get("side", "")), str(query.get("level", ""))
        return cls(
            area=str(query.get("area", ""))[:20],
            side=side if side in Side.values else "",
            level=level if level in Level.values else "",
            problems="problems" in query,
        )


@dataclass
class Line:
    """A link with what is wrong with it, in words; the first word is the shortest."""

    link: LiaisonLink
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def pair(self) -> tuple[int, int]:
        """Both ends, whichever is named first."""
        return min(self.link.a_id, self.link.b_id), max(self.link.a_id, self.link.b_id)


@dataclass
class Gap:
    """Two organisations that a rule wants linked and that are not."""

    a: Stakeholder
    b: Stakeholder
    where: str

    @property
    def pair(self) -> tuple[int, int]:
        """Both ends, whichever is named first."""
        return min(self.a.pk, self.b.pk), max(self.a.pk, self.b.pk)


@dataclass
class Matrix:
    """All that the page draws."""

    asked: Asked
    structure: Structure
    posts: selectors.Posts
    lines: list[Line]
    gaps: list[Gap]
    total: int

    @property
    def organisations(self) -> list[Stakeholder]:
        """Every end, by side and name."""
        found: dict[int, Stakeholder] = {}
        for line in self.lines:
            found |= {line.link.a_id: line.link.a, line.link.b_id: line.link.b}
        for gap in self.gaps:
            found |= {gap.a.pk: gap.a, gap.b.pk: gap.b}
        return sorted(
            found.values(),
            key=lambda s: (_SIDES.index(s.side) if s.side in _SIDES else 99, s.title.casefold()),
        )

    @property
    def by_pair(self) -> dict[tuple[int, int], list[Line]]:
        """Links of each pair, those with problems first."""
        made: dict[tuple[int, int], list[Line]] = defaultdict(list)
        for line in self.lines:
            made[line.pair].append(line)
        return made


def read(actor: Actor, query: Mapping[str, Any]) -> Matrix:
    """The matrix under the filters; a constant number of queries."""
    asked, structure = Asked.read(query), Structure(actor)
    areas = set(structure.ids("area", asked.area)) if asked.area else None
    every = list(selectors.links(actor))
    rules = selectors.mission_rules(actor)
    posts = selectors.Posts(actor).load(
        each for link in every for each in (link.primary_id, link.alternate_id)
    )
    officers = selectors.officers_of(posts.held | set(posts.titles))
    today = clock.now().date()
    lines = [
        Line(link, problems_of(link, rules, posts, officers, today))
        for link in every
        if _wanted(link, asked, areas)
    ]
    total = len(lines)
    gaps = _gaps(actor, rules, every, asked, areas)
    if asked.problems:
        lines = [line for line in lines if line.problems]
    lines.sort(
        key=lambda line: (not line.problems, line.link.a.title.casefold(), line.link.b.title.casefold())
    )
    return Matrix(asked, structure, posts, lines, gaps, total)


def _wanted(link: LiaisonLink, asked: Asked, areas: set[int] | None) -> bool:
    # WHY: a link without an area holds everywhere, so that it belongs to every area.
    if areas is not None and link.area_id is not None and link.area_id not in areas:
        return False
    if asked.level and link.level != asked.level:
        return False
    return not asked.side or asked.side in (link.a.side, link.b.side)


def problems_of(
    link: LiaisonLink, rules: Rules, posts: selectors.Posts, officers: frozenset[int], today: date
) -> list[tuple[str, str]]:
    """(which, in words): stale, without cover, against the rule."""
    found = []
    rule = rules.between(link.a.side, link.b.side, link.area_id)
    days = link.frequency_days or (rule.stale_after(link.level) if rule else None)
    since = link.last_contact_on or link.at.date()
    if days is not None and since < today - timedelta(days=days):
        if link.last_contact_on:
            late = (today - link.last_contact_on).days
            found.append(("stale", _("Stale: no contact for %(days)d days") % {"days": late}))
        else:
            found.append(("stale", _("Stale: no contact yet")))
    if link.primary_id is None:
        found.append(("uncovered", _("Without cover: no primary")))
    elif not {link.primary_id, link.alternate_id} & posts.held:
        found.append(("uncovered", _("Without cover: nobody holds the position now")))
    if rule is not None and link.mode in (*rule.discouraged, *rule.barred):
        found.append(("rule", _("Against the rule: %(reason)s") % {"reason": rule.reason}))
    refusal = stance_refusal(link.a, link.b, link.mode, by_officer=link.primary_id in officers)
    if refusal:
        found.append(("rule", _("Against the rule: %(reason)s") % {"reason": refusal}))
    return found


def _gaps(
    actor: Actor, rules: Rules, links: list[LiaisonLink], asked: Asked, areas: set[int] | None
) -> list[Gap]:
    """Pairs of organisations that both work in an area and that a rule wants linked, at most GAPS_MOST.

    Only of organisations that are engaged directly: nobody is urged to approach another.
    """
    required = [rule for rule in rules.all if rule.required]
    if not required:
        return []
    rows = registered(actor).filter(state="registered", stance=EngagementStance.DIRECT)
    known = {row.pk: row for row in rows}
    works: dict[int, set[int]] = defaultdict(set)
    present = Presence.objects.filter(stakeholder_id__in=known).exclude(status__in=("completed", "suspended"))
    names = {entry.id: entry.name for entry in Structure(actor).rows("area")}
    for stakeholder, area in present.values_list("stakeholder_id", "area_id").distinct():
        works[area].add(stakeholder)
    linked = {frozenset((link.a_id, link.b_id)) for link in links}
    found: dict[frozenset[int], Gap] = {}
    for area in sorted(works):
        if areas is not None and area not in areas:
            continue
        for one in sorted(works[area]):
            for other in sorted(works[area]):
                pair = frozenset((one, other))
                if one >= other or pair in linked or pair in found:
                    continue
                a, b = known[one], known[other]
                rule = rules.between(a.side, b.side, area)
                if rule is None or not rule.required or (asked.side and asked.side not in (a.side, b.side)):
                    continue
                found[pair] = Gap(a, b, names.get(area, ""))
                if len(found) == GAPS_MOST:
                    return list(found.values())
    return list(found.values())
