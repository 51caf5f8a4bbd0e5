"""A mission with one person in each role, committed once for this package; callers with their tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

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
from apps.mission.vocabulary import RequestKind
from cimic_portal.embedded import testing

LIST = "/api/v1/aid-requests/"
PROBLEM = "application/problem+json"
# person -> (organisation, role)
_PEOPLE = {
    "requester": ("Relief North", "REQ"),
    "other_requester": ("Relief South", "REQ"),
    "cluster": ("Logistics Cluster", "CLU"),
    "cmcoord": ("Coordination Office", "CMC"),
    "cimic": ("Force Headquarters", "CIM"),
    "joc": ("Force Headquarters", "JOC"),
    "security": ("Safety Office", "SEC"),
    "decider": ("Force Headquarters", "DEC"),
    "unit": ("Engineer Company 2", "UNIT"),
    "administrator": ("Force Headquarters", "ADM"),
}
_SIDES = {"Force Headquarters": "mission_military", "Engineer Company 2": "mission_military"}


@dataclass
class Town:
    """Everybody by name, with their tokens."""

    mission: Mission
    people: dict[str, User] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="package")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """The cast, committed in a database of this package's own."""
    from tests.conftest import SERVERS

    with django_db_blocker.unblock():
        before = testing.current_database()
        name = SERVERS.new_database(testing.migrated_template(SERVERS))
        testing.point_django_at(name)
        try:
            yield town_make()
        finally:
            testing.leave(SERVERS, name, back_to=before)


def town_make() -> Town:
    """Store everybody; commits."""
    mission = Mission.objects.create(code="upper", name="Mission Upper Basin")
    town = Town(mission)
    state = Area.objects.create(mission=mission, pcode="SS01", name="First State", level=1)
    for number in (1, 2):
        Area.objects.create(
            mission=mission, pcode=f"SS010{number}", name=f"County {number}", level=2, parent=state
        )
    Sector.objects.create(mission=mission, code="LOG", name="Logistics")
    Compartment.objects.create(mission=mission, code="convoys", name="Convoys")
    Compartment.objects.create(mission=mission, code="hidden", name="Not for the requester")
    for vocabulary, code in (
        ("alternative", "civilian-truck"),
        ("population_group", "returnees"),
        ("decline_reason", "safety"),
    ):
        VocabularyTerm.objects.create(mission=mission, vocabulary=vocabulary, code=code, label=code)
    organisations = {
        name: Organisation.objects.create(
            mission=mission, name=name, org_type="441", side=_SIDES.get(name, "humanitarian")
        )
        for name in sorted({organisation for organisation, _role in _PEOPLE.values()})
    }
    for person, (organisation, role) in _PEOPLE.items():
        _add(town, person, organisations[organisation], role)
    for person in ("requester", "cluster", "cmcoord", "cimic", "joc", "security", "decider", "unit"):
        town.positions[person].compartments.add(Compartment.objects.get(code="convoys"))
    for kind in RequestKind.values:
        DecisionAuthority.objects.create(mission=mission, kind=kind, position=town.positions["decider"])
    town.people["nobody"] = User.objects.create_user("nobody@town.invalid", name="Nobody")
    town.tokens["nobody"] = AuthToken.objects.create(user=town.people["nobody"])[1]
    return town


def _add(town: Town, person: str, organisation: Organisation, role: str) -> None:
    user = User.objects.create_user(f"{person}@town.invalid", name=person.title())
    position = Position.objects.create(
        mission=town.mission, organisation=organisation, title=f"{role} of {organisation}", clearance=1
    )
    PositionRole.objects.create(position=position, role=role)
    Holding.objects.create(person=user, position=position, starts=timezone.now() - timedelta(days=9))
    town.people[person], town.positions[person] = user, position
    town.tokens[person] = AuthToken.objects.create(user=user)[1]


class Caller:
    """A program with a person's token; anonymous without one."""

    def __init__(self, token: str = "") -> None:
        self.headers = {"Authorization": f"Token {token}"} if token else {}
        self.client = Client(headers=self.headers)

    def get(self, path: str, **headers: str) -> Any:
        """GET."""
        return self.client.get(path, headers=_named(headers))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Any method with a JSON body."""
        data = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return self.client.generic(
            method, path, data, content_type="application/json", headers=_named(headers)
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST."""
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        """PATCH."""
        return self.send("PATCH", path, body, **headers)


def tag(shown: dict[str, Any]) -> str:
    """The ETag of a record as the API showed it."""
    return f'"{shown["version"]}"'


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def call(town: Town) -> Iterator[Callable[[str], Caller]]:
    """A caller for a person by name ("" is anonymous); what the test writes is undone."""
    with transaction.atomic():
        yield lambda person: Caller(town.tokens[person] if person else "")
        transaction.set_rollback(True)


@pytest.fixture
def draft(call: Callable[[str], Caller]) -> dict[str, Any]:
    """A draft that the requester has filed, as the API shows it."""
    answer = call("requester").post(
        LIST, {"title": "Trucks across the river", "kind": "armed_escort", "priority": 2}
    )
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found
