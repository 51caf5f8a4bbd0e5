"""Files on organisations at any point of their life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.records.services import record_file
from apps.records.transitions import transition
from apps.stakeholders.models import Presence, Stakeholder
from tests.factories.canary import canary
from tests.factories.staff import Staff


def stakeholder_file(staff: Staff, *, by: str = "cim", **changes: Any) -> Stakeholder:
    """A complete draft, read by its keeper's organisation."""
    values: dict[str, Any] = {
        "title": canary("name"), "kind": "437", "side": "humanitarian", "purpose": canary("purpose"),
        "engagement": canary("engagement"), "culture": canary("culture"), "sensitivities": canary("sensitivities"),
        "area": staff.area, "sector": staff.sector,
    }  # fmt: skip
    with staff.acting(by) as actor:
        filed: Stakeholder = record_file(actor, record=Stakeholder(**values | changes))
        return filed


def now(stakeholder: Stakeholder) -> Stakeholder:
    """The file as the database has it; call it while acting."""
    return Stakeholder.objects.get(pk=stakeholder.pk)


def take(staff: Staff, stakeholder: Stakeholder, by: str, name: str, **data: Any) -> Stakeholder:
    """Take a step as the holder of a post; registering shows it to the whole mission unless `scope` says otherwise."""
    if name == "register":
        data.setdefault("scope", "mission")
    note = data.get("note") or canary("note")
    with staff.acting(by) as actor:
        transition(actor, record=now(stakeholder), name=name, data=data, note=note)
        return now(stakeholder)


def stakeholder_registered(
    staff: Staff, *, by: str = "cim", scope: str = "mission", **changes: Any
) -> Stakeholder:
    """One on the register, read by the whole mission unless `scope` says otherwise."""
    return take(staff, stakeholder_file(staff, by=by, **changes), by, "register", scope=scope)


def present(staff: Staff, stakeholder: Stakeholder, *, by: str = "cim", **changes: Any) -> Presence:
    """An activity that goes on in the county and sector of the staff."""
    today = timezone.localdate()
    values: dict[str, Any] = {
        "activity": canary("activity"), "area": staff.area, "sector": staff.sector, "place": canary("place"),
        "start": today - timedelta(days=30), "end": today + timedelta(days=30), "status": "ongoing",
    }  # fmt: skip
    with staff.acting(by):
        made: Presence = Presence.objects.create(stakeholder=stakeholder, **values | changes)
        return made
