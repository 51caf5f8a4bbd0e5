"""When a series meets: local days and hours turned into moments. No database, no records."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from apps.working_groups.vocabulary import Frequency, Weekday

if TYPE_CHECKING:
    from apps.working_groups.models import Series

_DAYS = {"MO": MO, "TU": TU, "WE": WE, "TH": TH, "FR": FR, "SA": SA, "SU": SU}
_WORKING = ("MO", "TU", "WE", "TH", "FR")


def rule_of(series: Series) -> rrule:
    """The rule in local time without a zone, beginning on the series' first day.

    Every working day: the days named, Monday to Friday where none is. Weekly and every two weeks: the days named, else
    that of the first day. Monthly: the same weekday of the month as the first day, the last where it is the fifth.
    """
    begins = datetime.combine(series.first_on, series.at)
    ends = datetime.combine(series.last_on, series.at) if series.last_on else None
    days = [_DAYS[code] for code in series.weekdays]
    if series.frequency == Frequency.MONTHLY:
        number = (begins.day - 1) // 7 + 1
        day = list(_DAYS.values())[begins.weekday()](number if number < 5 else -1)
        return rrule(MONTHLY, dtstart=begins, until=ends, byweekday=day)
    if series.frequency == Frequency.DAILY and not days:
        days = [_DAYS[code] for code in _WORKING]
    interval = 2 if series.frequency == Frequency.FORTNIGHTLY else 1
    return rrule(WEEKLY, dtstart=begins, until=ends, interval=interval, byweekday=days or None)


def slots(series: Series, after: datetime, most: int) -> list[datetime]:
    """The next moments after one, at most so many, in UTC; days that are excepted are left out.

    The hour is local: it stays the same when clocks change. An hour that a change of clocks leaves out is taken as
    the zone database reads it.
    """
    return list(itertools.islice(_moments(series, after), most))


def _moments(series: Series, after: datetime) -> Iterator[datetime]:
    zone, excepted = ZoneInfo(series.time_zone), set(series.except_on)
    for local in rule_of(series):
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        if moment > after and local.date() not in excepted:
            yield moment


def follows(series: Series, moment: datetime | None) -> bool:
    """Whether the rule has that moment, exceptions aside."""
    if moment is None:
        return False
    local = moment.astimezone(ZoneInfo(series.time_zone)).replace(tzinfo=None)
    return bool(rule_of(series).before(local, inc=True) == local)


def in_words(series: Series, today: date | None = None) -> str:
    """The rule as people say it: how often, on which days, at what hour, for how long, until when, not on which days.

    Of the days left out, those from `today` on.
    """
    days = ", ".join(str(Weekday(code).label) for code in series.weekdays)
    if series.frequency == Frequency.MONTHLY or not series.weekdays:
        days = str(Weekday(list(_DAYS)[series.first_on.weekday()]).label)
    if series.frequency == Frequency.DAILY and not series.weekdays:
        days = ""
    said = [str(Frequency(series.frequency).label), *([days] if days else [])]
    said += [
        f"{time_format(series.at, 'H:i')} ({series.time_zone})",
        _("%(minutes)s minutes") % {"minutes": series.lasts},
    ]
    if series.last_on:
        said.append(_("until %(day)s") % {"day": date_format(series.last_on, "Y-m-d")})
    left = [date_format(day, "Y-m-d") for day in sorted(series.except_on) if today is None or day >= today]
    if left:
        said.append(_("not on %(days)s") % {"days": ", ".join(left)})
    return ", ".join(said)
