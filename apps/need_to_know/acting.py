"""acting_as(): the only way to records. Opens a transaction and tells the database who reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction

from apps.accounts.models import User
from apps.mission.models import Mission
from apps.records.actors import Actor, NoActor

_SETTINGS = (
    "actor", "mission", "principals", "clearance", "compartments", "positions", "lent", "lent_edit", "barred",
    "audits", "herald",
)  # fmt: skip
_ACTING_ALREADY = "CP005"
_FORGET = "SELECT " + ", ".join(f"set_config('app.{name}', '', true)" for name in _SETTINGS)


def missions_of(user: User) -> list[Mission]:
    """Missions in which the person holds a position now, by name; exercises come last."""
    from apps.mission.models import Holding

    held = Holding.objects.current().filter(person=user, position__is_active=True)
    return list(
        Mission.objects.filter(pk__in=held.values("position__mission_id")).order_by("is_exercise", "name")
    )


@contextmanager
def acting_as(user: User, mission: Mission) -> Iterator[Actor]:
    """Act as that person in that mission, for one transaction.

    The principals, clearance and compartments are computed by the database from the positions held now.
    Raises NoActor for somebody who holds no position there, and when somebody is acting already.
    """
    with _transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM need_to_know_begin(%s, %s)", [user.pk, mission.pk])
        principals, clearance, compartments, positions, barred, audits = cursor.fetchone()
        if not positions:
            raise NoActor(f"person {user.pk} holds no position in mission {mission.pk}")
        yield Actor(
            mission=mission,
            user=user,
            principals=tuple(principals),
            clearance=clearance,
            compartments=tuple(compartments),
            position_ids=tuple(positions),
            barred=tuple(barred),
            audits=audits,
        )


@contextmanager
def acting_as_clock(record_id: int) -> Iterator[Actor]:
    """Act as the portal's clock on one record whose time has come; a database error if it has not."""
    with _transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT need_to_know_begin_clock(%s)", [record_id])
        (mission_id,) = cursor.fetchone()
        yield Actor(mission=Mission.objects.get(pk=mission_id), user=None)


@contextmanager
def _transaction() -> Iterator[None]:
    """One transaction of one actor; at its end nobody acts any more. NoActor when somebody acts already."""
    nested = connection.in_atomic_block
    try:
        with transaction.atomic():
            yield
            # WHY: a local setting ends with its transaction, but outlives this block inside an outer one (tests).
            if nested and not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute(_FORGET)
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) == _ACTING_ALREADY:
            raise NoActor("somebody is acting already; end that first") from error
        raise
