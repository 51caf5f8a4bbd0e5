"""What an office must say before it opens, an engagement before it is planned and reported, and what forbids a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.liaison_offices.vocabulary import Mode
from apps.mission.vocabulary import EngagementStance, Side
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.liaison_offices.models import Engagement, LiaisonOffice, LiaisonRule
    from apps.stakeholders.models import Stakeholder

#: Sides that do not reach an organisation which is engaged through OCHA alone.
MISSION_SIDES = frozenset({Side.MISSION_MILITARY, Side.MISSION_POLICE, Side.MISSION_CIVIL, Side.HOST_STATE})


def office_missing(office: LiaisonOffice) -> dict[str, list[Text]]:
    """Field -> what must be answered before it opens."""
    found: dict[str, list[Text]] = {}
    if not office.title.strip():
        found["title"] = [_("Give the office its name.")]
    if office.area_id is None:
        found["area"] = [_("Say where it is.")]
    if not office.by_day.strip():
        found["by_day"] = [_("Say how it is reached by day.")]
    return found


def planned_missing(engagement: Engagement) -> dict[str, list[Text]]:
    """Field -> what must be answered before it is planned."""
    found: dict[str, list[Text]] = {}
    if not engagement.title.strip():
        found["title"] = [_("Give it a title that names no organisation.")]
    if not engagement.kind:
        found["kind"] = [_("Say what kind of engagement it is.")]
    return found


def reported_missing(engagement: Engagement) -> dict[str, list[Text]]:
    """Field -> what must be answered before it is reported."""
    found = planned_missing(engagement)
    if engagement.held_on is None:
        found["held_on"] = [_("Say on which day it was held.")]
    if not engagement.agreed.strip():
        found["agreed"] = [_("Say what was agreed; or that nothing was.")]
    return found


def stance_refusal(one: Stakeholder, other: Stakeholder, mode: str, *, by_officer: bool) -> str:
    """Why the stance of either rules such a link out; empty where none does. Both are read by whoever asks."""
    for end in (one, other):
        if end.stance in (EngagementStance.LISTED, EngagementStance.UNLISTED):
            return _now("%(name)s is not to be engaged.") % {"name": end.title}
    for end, far in ((one, other), (other, one)):
        barred = end.stance == EngagementStance.VIA_OCHA and far.side in MISSION_SIDES
        if barred and not (mode == Mode.INTERLOCUTOR and by_officer):
            said = _now(
                "%(name)s is engaged through OCHA alone: by a CMCoord officer as primary and interlocutor."
            )
            return said % {"name": end.title}
    return ""


class Rules:
    """The mission's rules, read once; asks nothing further. `parents`: area -> the one it is part of."""

    def __init__(self, rules: Iterable[LiaisonRule], parents: Mapping[int, int | None]) -> None:
        self.parents = parents
        self.known: dict[tuple[frozenset[str], int | None], Any] = {}
        for rule in rules:
            self.known.setdefault((frozenset((rule.side_a, rule.side_b)), rule.area_id), rule)

    @property
    def all(self) -> list[Any]:
        """Every rule, once."""
        return list(self.known.values())

    def between(self, one: str, other: str, area: int | None) -> LiaisonRule | None:
        """The rule that counts: that of the closest area, else the one for everywhere."""
        sides = frozenset((one, other))
        seen: set[int] = set()
        while area is not None and area not in seen:
            if (found := self.known.get((sides, area))) is not None:
                return found
            seen.add(area)
            area = self.parents.get(area)
        return self.known.get((sides, None))
