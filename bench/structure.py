"""The mission of the bench with its organisations, positions and people, written by the application's models."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import Group
from django.db import connection

from apps.accounts.models import User
from apps.mission.models import Compartment, Holding, Mission, Organisation, Position, PositionRole
from apps.mission.vocabulary import Role, Side
from bench.sizes import HALF_ORGANISATIONS, MIDDLE_ORGANISATIONS, POSITIONS_EACH, READERS, Profile, Sizes

MISSION = 1
MISSION_GROUP = 100_000  # the mission's principal; organisation n has MISSION_GROUP + n
CLEARANCE = 1
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def build(sizes: Sizes) -> None:
    """Write them all. Position n belongs to organisation n modulo their number, and person n holds position n."""
    count = 1 + sizes.groups + sizes.positions
    groups = Group.objects.bulk_create(
        Group(pk=MISSION_GROUP + number, name=f"bench:{number}") for number in range(count)
    )
    held = Mission(pk=MISSION, group=groups[0], code="bench", name="Bench", is_exercise=True)
    held.save(force_insert=True)
    Compartment.objects.create(pk=1, mission=held, code="convoys", name="Convoys")
    half = range(1, HALF_ORGANISATIONS + 1)
    Organisation.objects.bulk_create(
        Organisation(
            pk=n,
            group=groups[n],
            mission=held,
            name=f"Organisation {n}",
            org_type="contingent" if n in half else "437",
            side=Side.MISSION_MILITARY if n in half else Side.HUMANITARIAN,
        )
        for n in range(1, sizes.groups + 1)
    )
    Position.objects.bulk_create(
        Position(
            pk=n,
            group=groups[sizes.groups + n],
            mission=held,
            organisation_id=1 + (n - 1) % sizes.groups,
            title=f"Focal point {1 + (n - 1) // sizes.groups}",
            clearance=CLEARANCE,
        )
        for n in range(1, sizes.positions + 1)
    )
    PositionRole.objects.bulk_create(
        PositionRole(position_id=n, role=role)
        for n in range(1, sizes.positions + 1)
        # WHY: the first focal point of each organisation is its release authority too.
        for role in ([Role.REQUESTER, Role.RELEASE] if n <= sizes.groups else [Role.REQUESTER])
    )
    _people(sizes)


def _people(sizes: Sizes) -> None:
    User.objects.bulk_create(
        User(pk=n, email=f"p{n}@bench.invalid", name=f"Person {n}", password="!")
        for n in range(1, sizes.people + 1)
    )
    positions = sizes.groups * POSITIONS_EACH
    held = [(1 + (n - 1) % positions, n) for n in range(1, sizes.people + 1)]
    held += [(n, READERS[Profile.HALF]) for n in range(2, HALF_ORGANISATIONS + 1)]
    first = READERS[Profile.MIDDLE]
    held += [(n, first) for n in range(first + 1, first + MIDDLE_ORGANISATIONS)]
    Holding.objects.bulk_create(
        Holding(position_id=position, person_id=person, starts=SINCE) for position, person in held
    )
    # WHY: the portal knows principals from positions alone; guardian's own filter knows them from here.
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {User.groups.through._meta.db_table} (user_id, group_id)"
            " SELECT DISTINCT h.person_id, x.principal FROM mission_holding h"
            " JOIN mission_position p ON p.id = h.position_id"
            " JOIN mission_organisation o ON o.id = p.organisation_id"
            " JOIN mission_mission m ON m.id = p.mission_id"
            " CROSS JOIN LATERAL (VALUES (p.group_id), (o.group_id), (m.group_id)) x(principal)"
        )
