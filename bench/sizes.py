"""How much there is in a bench database, and who its readers are. No SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Profile(StrEnum):
    """The readers that are measured, by what they may read."""

    HALF = "half of everything"
    MIDDLE = "4 in 100"
    FEW = "1 in 10,000"
    OLD = "2 in 100, all old"
    NONE = "nothing"


# Person, position and organisation of each reader share a number; the first two hold positions in several.
READERS = {Profile.HALF: 1, Profile.MIDDLE: 21, Profile.FEW: 31, Profile.OLD: 32, Profile.NONE: 33}
HALF_ORGANISATIONS = 12  # 1..12
MIDDLE_ORGANISATIONS = 5  # 21..25
RESERVED = 40  # organisations and people up to this number get nothing by chance
POSITIONS_EACH = 4  # positions of an organisation
OLD_SHARE = 10  # "old" lies within the oldest tenth
LENT = 50  # live time-boxed grants to each of the first two readers


@dataclass(frozen=True)
class Sizes:
    """The numbers a bench database is made of; the same numbers give the same data."""

    records: int = 1_000_000
    people: int = 10_000
    groups: int = 500
    grants: int = 10_000_000
    seed: int = 7

    def problem(self) -> str:
        """Why these numbers cannot be had; empty if they can."""
        if self.records < 1000:
            return "--records must be 1,000 or more."
        if self.groups < 2 * RESERVED or self.people < 2 * RESERVED:
            return f"--groups and --people must be {2 * RESERVED} or more."
        if not 5 * self.records <= self.grants <= 15 * self.records:
            return "--grants must be 5 to 15 times --records."
        return ""

    @property
    def positions(self) -> int:
        """How many positions there are."""
        return self.groups * POSITIONS_EACH

    def readable(self, profile: Profile) -> int:
        """How many records that reader reads, exactly."""
        return {
            Profile.HALF: self.records // 2,
            Profile.MIDDLE: self.records // 25,
            Profile.FEW: max(self.records // 10_000, 5),
            Profile.OLD: self.records // 50,
            Profile.NONE: 0,
        }[profile]
