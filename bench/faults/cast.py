"""Who is in the mission under test: their names, numbers, tokens and positions. No Django here."""

from __future__ import annotations

from dataclasses import dataclass, field

# person -> (organisation, role; empty for a head who has none, the head's place in the chain of command)
PEOPLE = {
    "director": ("Relief North", "", None),
    "head": ("Relief North", "", "director"),
    "requester": ("Relief North", "REQ", "head"),
    "colleague": ("Relief North", "REQ", "head"),
    "other": ("Relief South", "REQ", None),
    "support": ("Mission Support", "REQ", None),
    "cluster": ("Logistics Cluster", "CLU", None),
    "cmcoord": ("Coordination Office", "CMC", None),
    "cimic": ("Force Headquarters", "CIM", None),
    "joc": ("Force Headquarters", "JOC", None),
    "security": ("Safety Office", "SEC", None),
    "decider": ("Force Headquarters", "DEC", None),
    "unit": ("Engineer Company 2", "UNIT", None),
}
REQUESTERS = ("requester", "other", "support")
# As the portal is shipped: these hear of every step by mail, and everybody of what needs them.
MAILED_PART = frozenset({"REQ", "CMC", "UNIT"})


@dataclass
class Cast:
    """Everybody by name: their numbers, tokens, and the UUID of the position that is tasked."""

    mission: int
    people: dict[str, int] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    unit: str = ""

    def holders(self, position: int) -> set[int]:
        """People in a position; it does not change while this runs."""
        return {self.people[name] for name, known in self.positions.items() if known == position}
