"""Passing positions on: handovers at one moment, substitutes for a time, who holds what now and next.

Roles, clearance, grants and open work belong to the position, so they pass with it. No page and no record lives here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.mission.models import Handover, Holding, Position
from apps.mission.vocabulary import Capacity

NEW_FOR = timedelta(days=14)  # how long a successor is told of what they took over


@dataclass
class Tenures:
    """Who holds a position now, who comes next, who held it; each in the order of their beginnings."""

    now: list[Holding] = field(default_factory=list)
    later: list[Holding] = field(default_factory=list)
    before: list[Holding] = field(default_factory=list)


def tenures(position: Position, now: datetime | None = None) -> Tenures:
    """Everybody in a position, then, now and later; one query."""
    moment, found = now or timezone.now(), Tenures()
    for holding in position.holdings.select_related("person").order_by("starts", "id"):
        if holding.starts > moment:
            found.later.append(holding)
        elif holding.until is not None and holding.until <= moment:
            found.before.append(holding)
        else:
            found.now.append(holding)
    return found


def _running(at: datetime) -> Q:
    return Q(until__isnull=True) | Q(until__gt=at)


def held_as_holder(person: User, position: Position) -> Holding | None:
    """The person's own holding of the position at present; acting holders and substitutes have none."""
    held = Holding.objects.current().filter(person=person, position=position, capacity=Capacity.HOLDER)
    return held.order_by("starts").last()


def colleagues(position: Position) -> QuerySet[User]:
    """People with an account who hold, or will hold, a position of the same organisation in the same mission."""
    held = Holding.objects.filter(
        _running(timezone.now()), position__organisation=position.organisation_id, position__is_active=True
    )
    return User.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("name")


def planned_handovers(position: Position, now: datetime | None = None) -> QuerySet[Handover]:
    """Handovers of the position that lie ahead, the next first."""
    planned = Handover.objects.filter(
        position=position, cancelled_at__isnull=True, at__gt=now or timezone.now()
    )
    return planned.select_related("leaver", "successor", "position").order_by("at")


def taken_over_lately(person: User, position_ids: tuple[int, ...], now: datetime) -> list[Handover]:
    """Handovers of the last fourteen days to that person, of positions that they are still in."""
    found = Handover.objects.filter(
        successor=person,
        position_id__in=position_ids,
        cancelled_at__isnull=True,
        at__lte=now,
        at__gt=now - NEW_FOR,
    )
    return list(found.select_related("leaver", "position").order_by("-at"))


@transaction.atomic
def position_hand_over(
    *,
    position: Position,
    leaver: User,
    successor: User,
    made_by: User,
    at: datetime | None = None,
    note: str = "",
    now: datetime | None = None,
) -> Handover:
    """End the leaver's holding and begin the successor's at the same moment; empty `at` is the present.

    What was given to the leaver in person since they took the position ends with it (the database sees to that);
    what was given to the position stays. Raises ValidationError by field.
    """
    now = now or timezone.now()
    moment = at or now
    # WHY: two people who hand the same position over at once must not both do so.
    Position.objects.select_for_update(no_key=True).get(pk=position.pk)
    held = (
        Holding.objects.filter(position=position, person=leaver, capacity=Capacity.HOLDER, starts__lt=moment)
        .filter(Q(until__isnull=True) | Q(until__gte=moment))
        .order_by("starts")
        .last()
    )
    errors: dict[str, list[str]] = {}
    if moment < now:
        errors["at"] = [_("A handover cannot lie in the past. Leave it empty for a handover at once.")]
    if held is None:
        errors["leaver"] = [_("%(name)s does not hold this position at that moment.") % {"name": leaver.name}]
    elif planned_handovers(position, now).filter(leaver=leaver).exists():
        errors["leaver"] = [
            _("A handover by %(name)s is planned already. Cancel that first.") % {"name": leaver.name}
        ]
    wrong = _wrong_successor(position, leaver, successor, made_by, moment)
    if wrong:
        errors["successor"] = [wrong]
    if errors or held is None:
        raise ValidationError(errors)
    ended = held.until
    # Whatever else keeps the leaver in this position ends too; the holding that is handed over is among these.
    Holding.objects.filter(_running(moment), position=position, person=leaver, starts__lt=moment).update(
        until=moment
    )
    Holding.objects.create(position=position, person=successor, capacity=Capacity.HOLDER, starts=moment)
    return Handover.objects.create(
        position=position, leaver=leaver, successor=successor, at=moment, note=note.strip(), made_by=made_by,
        leaver_until=ended,
    )  # fmt: skip


def _wrong_successor(
    position: Position, leaver: User, successor: User, made_by: User, moment: datetime
) -> str:
    """Why this person cannot take the position over; empty when they can."""
    if successor.pk == leaver.pk:
        return _("Somebody else must take it over.")
    if successor.pk == made_by.pk:
        # SECURITY: an administrator reads no records; giving oneself a position would be the way around.
        return _("Another administrator must put you in a position.")
    if not successor.is_active:
        return _("This account is closed. Invite somebody first.")
    mine = Holding.objects.filter(
        _running(moment), position=position, person=successor, capacity=Capacity.HOLDER
    )
    if mine.exists():
        return _("%(name)s holds this position at that time already.") % {"name": successor.name}
    return ""


@transaction.atomic
def handover_cancel(handover: Handover, *, now: datetime | None = None) -> None:
    """Take a planned handover back: the leaver stays for as long as before, the successor does not begin.

    What was given to the leaver in person keeps the end that the handover set. Raises ValidationError for a handover
    that has taken place or was cancelled.
    """
    now = now or timezone.now()
    Position.objects.select_for_update(no_key=True).get(pk=handover.position_id)
    handover.refresh_from_db()
    if handover.cancelled_at is not None:
        raise ValidationError(_("This handover was cancelled already."))
    if handover.at <= now:
        raise ValidationError(_("This handover has taken place. Hand the position over again instead."))
    of_position = Holding.objects.filter(position=handover.position_id, capacity=Capacity.HOLDER)
    of_position.filter(person=handover.successor_id, starts=handover.at).delete()
    of_position.filter(person=handover.leaver_id, until=handover.at).update(until=handover.leaver_until)
    handover.cancelled_at = now
    handover.save(update_fields=["cancelled_at"])


def overlapping(position: Position, person: User, starts: datetime, until: datetime) -> bool:
    """Whether the person is in the position already at some time between these moments, in any capacity."""
    found = Holding.objects.filter(_running(starts), position=position, person=person, starts__lt=until)
    return found.exists()


@transaction.atomic
def substitute_name(
    *,
    position: Position,
    holder: User,
    person: User,
    until: datetime,
    starts: datetime | None = None,
    now: datetime | None = None,
) -> Holding:
    """Let a colleague stand in for the holder between two moments; an empty beginning is the present.

    Raises ValidationError by field: only the holder names one, for no longer than they hold the position themselves.
    """
    now = now or timezone.now()
    begins = starts or now
    Position.objects.select_for_update(no_key=True).get(pk=position.pk)
    held, errors = held_as_holder(holder, position), {}
    if held is None:
        raise ValidationError(_("Only the holder of a position names a substitute."))
    if begins < now:
        errors["starts"] = [_("This lies in the past. Leave it empty to begin at once.")]
    if until <= begins:
        errors["until"] = [_("The end must lie after the beginning.")]
    elif held.until is not None and until > held.until:
        errors["until"] = [_("You do not hold the position as long as this.")]
    if person.pk == holder.pk:
        errors["person"] = [_("Name somebody else.")]
    elif not colleagues(position).filter(pk=person.pk).exists():
        errors["person"] = [_("Name somebody of the same organisation.")]
    elif "until" not in errors and overlapping(position, person, begins, until):
        errors["person"] = [_("%(name)s is in this position at that time already.") % {"name": person.name}]
    if errors:
        raise ValidationError(errors)
    return Holding.objects.create(
        position=position, person=person, capacity=Capacity.SUBSTITUTE, starts=begins, until=until
    )


def substitute_end(holding: Holding, *, now: datetime | None = None) -> None:
    """End a substitute's time now; one that has not begun is taken back. ValidationError for any other holding."""
    now = now or timezone.now()
    if holding.capacity != Capacity.SUBSTITUTE:
        raise ValidationError(_("This is no substitute."))
    if holding.starts >= now:
        holding.delete()
        return
    Holding.objects.filter(_running(now), pk=holding.pk, starts__lt=now).update(until=now)


def substitutes_of(position: Position, now: datetime | None = None) -> QuerySet[Holding]:
    """Substitutes of a position, at present and later, the first to begin first."""
    found = Holding.objects.filter(
        _running(now or timezone.now()), position=position, capacity=Capacity.SUBSTITUTE
    )
    return found.select_related("person").order_by("starts", F("until").asc(nulls_last=True))
