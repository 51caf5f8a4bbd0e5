"""How often mail goes to somebody, when none does, and for which day a digest is due.

Loading is for many people at once; what follows it is arithmetic on one person's `Settings`, in their own time zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.accounts.services import known_zone
from apps.mission.models import Holding
from apps.mission.vocabulary import Role
from apps.notifications.models import DefaultFrequency
from apps.notifications.vocabulary import Frequency, Kind

#: What people choose for. What needs them comes at once, and is nobody's to switch off.
CHOSEN: tuple[Kind, ...] = (Kind.MENTIONS, Kind.ANNOUNCEMENTS, Kind.PART, Kind.FOLLOW)

_EVERYBODY: Mapping[Kind, Frequency] = MappingProxyType(
    {
        Kind.NEEDS_ME: Frequency.AT_ONCE,
        Kind.MENTIONS: Frequency.AT_ONCE,
        Kind.ANNOUNCEMENTS: Frequency.AT_ONCE,
        Kind.PART: Frequency.DAILY,
        Kind.FOLLOW: Frequency.DAILY,
    }
)
_OF_ROLE: Mapping[tuple[str, Kind], Frequency] = MappingProxyType(
    {
        (Role.REQUESTER, Kind.PART): Frequency.AT_ONCE,
        (Role.CMCOORD, Kind.PART): Frequency.AT_ONCE,
        (Role.UNIT, Kind.PART): Frequency.AT_ONCE,
        (Role.DECIDER, Kind.PART): Frequency.WEEKLY,
        (Role.DECIDER, Kind.FOLLOW): Frequency.WEEKLY,
        (Role.AUDITOR, Kind.FOLLOW): Frequency.WEEKLY,
        (Role.ADMIN, Kind.FOLLOW): Frequency.WEEKLY,
    }
)
_OFTEN = {frequency: place for place, frequency in enumerate(Frequency)}

Chosen = Mapping[Kind, Frequency]


@dataclass(frozen=True)
class Settings:
    """One person's settings in one mission. `quiet_from` and `quiet_until` are both there, or neither is."""

    person_id: int
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    frequencies: Chosen = field(default_factory=lambda: _EVERYBODY)
    digest_hour: int = 7
    digest_weekday: int = 0
    quiet_from: time | None = None
    quiet_until: time | None = None
    away_from: datetime | None = None
    away_until: datetime | None = None

    def frequency(self, kind: Kind) -> Frequency:
        """How often mail of that kind goes out."""
        return self.frequencies.get(kind, _EVERYBODY[kind])


# ---------------------------------------------------------------- loading, for many at once
def settings_of(person_ids: Iterable[int], mission_id: int) -> dict[int, Settings]:
    """The settings of these people in a mission, by person; three queries however many they are."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    defaults = defaults_for(wanted, mission_id)
    columns = [
        *(kind.value for kind in CHOSEN),
        "digest_hour", "digest_weekday", "quiet_from", "quiet_until", "away_from", "away_until",
    ]  # fmt: skip
    rows = User.objects.filter(pk__in=wanted).values_list(
        "pk", "time_zone", *(f"notification_preference__{column}" for column in columns)
    )
    found = {}
    for person, zone, *values in rows:
        said = {name: value for name, value in zip(columns, values, strict=True) if value is not None}
        own = {kind: Frequency(chosen) for kind in CHOSEN if (chosen := said.pop(kind.value, ""))}
        found[person] = Settings(person, known_zone(zone), {**defaults[person], **own}, **said)
    return found


def frequency_for(person_ids: Iterable[int], mission_id: int) -> dict[int, Chosen]:
    """How often each of them is mailed of what: their own choice, else what is usual for the positions they hold."""
    return {person: settings.frequencies for person, settings in settings_of(person_ids, mission_id).items()}


def defaults_for(person_ids: Collection[int], mission_id: int) -> dict[int, Chosen]:
    """What is usual for the positions that these people hold in the mission, by person; two queries.

    For each kind the mission's own rows for the roles held count, the most frequent of them; else its row for
    everybody; else what the portal is shipped with. That is: mentions and announcements at once, the rest in a daily
    digest; what they take part in at once for requesting focal points, CMCoord officers and executing units, weekly
    for decision authorities; what they follow weekly for decision authorities, auditors and administrators. Of several
    roles the most frequent counts. What needs somebody always comes at once.
    """
    roles: dict[int, set[str]] = defaultdict(set)
    held = Holding.objects.current().filter(
        person_id__in=person_ids, position__mission_id=mission_id, position__is_active=True
    )
    for person, role in held.order_by().values_list("person_id", "position__roles__role").distinct():
        if role:
            roles[person].add(role)
    own: dict[tuple[str, str], Frequency] = {
        (role, kind): Frequency(frequency)
        for role, kind, frequency in DefaultFrequency.objects.filter(mission_id=mission_id)
        .order_by()
        .values_list("role", "kind", "frequency")
    }
    # WHY: ten thousand people hold a few dozen sets of roles.
    known: dict[frozenset[str], Chosen] = {}
    found = {}
    for person in person_ids:
        held_roles = frozenset(roles.get(person, ()))
        if held_roles not in known:
            known[held_roles] = {Kind.NEEDS_ME: Frequency.AT_ONCE} | {
                kind: _usual(held_roles, kind, own) for kind in CHOSEN
            }
        found[person] = known[held_roles]
    return found


def _usual(roles: frozenset[str], kind: Kind, own: Mapping[tuple[str, str], Frequency]) -> Frequency:
    of_roles = [own[role, kind] for role in roles if (role, kind) in own]
    if not of_roles and ("", kind) in own:
        return own["", kind]
    if not of_roles:
        of_roles = [_OF_ROLE.get((role, kind), _EVERYBODY[kind]) for role in roles] or [_EVERYBODY[kind]]
    return min(of_roles, key=_OFTEN.__getitem__)


# ---------------------------------------------------------------- arithmetic, for one person
def is_quiet(settings: Settings, now: datetime) -> bool:
    """Whether `now` lies in the person's quiet hours, by the clock on their wall; the end is not quiet any more."""
    begins, ends = settings.quiet_from, settings.quiet_until
    if begins is None or ends is None or begins == ends:
        return False
    at = now.astimezone(settings.zone).time().replace(tzinfo=None)
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def mail_moment(settings: Settings, *, urgent: bool, now: datetime) -> datetime:
    """When mail that is due now may go: at once, or when the quiet hours end. What is urgent does not wait."""
    if urgent or not is_quiet(settings, now):
        return now
    assert settings.quiet_until is not None
    today = now.astimezone(settings.zone).date()
    ends = (
        # WHY: when clocks go back, an hour comes twice; whoever is in its second half waits for the second end.
        datetime.combine(day, settings.quiet_until, settings.zone).replace(fold=fold).astimezone(UTC)
        for day in (today, today + timedelta(days=1))
        for fold in (0, 1)
    )
    return next(end for end in ends if end > now)


def digest_due(
    settings: Settings, frequency: str, now: datetime, last_day: date | None, *, since: datetime | None = None
) -> date | None:
    """The person's own day for whose digest it is time now; None when it is not.

    `last_day` is the day of their last digest of that frequency, `since` the moment from which something waits for
    this one. One day has one digest: what comes after its hour waits for the next. A digest that was missed is made
    up for as soon as it can be; without `since`, at the next hour of digests. Quiet hours are kept.
    """
    if is_quiet(settings, now):
        return None
    moment = _last_digest_moment(settings, frequency, now)
    day = moment.date()
    if last_day is not None and last_day >= day:
        return None
    if since is None:
        return day if day == now.astimezone(settings.zone).date() else None
    return day if since.astimezone(UTC) <= moment.astimezone(UTC) else None


def _last_digest_moment(settings: Settings, frequency: str, now: datetime) -> datetime:
    """The last moment, not later than now, at which such a digest was to go out; by the person's clock."""
    today = now.astimezone(settings.zone).date()
    back = (today.weekday() - settings.digest_weekday) % 7 if frequency == Frequency.WEEKLY else 0
    step = 7 if frequency == Frequency.WEEKLY else 1
    day = today - timedelta(days=back)
    at = datetime.combine(day, time(settings.digest_hour), settings.zone)
    if at.astimezone(UTC) > now.astimezone(UTC):
        at = datetime.combine(day - timedelta(days=step), time(settings.digest_hour), settings.zone)
    return at
