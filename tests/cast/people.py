"""The people, committed once: two missions, four organisations, and one person for each relation to a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.mission.models import (
    Area,
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
from apps.mission.vocabulary import Classification, RequestKind


@dataclass
class Cast:
    """Everybody by name. `people` are accounts, `positions` what each holds; `nobody` holds none."""

    mission: Mission
    other_mission: Mission
    compartment: Compartment
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)


# name -> (organisation, role, clearance, holds the compartment)
ROLES = {
    "owner": ("asker", "REQ", 1, True),
    "colleague": ("asker", "REQ", 1, True),
    "addressee": ("coordinator", "CMC", 1, True),
    "decider": ("force", "DEC", 1, True),
    "granted": ("outside", "REQ", 1, True),
    "lent": ("outside", "SEC", 1, True),
    "expired": ("outside", "CIM", 1, True),
    "revoked": ("outside", "JOC", 1, True),
    "outsider": ("outside", "UNIT", 1, True),
    "uncleared": ("coordinator", "CMC", 0, True),
    "uncompartmented": ("coordinator", "CLU", 1, False),
    "administrator": ("force", "ADM", 2, True),
    "auditor": ("force", "AUD", 2, True),
    "former": ("asker", "REQ", 1, True),
}
READERS = frozenset({"owner", "colleague", "addressee", "granted", "lent"})
# Who may know of a record of which they are no readers: nobody. These are all the others with an account.
OTHERS = frozenset(ROLES) - READERS | {"stranger", "nobody"}


def cast_make() -> Cast:
    """Store everybody. Runs as portal_app, outside acting_as: structure is no record."""
    # WHY: the owner files a record of every type, announcements too.
    mission = Mission.objects.create(
        code="north", name="Mission North", notice_roles=["REQ"], broadcast_roles=["REQ"]
    )
    other = Mission.objects.create(code="south", name="Mission South")
    compartment = Compartment.objects.create(mission=mission, code="blue", name="Blue")
    cast = Cast(mission=mission, other_mission=other, compartment=compartment)
    for name, side in (("asker", "humanitarian"), ("coordinator", "humanitarian"), ("force", "mission_military"),
                       ("outside", "humanitarian")):  # fmt: skip
        cast.organisations[name] = Organisation.objects.create(
            mission=mission, name=f"Organisation {name}", org_type="437", side=side
        )
    Sector.objects.create(mission=mission, code="LOG", name="Logistics")
    Area.objects.create(mission=mission, pcode="XX01", name="First county", level=1)
    for vocabulary in VocabularyTerm.Vocabulary:
        VocabularyTerm.objects.create(
            mission=mission, vocabulary=vocabulary, code="one", label=f"One {vocabulary}"
        )
    for name, (organisation, role, clearance, holds) in ROLES.items():
        _person(cast, name, cast.organisations[organisation], role, clearance, holds)
    for kind in RequestKind.values:
        DecisionAuthority.objects.create(mission=mission, kind=kind, position=cast.positions["decider"])
    Holding.objects.filter(person=cast.people["former"]).update(
        starts=timezone.now() - timedelta(days=90), until=timezone.now() - timedelta(days=1)
    )
    # WHY: the former holder keeps a position elsewhere, so that only the lost one could open anything.
    _hold(cast.people["former"], _position(cast, "elsewhere", cast.organisations["outside"], "REQ", 1, True))
    # WHY: the owner files a record of every type; only a position of the JOC files its products.
    PositionRole.objects.create(position=cast.positions["owner"], role="JOC")
    superuser = cast.people["administrator"]
    superuser.is_staff = superuser.is_superuser = True
    superuser.save()
    far = Organisation.objects.create(mission=other, name="Far away", org_type="437", side="humanitarian")
    cast.people["stranger"] = _account("stranger")
    post = Position.objects.create(mission=other, organisation=far, title="Far", clearance=2)
    PositionRole.objects.create(position=post, role="REQ")
    _hold(cast.people["stranger"], post)
    cast.positions["stranger"] = post
    cast.people["nobody"] = _account("nobody")
    return cast


def _account(name: str) -> User:
    return User.objects.create_user(f"{name}@cast.invalid", name=f"{name.title()} Person")


def _position(
    cast: Cast, name: str, organisation: Organisation, role: str, clearance: int, holds: bool
) -> Position:
    made = Position.objects.create(
        mission=cast.mission,
        organisation=organisation,
        title=f"Post of {name}",
        clearance=Classification(clearance),
    )
    PositionRole.objects.create(position=made, role=role)
    if holds:
        made.compartments.add(cast.compartment)
    cast.positions[name] = made
    return made


def _hold(person: User, position: Position) -> Any:
    return Holding.objects.create(
        person=person, position=position, starts=timezone.now() - timedelta(days=30)
    )


def _person(
    cast: Cast, name: str, organisation: Organisation, role: str, clearance: int, holds: bool
) -> None:
    cast.people[name] = _account(name)
    _hold(cast.people[name], _position(cast, name, organisation, role, clearance, holds))
