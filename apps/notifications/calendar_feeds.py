"""The secret addresses of people's calendars: making, finding, revoking. What they are given is written elsewhere."""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.mission.models import Holding
from apps.notifications.models import CalendarFeed
from apps.records import clock
from apps.records.actors import Actor

#: What one person has at most.
FEEDS_MOST = 10
#: Calls of one network address in a minute. WHY: a whole base shares one, so this keeps off floods and no more.
_OF_ADDRESS = 600
_WINDOW_SECONDS = 60
# WHY: `last_used` answers "is that device still in use"; more often would be a write for each look.
_USED_STEP = timedelta(minutes=10)


def digest_of(token: str) -> str:
    """What is kept of a token. 256 bits by chance need no salt and no slow hash, as with tokens of the API."""
    return hashlib.sha512(token.encode()).hexdigest()


def feed_path(token: str) -> str:
    """The address below which a calendar is read."""
    return reverse("calendar-feed", args=[token])


def feed_addresses(token: str) -> tuple[str, str]:
    """Its whole address, and the same for programs that subscribe when it is opened."""
    plain = f"{settings.PORTAL_ADDRESS}{feed_path(token)}"
    return plain, urlsplit(plain)._replace(scheme="webcal").geturl()


def feeds_of(actor: Actor) -> QuerySet[CalendarFeed]:
    """The actor's own calendars that are not revoked, of all missions."""
    return CalendarFeed.objects.filter(person_id=actor.user_id, revoked_at=None).select_related("mission")


def feed_make(actor: Actor, *, name: str) -> tuple[CalendarFeed, str]:
    """Make an address for a calendar of the actor's in this mission; the token is returned here and kept nowhere.

    ValidationError by field.
    """
    assert actor.user_id is not None
    if feeds_of(actor).count() >= FEEDS_MOST:
        raise ValidationError(
            {"name": _("You have %(number)d calendars. Revoke one of them first.") % {"number": FEEDS_MOST}}
        )
    token = secrets.token_urlsafe(32)
    made = CalendarFeed(
        person_id=actor.user_id, mission=actor.mission, digest=digest_of(token), name=name.strip()
    )
    made.clean_fields(exclude=["person", "mission", "created"])
    made.save()
    return made, token


def feed_revoke(actor: Actor, *, uuid: UUID) -> bool:
    """Close one of the actor's own addresses for good; whether there was such a one."""
    return bool(feeds_of(actor).filter(uuid=uuid).update(revoked_at=clock.now()))


def feed_found(digest: str) -> CalendarFeed | None:
    """The calendar that is read by this token, if its person still may.

    SECURITY: one statement, whatever the reason why there is none, so that no clock tells one from another. What is
    looked up is the digest of what was sent, so the time that a comparison takes tells nothing of a token.
    """
    held = Holding.objects.current().filter(
        person=OuterRef("person"), position__mission=OuterRef("mission"), position__is_active=True
    )
    rows = CalendarFeed.objects.filter(Exists(held), digest=digest, revoked_at=None)
    return rows.select_related("person", "mission").first()


def feed_used(feed: CalendarFeed) -> None:
    """Note that it was read."""
    now = clock.now()
    stale = Q(last_used=None) | Q(last_used__lt=now - _USED_STEP)
    CalendarFeed.objects.filter(stale, pk=feed.pk).update(last_used=now)


def may_call(digest: str, address: str) -> bool:
    """Count a call; False when it is one too many in this minute, for the token or for where it comes from.

    Tokens that open nothing are counted as those that do.
    """
    minute = int(time.time()) // _WINDOW_SECONDS
    most = {digest[:40]: settings.CALENDAR_READS_PER_MINUTE, address: _OF_ADDRESS}
    counted = []
    for who, number in most.items():
        key = f"calendar-calls:{who}:{minute}"
        cache.add(key, 0, timeout=2 * _WINDOW_SECONDS)
        counted.append(int(cache.incr(key)) <= number)
    return all(counted)
