"""The mission in which the journeys play: areas by P-code, one person for each role, and two who must see nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone

from apps.accounts.models import User
from apps.mission.area_import import import_apply, read_table
from apps.mission.models import (
    Compartment,
    DecisionAuthority,
    Holding,
    Mission,
    Organisation,
    Position,
    PositionRole,
    Sector,
    VocabularyTerm,
)
from apps.mission.vocabulary import Classification, RequestKind, Role, Side

PASSWORD = "correct-horse-battery-staple"

AREAS = b"""#adm+code,#adm+name,#adm+code+parent,#geo+admin_level
SS01,Central Equatoria,SSD,1
SS0101,Juba,SS01,2
SS03,Jonglei,SSD,1
SS0303,Bor South,SS03,2
"""

# name of the part -> (person, organisation, title, role)
PARTS: dict[str, tuple[str, str, str, Role]] = {
    "requester": ("Amina Okello", "Bridge Relief", "Logistics focal point", Role.REQUESTER),
    "cluster": ("Jonas Lindqvist", "Food Agency", "Food security cluster coordinator", Role.CLUSTER),
    "cmcoord": ("Rosa Delgado", "Humanitarian Office", "CMCoord officer", Role.CMCOORD),
    "cimic": ("Maj. Pieter de Wit", "Force HQ", "CIMIC officer", Role.CIMIC),
    "security": ("Hana Suzuki", "Security Office", "Security adviser", Role.SECURITY),
    "decider": ("Brig. Kofi Mensah", "Force HQ", "Deputy force commander", Role.DECIDER),
    "joc": ("Lt. Col. Anaïs Laurent", "Force HQ", "JOC duty officer", Role.JOC),
    "unit": ("Capt. Tenzin Dorji", "Infantry Battalion 2", "Operations officer", Role.UNIT),
    "supply": ("Samuel Ajak", "Force HQ", "Supply officer", Role.REQUESTER),
    "other": ("David Moreau", "Water for All", "Programme focal point", Role.REQUESTER),
    "administrator": ("Leila Haddad", "Force HQ", "Administrator of structure", Role.ADMIN),
}  # fmt: skip

SIDES = {
    "Bridge Relief": (Side.HUMANITARIAN, "437"),
    "Water for All": (Side.HUMANITARIAN, "441"),
    "Food Agency": (Side.HUMANITARIAN, "447"),
    "Humanitarian Office": (Side.HUMANITARIAN, "447"),
    "Security Office": (Side.MISSION_CIVIL, "component"),
    "Force HQ": (Side.MISSION_MILITARY, "component"),
    "Infantry Battalion 2": (Side.MISSION_MILITARY, "contingent"),
}


@dataclass
class Setting:
    """The mission with everybody in it, by part."""

    mission: Mission
    people: dict[str, User] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)


def setting_make() -> Setting:
    """Store the mission; structure is no record, so nobody acts."""
    mission = Mission.objects.create(code="rivers", name="Mission of the Two Rivers", time_zone="Africa/Juba")
    import_apply(read_table(AREAS), mission)
    made = Setting(mission)
    food = Sector.objects.create(mission=mission, code="FSC", name="Food security")
    compartment = Compartment.objects.create(mission=mission, code="routes", name="Convoy routes")
    terms = VocabularyTerm.Vocabulary
    for vocabulary, code, label in (
        (terms.ALTERNATIVE, "commercial", "Commercial transporter"),
        (terms.ALTERNATIVE, "air", "Humanitarian air service"),
        (terms.POPULATION_GROUP, "idp", "Internally displaced people"),
        (terms.DECLINE_REASON, "capacity", "No capacity"),
    ):
        VocabularyTerm.objects.create(mission=mission, vocabulary=vocabulary, code=code, label=label)
    organisations = {
        name: Organisation.objects.create(mission=mission, name=name, side=side, org_type=org_type)
        for name, (side, org_type) in SIDES.items()
    }
    # WHY: tests hash with a quick method that the web process, which runs as the demo, does not accept.
    password = Argon2PasswordHasher().encode(PASSWORD, "one salt for all of them")
    for part, (name, organisation, title, role) in PARTS.items():
        person = User(email=f"{part}@rivers.invalid", name=name, password=password, time_zone="Africa/Juba")
        person.is_staff = part == "administrator"
        person.save()
        position = Position.objects.create(
            mission=mission,
            title=title,
            organisation=organisations[organisation],
            clearance=Classification.CONFIDENTIAL,
        )
        position.compartments.add(compartment)
        PositionRole.objects.create(position=position, role=role, sector=food if part == "cluster" else None)
        Holding.objects.create(person=person, position=position, starts=timezone.now() - timedelta(days=30))
        made.people[part], made.positions[part] = person, position
    for kind in RequestKind.values:
        DecisionAuthority.objects.create(mission=mission, kind=kind, position=made.positions["decider"])
    return made
