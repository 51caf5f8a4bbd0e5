"""Writes of one's own: what was read, what is followed or muted, what one prefers; and what operators may do.

What people are told is written by the database's own functions alone (`herald`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.mission.vocabulary import Role
from apps.need_to_know.acting import missions_of
from apps.notifications.inbox import own
from apps.notifications.models import BouncedAddress, Notification, Preference, Subscription
from apps.notifications.preferences import CHOSEN, frequency_for
from apps.notifications.vocabulary import Frequency, Reason
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted

FOLLOWED_MOST = 200


# ---------------------------------------------------------------- the inbox
def notification_read(actor: Actor, *, notification: Notification, whole_record: bool = False) -> int:
    """Mark one's own notification as read, with all others of its record if so asked; how many were unread."""
    rows = own(actor).filter(pk=notification.pk)
    if whole_record and notification.record_id is not None:
        rows = own(actor).filter(record_id=notification.record_id)
    return rows.filter(read_at=None).update(read_at=clock.now())


def notifications_read(actor: Actor, *, rows: QuerySet[Notification], until: datetime | None = None) -> int:
    """Mark these of one's own as read, up to what had happened `until` then; how many were unread.

    An emergency stays until it is opened, or marked by itself.
    """
    if until is not None:
        rows = rows.filter(at__lte=until)
    rows = rows.filter(person_id=actor.user_id, read_at=None).exclude(reason=Reason.EMERGENCY)
    return rows.update(read_at=clock.now())


# ---------------------------------------------------------------- following and muting
def subscription_set(actor: Actor, *, to: dict[str, Any], muted: bool) -> Subscription:
    """Follow or mute a record, a type, an area or what a group files: `to` names one, by its field.

    ValidationError when that would be more than FOLLOWED_MOST.
    """
    mine = Subscription.objects.filter(person_id=actor.user_id, mission_id=actor.mission.pk)
    found = mine.filter(**to).first()
    if found is None:
        if mine.count() >= FOLLOWED_MOST:
            message = _("You follow or mute %(most)d things already. Stop one first.")
            raise ValidationError(message % {"most": FOLLOWED_MOST})
        found, _made = Subscription.objects.get_or_create(
            person_id=actor.user_id, mission_id=actor.mission.pk, **to, defaults={"muted": muted}
        )
    if found.muted != muted:
        mine.filter(pk=found.pk).update(muted=muted)
        found.muted = muted
    return found


def subscription_end(actor: Actor, *, subscription: Subscription) -> None:
    """Neither follow nor mute it any more."""
    Subscription.objects.filter(person_id=actor.user_id, pk=subscription.pk).delete()


# ---------------------------------------------------------------- preferences
def preference_of(person: User) -> Preference:
    """What the person chose; unsaved while they have chosen nothing."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)


def preference_save(actor: Actor, *, changes: dict[str, Any]) -> Preference:
    """Change what one prefers, in all missions. ValidationError by field."""
    assert actor.user is not None
    preference = preference_of(actor.user)
    for name, value in changes.items():
        setattr(preference, name, value)
    preference.clean_fields(exclude=["person"])
    if problems := preference_problems(preference):
        raise ValidationError(problems)
    saved, _made = Preference.objects.update_or_create(person=actor.user, defaults=changes)
    return saved


def preference_problems(preference: Preference) -> dict[str, list[str]]:
    """What does not go together, by field."""
    found: dict[str, list[str]] = {}
    begins, ends = preference.quiet_from, preference.quiet_until
    if (begins is None) != (ends is None):
        found["quiet_from" if begins is None else "quiet_until"] = [_("Say both from when and until when.")]
    elif begins is not None and begins == ends:
        found["quiet_until"] = [_("Quiet hours end at another time than they begin.")]
    leaves, returns = preference.away_from, preference.away_until
    if leaves is not None and returns is None:
        found["away_until"] = [_("Say until when you are away.")]
    elif leaves is not None and returns is not None and returns <= leaves:
        found["away_until"] = [_("The end must lie after the beginning.")]
    return found


def digest_stop(person: User, *, frequency: str) -> list[str]:
    """Put all that goes into the person's digests of that frequency in the inbox alone; the kinds that were.

    What needs the person goes into no digest, so nothing of that is touched; nor is anything that comes at once.
    """
    stopped: set[str] = set()
    if frequency not in (Frequency.DAILY, Frequency.WEEKLY):
        return []
    for mission in missions_of(person):
        often = frequency_for([person.pk], mission.pk).get(person.pk, {})
        stopped |= {kind.value for kind in CHOSEN if often.get(kind) == frequency}
    preference = preference_of(person)
    stopped |= {kind.value for kind in CHOSEN if getattr(preference, kind.value) == frequency}
    if stopped:
        chosen = dict.fromkeys(stopped, Frequency.INBOX)
        Preference.objects.update_or_create(person=person, defaults=chosen)
    return sorted(stopped)


# ---------------------------------------------------------------- what operators do
def failed_replay(actor: Actor, *, uuid: UUID | None = None) -> int:
    """Try again what failed in the mission, one or all of it; how many. NotPermitted but for administrators."""
    operator_check(actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_replay(%s)", [uuid])
        (again,) = cursor.fetchone()
    return int(again)


def bounce_clear(actor: Actor, *, email: str) -> bool:
    """Write to an address again that mail came back from; whether there was such a one in the mission."""
    operator_check(actor)
    people = User.objects.filter(holdings__position__mission=actor.mission).values("pk")
    gone, _by_model = BouncedAddress.objects.filter(email=email, person_id__in=people).delete()
    return bool(gone)


def operator_check(actor: Actor) -> None:
    """Refuse whoever is no administrator of the mission."""
    if not actor.has_role(Role.ADMIN):
        raise NotPermitted
