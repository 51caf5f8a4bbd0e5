"""The mission under test, written with the portal's own models before any fault, with a token for everybody."""

from __future__ import annotations

from datetime import timedelta

from django.db import connections, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import token_create
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
from apps.mission.vocabulary import RequestKind
from apps.notifications.models import ClockRule
from bench.faults.cast import PEOPLE, Cast

_SIDES = {
    "Force Headquarters": "mission_military",
    "Engineer Company 2": "mission_military",
    "Mission Support": "mission_civil",
}


def cast_make() -> Cast:
    """Store everybody, in one transaction."""
    try:
        with transaction.atomic():
            return _made()
    finally:
        connections.close_all()


def _made() -> Cast:
    mission = Mission.objects.create(code="faults", name="Mission Upper Basin")
    cast = Cast(mission.pk)
    state = Area.objects.create(mission=mission, pcode="SS01", name="First State", level=1)
    for number in (1, 2):
        Area.objects.create(
            mission=mission, pcode=f"SS010{number}", name=f"County {number}", level=2, parent=state
        )
    Sector.objects.create(mission=mission, code="LOG", name="Logistics")
    for vocabulary, code in (("alternative", "civilian-truck"), ("decline_reason", "safety")):
        VocabularyTerm.objects.create(mission=mission, vocabulary=vocabulary, code=code, label=code)
    organisations = {
        name: Organisation.objects.create(
            mission=mission, name=name, org_type="441", side=_SIDES.get(name, "humanitarian")
        )
        for name in sorted({organisation for organisation, _role, _above in PEOPLE.values()})
    }
    posts: dict[str, Position] = {}
    for name, (organisation, role, above) in PEOPLE.items():
        posts[name] = Position.objects.create(
            mission=mission, organisation=organisations[organisation], title=f"Post {name}", clearance=1,
            reports_to=posts[above] if above else None,
        )  # fmt: skip
        person = User.objects.create_user(f"{name}@faults.invalid", name=name.title())
        if role:
            PositionRole.objects.create(position=posts[name], role=role)
        Holding.objects.create(person=person, position=posts[name], starts=timezone.now() - timedelta(days=9))
        cast.people[name], cast.emails[name] = person.pk, person.email
        cast.tokens[name], cast.positions[name] = token_create(person)[1], posts[name].pk
    for kind in RequestKind.values:
        DecisionAuthority.objects.create(mission=mission, kind=kind, position=posts["decider"])
    ClockRule.objects.create(mission=mission, remind_percent=25, escalate_hours=1, levels=3)
    cast.unit = str(posts["unit"].uuid)
    return cast
