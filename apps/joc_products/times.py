"""Periods and deadlines that a template proposes. Pure reckoning; nothing here reads or writes."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.joc_products.models import ProductTemplate
from apps.joc_products.vocabulary import Kind


@dataclass(frozen=True)
class Times:
    """On what a product reports, until when contributions are due, and when it is to be released."""

    needed_by: datetime
    contributions_due: datetime
    period_from: datetime | None = None
    period_to: datetime | None = None


def moved(kind: str, moment: datetime, by: int) -> datetime:
    """So many periods of that kind later (or earlier), at the same hour of the clock where `moment` stands."""
    if kind == Kind.DAILY:
        return moment + timedelta(days=by)
    if kind == Kind.WEEKLY:
        return moment + timedelta(days=7 * by)
    months = moment.year * 12 + moment.month - 1 + by
    year, month = months // 12, months % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def on_period(template: ProductTemplate, zone: ZoneInfo, now: datetime) -> Times:
    """The next release for which contributions can still be asked; its period ends when they are due."""
    lead = timedelta(hours=template.contributions_hours)
    release = now.astimezone(zone).replace(hour=template.release_hour, minute=0, second=0, microsecond=0)
    while release - lead <= now:
        release += timedelta(days=1)
    return Times(release, release - lead, moved(template.kind, release - lead, -1), release - lead)


def after(
    template: ProductTemplate, zone: ZoneInfo, now: datetime, *, period_to: datetime, needed_by: datetime
) -> Times:
    """What follows a product: its period begins where that one's ended, and nothing is left out between.

    Where the next release is too near or over, the period reaches to the first that is not.
    """
    lead = timedelta(hours=template.contributions_hours)
    start, release = period_to.astimezone(zone), moved(template.kind, needed_by.astimezone(zone), 1)
    if release - lead > now:
        return Times(release, release - lead, start, moved(template.kind, start, 1))
    found = on_period(template, zone, now)
    return Times(found.needed_by, found.contributions_due, start, found.period_to)


def on_incident(template: ProductTemplate, incident_at: datetime) -> Times:
    """Counted from the incident."""
    release = incident_at + timedelta(hours=template.incident_hours)
    return Times(release, release - timedelta(hours=template.contributions_hours))
