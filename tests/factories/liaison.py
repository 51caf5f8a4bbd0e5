"""Liaison offices, links and engagements at any point of their life."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from apps.liaison_offices.models import Engagement, LiaisonLink, LiaisonOffice
from apps.liaison_offices.services import link_save, stakeholder_name
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.stakeholders.models import Stakeholder
from tests.factories.canary import canary
from tests.factories.staff import Staff


def today() -> date:
    """The day of the tests."""
    return timezone.now().date()


def office_open(staff: Staff, *, by: str = "cim", scope: str = "mission", **changes: Any) -> LiaisonOffice:
    """An office that is open, read by the whole mission unless `scope` says otherwise."""
    values: dict[str, Any] = {
        "title": canary("office"), "area": staff.area, "by_day": canary("by day"), "scope": scope,
        "address": canary("address"),
    }  # fmt: skip
    with staff.acting(by) as actor:
        filed: LiaisonOffice = record_file(actor, record=LiaisonOffice(**values | changes))
        transition(actor, record=filed, name="open")
        return LiaisonOffice.objects.get(pk=filed.pk)


def link_make(
    staff: Staff, a: Stakeholder, b: Stakeholder, *, by: str = "cim", **changes: Any
) -> LiaisonLink:
    """A link in use, held by the CIMIC officer unless said otherwise."""
    values: dict[str, Any] = {"level": "operational", "mode": "exchange", "primary": staff.positions["cim"]}
    with staff.acting(by) as actor:
        return link_save(actor, link=LiaisonLink(a=a, b=b, **values | changes))


def engagement_file(
    staff: Staff, *counterparts: Stakeholder, by: str = "cim", scope: str = "mission", **changes: Any
) -> Engagement:
    """A draft that is complete enough to be reported."""
    values: dict[str, Any] = {
        "title": canary("engagement"), "kind": "meeting", "area": staff.area, "scope": scope,
        "held_on": today() - timedelta(days=2), "agreed": canary("agreed"), "said": canary("said"),
        "assessment": canary("assessment"), "red_lines": canary("red lines"),
    }  # fmt: skip
    with staff.acting(by) as actor:
        filed: Engagement = record_file(actor, record=Engagement(**values | changes))
        for each in counterparts:
            stakeholder_name(actor, record=filed, stakeholder=each)
        return filed


def take(staff: Staff, record: Any, by: str, name: str, note: str = "", **data: Any) -> Any:
    """Take a step as the holder of a post."""
    with staff.acting(by) as actor:
        now = type(record).objects.get(pk=record.pk)
        transition(actor, record=now, name=name, data={**data, "note": note}, note=note)
        return type(record).objects.get(pk=record.pk)


def engagement_reported(
    staff: Staff, *counterparts: Stakeholder, by: str = "cim", **changes: Any
) -> Engagement:
    """One that was held and reported."""
    reported: Engagement = take(staff, engagement_file(staff, *counterparts, by=by, **changes), by, "report")
    return reported
