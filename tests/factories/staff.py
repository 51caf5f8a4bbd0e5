"""A small mission with somebody in every role, and those who come near a role without having it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.mission.models import (
    Area,
    DecisionAuthority,
    Holding,
    Mission,
    Organisation,
    Position,
    PositionRole,
    Sector,
    VocabularyTerm,
)
from apps.mission.vocabulary import OrganisationType, RequestKind, Role, Side
from apps.need_to_know.acting import acting_as
from apps.records.actors import Actor

# name -> (organisation, roles, sector code or None)
POSTS: dict[str, tuple[str, tuple[Role, ...], str | None]] = {
    "req": ("ngo", (Role.REQUESTER,), None),
    "req_colleague": ("ngo", (Role.REQUESTER,), None),
    "req_elsewhere": ("other_ngo", (Role.REQUESTER,), None),
    "req_mission": ("support", (Role.REQUESTER,), None),
    "clu": ("agency", (Role.CLUSTER,), "LOG"),
    "clu_other_sector": ("agency", (Role.CLUSTER,), "HEA"),
    "cmc": ("agency", (Role.CMCOORD,), None),
    "cim": ("force", (Role.CIMIC,), None),
    "joc": ("force", (Role.JOC,), None),
    "sec": ("force", (Role.SECURITY,), None),
    "dec": ("force", (Role.DECIDER,), None),
    "dec_unlisted": ("force", (Role.DECIDER,), None),
    "unit": ("contingent", (Role.UNIT,), None),
    "unit_other": ("contingent", (Role.UNIT,), None),
    "aud": ("force", (Role.AUDITOR,), None),
}
ORGANISATIONS: dict[str, tuple[str, OrganisationType, Side]] = {
    "ngo": ("Relief House", OrganisationType.INGO, Side.HUMANITARIAN),
    "other_ngo": ("Second House", OrganisationType.NNGO, Side.HUMANITARIAN),
    "agency": ("Agency House", OrganisationType.UN, Side.HUMANITARIAN),
    "force": ("Force Headquarters", OrganisationType.COMPONENT, Side.MISSION_MILITARY),
    "support": ("Support Division", OrganisationType.COMPONENT, Side.MISSION_CIVIL),
    "contingent": ("First Battalion", OrganisationType.CONTINGENT, Side.MISSION_MILITARY),
}


@dataclass
class Staff:
    """The mission, its structure, and its people by the names of their posts."""

    mission: Mission
    area: Area
    sector: Sector
    terms: dict[str, VocabularyTerm] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def acting(self, name: str) -> AbstractContextManager[Actor]:
        """Act as the holder of that post."""
        return acting_as(self.people[name], self.mission)

    def post(self, name: str, organisation: str, *roles: Role, sector: Sector | None = None) -> Position:
        """A position with a holder of the same name."""
        position = Position.objects.create(
            mission=self.mission, organisation=self.organisations[organisation], title=f"Post {name}"
        )
        for role in roles:
            PositionRole.objects.create(position=position, role=role, sector=sector)
        self.positions[name] = position
        if name not in self.people:
            self.people[name] = User.objects.create_user(
                f"{name}@{self.mission.code}.invalid", name=f"Holder {name}"
            )
        Holding.objects.create(
            position=position, person=self.people[name], starts=timezone.now() - timedelta(days=400)
        )
        return position

    def also_holds(self, person: str, post: str) -> None:
        """Somebody holds a second post beside the holder."""
        Holding.objects.create(
            position=self.positions[post],
            person=self.people[person],
            starts=timezone.now() - timedelta(days=30),
        )


def staff_make(code: str = "staff") -> Staff:
    """Store a mission with its people; runs outside acting_as()."""
    mission = Mission.objects.create(code=code, name=f"Mission {code}")
    state = Area.objects.create(mission=mission, pcode="TT01", name="First State", level=1)
    area = Area.objects.create(mission=mission, pcode="TT0101", name="First County", level=2, parent=state)
    sectors = {c: Sector.objects.create(mission=mission, code=c, name=f"Sector {c}") for c in ("LOG", "HEA")}
    staff = Staff(mission=mission, area=area, sector=sectors["LOG"])
    for vocabulary in VocabularyTerm.Vocabulary:
        staff.terms[vocabulary.value] = VocabularyTerm.objects.create(
            mission=mission, vocabulary=vocabulary, code="first", label=f"First of {vocabulary.value}"
        )
    for key, (name, org_type, side) in ORGANISATIONS.items():
        staff.organisations[key] = Organisation.objects.create(
            mission=mission, name=name, org_type=org_type, side=side
        )
    for name, (organisation, roles, sector) in POSTS.items():
        staff.post(name, organisation, *roles, sector=sectors[sector] if sector else None)
    for kind in RequestKind.values:
        DecisionAuthority.objects.create(mission=mission, kind=kind, position=staff.positions["dec"])
    return staff
